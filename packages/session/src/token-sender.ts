import * as client from 'openid-client';
import type { Dpop } from './dpop.ts';
import { AuthError } from './errors.ts';
import { toNetworkError } from './server-fetch.ts';
import type { BoundToken } from './token-set.ts';

/** A request that can be sent as often as its body can be read. */
export interface Sendable {
  readonly method: string;
  readonly url: string;
  /** The app's own. */
  readonly signal: AbortSignal;
  /** False for a body that comes in pieces, as the app has them. */
  readonly isWhole: boolean;
  /** Undefined once the body is spent. */
  copy(): Request | undefined;
}

/** An API's answer. */
export interface Answer {
  readonly response: Response;
  /** True when the API refuses the nonce of the proof, and not the token (RFC 9449 §9). */
  readonly isAboutNonce: boolean;
}

/** Sends a request with this token, to an address that was checked before. */
export type TokenSender = (request: Sendable, token: BoundToken) => Promise<Answer>;

/**
 * Creates {@link TokenSender}. A bearer token is sent as it is (RFC 6750 §2.1); a bound one with a proof, and once
 * more where the API wants another nonce in it.
 */
export function createTokenSender(base: typeof fetch, dpop: Dpop): TokenSender {
  return async (request, token) => {
    const send = createSending(base, request);
    if (token.tokenType === 'DPoP') return sendWithProof(request, token, dpop, send);
    const response = await send({ authorization: `Bearer ${token.accessToken}` });
    return { response, isAboutNonce: false };
  };
}

type Sending = (credentials: Readonly<Record<string, string>>) => Promise<Response>;

/** Each call sends the request once more, or gives the last answer again where its body is spent. */
function createSending(base: typeof fetch, request: Sendable): Sending {
  let last = Response.error();
  return async (credentials) => {
    const copy = request.copy();
    if (copy === undefined) return last;
    await last.body?.cancel();
    const headers = new Headers(copy.headers);
    for (const [name, value] of Object.entries(credentials)) headers.set(name, value);
    // A body whose size is known goes out with it: not every API takes one in pieces.
    const whole = request.isWhole && copy.body ? { body: await copy.arrayBuffer() } : undefined;
    // A cache goes by the address: it would give the next person what this one was answered.
    const cache = copy.cache === 'default' ? 'no-store' : copy.cache;
    try {
      last = await base(new Request(copy, { headers, redirect: 'error', cache, ...whole }), whole);
      return last;
    } catch (error) {
      throw request.signal.aborted ? request.signal.reason : toApiError(error, request.url);
    }
  };
}

async function sendWithProof(
  { url, method }: Sendable,
  { accessToken, dpopKey }: BoundToken,
  dpop: Dpop,
  send: Sending,
): Promise<Answer> {
  if (!dpopKey) throw new AuthError('AUTH_SESSION_EXPIRED', 'The key that the session is bound to is lost.');
  const proof = await dpop.optionsFor(dpopKey);
  const api = createApi(send);
  try {
    const address = new URL(url);
    const response = await client.fetchProtectedResource(
      ...([api, accessToken, address, method, null, new Headers(), proof] as const),
    );
    return { response, isAboutNonce: false };
  } catch (error) {
    if (error instanceof client.WWWAuthenticateChallengeError)
      return { response: error.response, isAboutNonce: error.cause.some(isNonceChallenge) };
    // What was thrown by the fetch comes back wrapped.
    throw (error as { cause?: unknown }).cause ?? error;
  }
}

/** The library makes the proof and keeps the nonces; the request itself is sent as the app made it. */
function createApi(send: Sending): client.Configuration {
  const api = new client.Configuration({ issuer: 'https://none.invalid' }, 'none');
  api.timeout = 0; // The app's own signal decides.
  client.allowInsecureRequests(api); // On loopback; every other address was refused before.
  api[client.customFetch] = (_url, { headers: { authorization = '', dpop = '' } }) =>
    send({ authorization, dpop });
  return api;
}

function isNonceChallenge({ scheme, parameters }: client.WWWAuthenticateChallenge): boolean {
  return scheme === 'dpop' && parameters.error === 'use_dpop_nonce';
}

function toApiError(error: unknown, address: string): unknown {
  const fault = toNetworkError(error, new URL(address));
  return fault instanceof AuthError && fault.code === 'AUTH_NETWORK'
    ? new AuthError('AUTH_API_UNREACHABLE', fault.message, { network: fault.network })
    : fault;
}
