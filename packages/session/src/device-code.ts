import * as client from 'openid-client';
import { isSafeAddress, parseAddress } from './address.ts';
import { scopeFor } from './authorization-request.ts';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError } from './errors.ts';
import type { Clock } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import type { CheckedSettings } from './settings.ts';

/** What the person is shown, to be typed on another device (RFC 8628 §3.3). */
export interface DevicePrompt {
  readonly userCode: string;
  /** Where to type it: https, or http on this machine. */
  readonly verificationUri: string;
  /** The same with the code in it: for a QR code. Never opened unasked (§5.4). */
  readonly verificationUriComplete?: string;
  /** When the code is worth nothing any more, in seconds since the epoch. */
  readonly expiresAt: number;
  /** What the person gives away by typing it: to be said together with the name of the app. */
  readonly scope: string;
}

/** A device code that waits to be approved. */
export interface DeviceCode extends DevicePrompt {
  /** The secret half, for the token endpoint. */
  readonly deviceCode: string;
  readonly intervalSeconds: number;
}

const USUAL_INTERVAL_SECONDS = 5;
const LONGEST_INTERVAL_SECONDS = 60;

/**
 * Asks for a device code (RFC 8628 §3.1). The attempt's own time limit holds for it too, so that a code which somebody
 * was talked into typing is not good for long.
 * @throws AuthError `AUTH_GRANT_UNSUPPORTED` when the server has no such grant, `AUTH_SERVER_RESPONSE_INVALID`, …
 */
export async function requestDeviceCode(
  server: AuthorizationServer,
  { settings, clock }: { readonly settings: CheckedSettings; readonly clock: Clock },
): Promise<DeviceCode> {
  const scope = scopeFor(server, settings);
  const parameters = new URLSearchParams({ ...settings.parameters, scope });
  for (const resource of settings.resource) parameters.append('resource', resource);
  requireEndpoint(server);
  try {
    const response = await client.initiateDeviceAuthorization(tolerant(server), parameters);
    const lifetime = Math.min(response.expires_in, settings.signInTimeLimitSeconds);
    return {
      ...parsePrompt(response),
      deviceCode: response.device_code,
      expiresAt: clock.now() + lifetime,
      intervalSeconds: Math.min(response.interval ?? USUAL_INTERVAL_SECONDS, LONGEST_INTERVAL_SECONDS),
      scope,
    };
  } catch (error) {
    throw toAuthError(error, 'device code');
  }
}

function requireEndpoint(server: AuthorizationServer): void {
  const { issuer, device_authorization_endpoint: endpoint } = server.serverMetadata();
  if (endpoint !== undefined) return;
  throw new AuthError('AUTH_GRANT_UNSUPPORTED', `${issuer} offers no sign-in with a device code.`);
}

/** The library refuses an interval that is no positive number; a person should not have to suffer for it. */
function tolerant(server: AuthorizationServer): AuthorizationServer {
  const endpoint = new URL(server.serverMetadata().device_authorization_endpoint ?? 'none:').href;
  const base = server[client.customFetch] ?? (fetch as client.CustomFetch);
  server[client.customFetch] = async (address, options) => {
    const response = await base(address, options);
    return address === endpoint && response.ok ? withoutUselessInterval(response) : response;
  };
  return server;
}

async function withoutUselessInterval(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, headers } = response;
  try {
    const { interval, ...body } = JSON.parse(text);
    return Response.json(interval > 0 ? { ...body, interval } : body, { status });
  } catch {
    return new Response(text, { status, headers });
  }
}

/** Both addresses and the code are shown to a person, perhaps in a terminal: nothing that steers or deceives. */
function parsePrompt(response: client.DeviceAuthorizationResponse) {
  const { user_code: userCode, verification_uri: stated, verification_uri_complete: complete } = response;
  const verificationUri = readable(stated);
  if (verificationUri === undefined) throw unusable('verification_uri');
  if (!/^[\x21-\x7e][\x20-\x7e]{0,63}$/.test(userCode)) throw unusable('user_code');
  const whole = complete === undefined ? undefined : readable(complete);
  const isSameSite = whole !== undefined && new URL(whole).origin === new URL(verificationUri).origin;
  return { userCode, verificationUri, ...(isSameSite && { verificationUriComplete: whole }) };
}

/** The address as a URL parser writes it: everything unusual is percent-encoded. */
function readable(text: string): string | undefined {
  const url = text.length <= 2000 ? parseAddress(text) : undefined;
  return url && isSafeAddress(url) && !url.username && !url.password ? url.href : undefined;
}

function unusable(name: string): AuthError {
  return new AuthError(
    'AUTH_SERVER_RESPONSE_INVALID',
    `The sign-in server's answer (device code) cannot be used: its ${name} is not one that can be shown to a person.`,
  );
}
