import type { AccessTokenOptions } from './access-token.ts';
import { isSafeAddress, parseAddress } from './address.ts';
import { AuthError } from './errors.ts';
import { toNetworkError } from './server-fetch.ts';

/** Where the access token for API calls comes from. */
export interface AccessTokens {
  /** A token that is good by the clock. */
  current(options?: AccessTokenOptions): Promise<string>;
  /** Another token than this one, which an API has refused; the same one when another would not help. */
  insteadOf(refused: string, options?: AccessTokenOptions): Promise<string>;
}

/** `fetch`, and which access token it carries. */
export type AuthorizedFetch = (
  input: RequestInfo | URL,
  init?: RequestInit & { readonly token?: AccessTokenOptions },
) => Promise<Response>;

/**
 * A fetch that carries the access token (RFC 6750 §2.1). A 401 means one renewal and one repetition, where the body
 * can be sent again; a second 401 is the caller's. The token goes to the given addresses only and never across a
 * redirect.
 */
export function createAuthorizedFetch(
  base: typeof fetch,
  tokens: AccessTokens,
  apiAddresses: readonly string[],
): AuthorizedFetch {
  async function send(request: Request, accessToken: string): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${accessToken}`);
    try {
      return await base(new Request(request, { headers, redirect: 'error' }));
    } catch (error) {
      throw toApiError(error, request.url);
    }
  }

  return async (input, init) => {
    const request = new Request(input, init);
    requireApiAddress(request.url, apiAddresses);
    // A stream can be read once: such a request is sent as it is and not repeated.
    const repeatable = isRepeatable(input, init) ? request.clone() : undefined;
    const accessToken = await tokens.current(init?.token);
    const response = await send(request, accessToken);
    if (response.status !== 401 || repeatable === undefined) return response;
    const another = await tokens.insteadOf(accessToken, init?.token);
    if (another === accessToken) return response;
    await response.body?.cancel();
    return send(repeatable, another);
  };
}

/**
 * Refuses every address that is not under one of those listed: same origin, and the listed path or below it.
 * @throws AuthError `AUTH_API_ADDRESS_REFUSED`
 */
export function requireApiAddress(address: string, listed: readonly string[]): void {
  const url = parseAddress(address);
  if (url && isSafeAddress(url) && listed.some((base) => isUnder(url, new URL(base)))) return;
  throw new AuthError(
    'AUTH_API_ADDRESS_REFUSED',
    `The access token is not sent to ${url?.origin ?? 'this address'}: it is not one of the API addresses.`,
  );
}

function isUnder(url: URL, base: URL): boolean {
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return url.origin === base.origin && `${url.pathname}/`.startsWith(folder);
}

function isRepeatable(input: RequestInfo | URL, init: RequestInit | undefined): boolean {
  const body = init?.body ?? (input instanceof Request ? input.body : undefined);
  return !(body instanceof ReadableStream);
}

function toApiError(error: unknown, address: string): unknown {
  const fault = toNetworkError(error, new URL(address));
  return fault instanceof AuthError && fault.code === 'AUTH_NETWORK'
    ? new AuthError('AUTH_API_UNREACHABLE', fault.message)
    : fault;
}
