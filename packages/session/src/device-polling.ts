import * as client from 'openid-client';
import { acceptTokens, type ExchangePorts, type SignedInUser } from './code-exchange.ts';
import type { DeviceCode } from './device-code.ts';
import type { AuthorizationServer } from './discovery.ts';
import { createDpopKey } from './dpop-key.ts';
import { AuthError } from './errors.ts';
import type { Clock } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import { prepareTokenRequest } from './token-request.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const SLOWER_BY_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 120;

/**
 * Asks for the tokens until the person has approved the code on the other device (RFC 8628 §3.4, §3.5). Each question
 * is the library's; the pauses between them are ours, because the library gives up at the first network fault.
 * @throws AuthError `AUTH_ACCESS_DENIED`, `AUTH_SIGN_IN_TIMED_OUT`, or the signal's reason
 */
export async function pollForTokens(
  server: AuthorizationServer,
  code: DeviceCode,
  ports: ExchangePorts,
  signal: AbortSignal,
): Promise<SignedInUser> {
  const { parameters } = await prepareTokenRequest(server, 'device_code', ports);
  parameters.set('device_code', code.deviceCode);
  const dpopKey = await createDpopKey(server, ports.settings);
  const proof = await ports.dpop.optionsFor(dpopKey);
  let pauseSeconds = code.intervalSeconds;
  for (;;) {
    await pause(pauseSeconds, ports.clock, signal);
    if (ports.clock.now() >= code.expiresAt) throw expired();
    const response = await client
      .genericGrantRequest(server, DEVICE_GRANT, parameters, proof)
      .catch((error: unknown) => {
        pauseSeconds = nextPause(pauseSeconds, toAuthError(error, 'code exchange', [code.deviceCode]));
        return undefined;
      });
    const asked = { scope: code.scope, ...(dpopKey && { dpopKey }) };
    if (response) return acceptTokens(server, response, asked, ports);
  }
}

/** The pause before the next question. @throws AuthError when there is none to ask */
function nextPause(seconds: number, error: AuthError): number {
  switch (error.server.error) {
    case 'authorization_pending':
      return seconds;
    case 'slow_down':
      return seconds + SLOWER_BY_SECONDS;
    case 'expired_token':
      throw expired();
    case 'access_denied':
      throw new AuthError('AUTH_ACCESS_DENIED', error.message, { server: error.server });
  }
  if (error.code !== 'AUTH_NETWORK' && error.code !== 'AUTH_SERVER_UNAVAILABLE') throw error;
  const wanted = error.server.retryAfterSeconds ?? 0;
  return Math.min(Math.max(seconds * 2, wanted), LONGEST_PAUSE_SECONDS);
}

function expired(): AuthError {
  return new AuthError('AUTH_SIGN_IN_TIMED_OUT', 'Nobody has approved the code in time.');
}

function pause(seconds: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(seconds, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
