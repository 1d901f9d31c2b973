import type { AccessTokenOptions } from './access-token.ts';
import { isSafeAddress, parseAddress } from './address.ts';
import { AuthError } from './errors.ts';
import { readRepeatableBody } from './repeatable-body.ts';
import type { Sendable, TokenSender } from './token-sender.ts';
import type { BoundToken } from './token-set.ts';
import { untilAborted } from './until-aborted.ts';

/** Where the access token for API calls comes from. */
export interface AccessTokens {
  /** A token that is good by the clock. */
  current(options?: AccessTokenOptions): Promise<BoundToken>;
  /** Another token than this one, which an API has refused; the same one when another would not help. */
  insteadOf(refused: BoundToken, options?: AccessTokenOptions): Promise<BoundToken>;
  /** Whose tokens these are at present; undefined while nobody is signed in. */
  owner(): string | undefined;
}

/**
 * `fetch`, and what a call with an access token may say beyond it. In words that Node's types have too: `RequestInfo` would
 * be anything there.
 */
export type AuthorizedFetch = (
  input: string | URL | Request,
  init?: RequestInit & {
    readonly token?: AccessTokenOptions;
    /** Reads a stream of up to 1 MiB before it is sent, so that the call can be repeated. @default false */
    readonly isBodyKept?: boolean;
  },
) => Promise<Response>;

/**
 * A fetch that carries the access token (RFC 6750 §2.1, RFC 9449 §7.1). A 401 means one renewal and one repetition,
 * where the body can be sent again; a second 401 is the caller's. The token goes to the given addresses only and never
 * across a redirect, and what one person began is never sent with the token of another who has signed in meanwhile.
 */
export function createAuthorizedFetch(
  tokens: AccessTokens,
  apiAddresses: readonly string[],
  send: TokenSender,
): AuthorizedFetch {
  return async (input, init) => {
    // Before anything is waited for: the call is of the person who is signed in now.
    const owner = tokens.owner();
    const sent = init?.isBodyKept ? await withKeptBody(init) : init;
    const repeatable = isRepeatable(input, sent);
    const request = createSendable(new Request(input, sent), repeatable);
    requireApiAddress(request.url, apiAddresses);
    // A renewal goes on for the others; this caller need not wait for it.
    const { signal } = request;
    const isReplaced = () => owner !== undefined && tokens.owner() !== undefined && tokens.owner() !== owner;
    const token = await untilAborted(tokens.current(init?.token), signal);
    if (isReplaced())
      throw new AuthError('AUTH_SIGN_IN_REQUIRED', 'Another person has signed in since this call was made.');
    const { response, isAboutNonce } = await send(request, token);
    // Another token is no help where the API wants another nonce.
    if (response.status !== 401 || isAboutNonce || !repeatable || isReplaced()) return response;
    const another = await untilAborted(tokens.insteadOf(token, init?.token), signal);
    if (another.accessToken === token.accessToken || isReplaced()) return response;
    await response.body?.cancel();
    return (await send(request, another)).response;
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

async function withKeptBody({ body, ...init }: RequestInit): Promise<RequestInit> {
  if (body instanceof ReadableStream) return { ...init, ...(await readRepeatableBody(body)) };
  return { ...init, ...(body != null && { body }) };
}

function isRepeatable(input: string | URL | Request, init: RequestInit | undefined): boolean {
  const body = init?.body ?? (input instanceof Request ? input.body : undefined);
  return !(body instanceof ReadableStream);
}

/** A stream can be read once: such a request is sent as it is and not repeated. */
function createSendable(request: Request, repeatable: boolean): Sendable {
  const { method, url, signal } = request;
  let left: Request | undefined = request;
  const copyOnce = () => {
    const one = left;
    left = undefined;
    return one;
  };
  return { method, url, signal, isWhole: repeatable, copy: repeatable ? () => request.clone() : copyOnce };
}
