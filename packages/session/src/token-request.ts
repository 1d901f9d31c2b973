import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import type { Dpop } from './dpop.ts';
import { AuthError } from './errors.ts';
import { type RequestHooks, requireExtraHeaders, requireExtraParameters } from './extra-parameters.ts';
import type { Clock } from './ports.ts';
import { wasNotSent } from './server-fetch.ts';
import type { CheckedSettings } from './settings.ts';

/** Waits before a request that never left is made again. */
const AGAIN_AFTER_SECONDS = [0.5, 1.5];

/** What a token request is prepared with. */
export interface TokenRequestPorts {
  readonly settings: CheckedSettings;
  readonly hooks: RequestHooks;
  readonly clock: Clock;
  readonly dpop: Dpop;
}

/** A token request that can be made. */
export interface PreparedTokenRequest {
  /** What goes beyond the grant's own parameters: the APIs (RFC 8707 §2.2) and what the app adds. */
  readonly parameters: URLSearchParams;
  /** True once the server was asked: what fails before that is not its answer. */
  readonly wasMade: () => boolean;
}

/**
 * Prepares this server object for one grant: its token request carries the app's headers, and its answer is JSON.
 * @throws AuthError `AUTH_SETTINGS_INVALID` when the app's hook would replace what is the protocol's
 */
export async function prepareTokenRequest(
  server: AuthorizationServer,
  grant: 'authorization_code' | 'refresh_token' | 'device_code',
  { settings, hooks, clock }: TokenRequestPorts,
): Promise<PreparedTokenRequest> {
  const { parameters = {}, headers = {} } = (await hooks.tokenRequest?.(grant)) ?? {};
  requireExtraHeaders(headers, 'Hook "tokenRequest.headers');
  // Only a code that surely never left is sent again; a refresh has rules of its own.
  const delays = grant === 'authorization_code' ? AGAIN_AFTER_SECONDS : [];
  let isMade = false;
  bindTokenFetch(server, headers, (send) => {
    isMade = true;
    return untilSent(send, delays, clock);
  });
  const all = new URLSearchParams(requireExtraParameters(parameters, 'Hook "tokenRequest.parameters'));
  for (const resource of settings.resource) all.append('resource', resource);
  return { parameters: all, wasMade: () => isMade };
}

type Sending = (send: () => Promise<Response>) => Promise<Response>;

/** Keys and user info are fetched with the same function, and get none of this. */
function bindTokenFetch(
  server: AuthorizationServer,
  headers: Readonly<Record<string, string>>,
  sending: Sending,
): void {
  const tokenAddress = new URL(server.serverMetadata().token_endpoint ?? 'none:').href;
  const base = server[client.customFetch] ?? (fetch as client.CustomFetch);
  server[client.customFetch] = async (address, options) => {
    if (address !== tokenAddress) return base(address, options);
    const request = { ...options, headers: { ...headers, ...options.headers } };
    return requireJson(await sending(() => base(address, request)), new URL(address).origin);
  };
}

/** Tokens come as JSON and are called so (RFC 6749 §5.1): the library takes any text that happens to be JSON. */
function requireJson(response: Response, origin: string): Response {
  const type = response.headers.get('content-type') ?? 'nothing';
  if (response.status !== 200 || /^application\/([\w.-]+\+)?json\b/i.test(type)) return response;
  const what = `${origin} sent ${type.slice(0, 80)} in place of tokens`;
  throw new AuthError('AUTH_SERVER_RESPONSE_INVALID', `${what}.`);
}

/** A request that left may have spent the code, whatever became of its answer (RFC 6749 §4.1.2). */
async function untilSent(
  send: () => Promise<Response>,
  delays: readonly number[],
  clock: Clock,
): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    const [delay, ...rest] = delays;
    if (delay === undefined || !wasNotSent(error)) throw error;
    await new Promise<void>((resolve) => clock.after(delay, resolve));
    return untilSent(send, rest, clock);
  }
}
