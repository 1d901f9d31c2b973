import type { ExchangePorts } from './code-exchange.ts';
import { type DevicePrompt, requestDeviceCode } from './device-code.ts';
import { pollForTokens } from './device-polling.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import { keepOrGiveBack, type SignInPorts } from './sign-in.ts';
import type { User } from './user.ts';

/** What a sign-in on another device stands on. */
export interface DeviceSignInPorts
  extends ExchangePorts,
    Pick<SignInPorts, 'discover' | 'accepts' | 'keep' | 'revoke'> {
  /** Shows the person the code, where to type it, and what for. */
  readonly show: (prompt: DevicePrompt) => void;
}

/**
 * One sign-in on another device, for a machine without a browser: the device authorization grant (RFC 8628). Whoever
 * types the code is signed in here, which is why it is never chosen where a browser can be opened.
 * @throws AuthError the one that ends the attempt
 */
export async function signInByDevice(attempt: PendingSignIn, ports: DeviceSignInPorts): Promise<User> {
  const server = await ports.discover();
  const { deviceCode, intervalSeconds, ...prompt } = await requestDeviceCode(server, ports);
  attempt.signal.throwIfAborted();
  attempt.advance('waiting', prompt.verificationUri);
  ports.show(prompt);

  const code = { deviceCode, intervalSeconds, ...prompt };
  const result = await pollForTokens(server, code, ports, attempt.signal);
  attempt.advance('exchanging');
  return keepOrGiveBack(attempt, ports, server, result);
}
