import type { Peer } from './client-certificate.ts';
import { ApiError } from './errors.ts';
import { type RequestHeaders, readTokenCookie, type TokenCookieSettings } from './token-cookie.ts';

/** How a token came: what a proof of possession is compared with. */
export interface TokenPresentation {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly method: string;
  /** Path and query, or the whole address. */
  readonly url: string;
  /** The value of the DPoP header (RFC 9449 §4.1). */
  readonly proof: string | undefined;
  /** The connection, for tokens that are bound to a certificate of the client. */
  readonly peer?: Peer | undefined;
}

/** A token as it came with a request. */
export interface PresentedToken extends TokenPresentation {
  readonly token: string;
}

/** The parts of a request that matter here, under the names of node:http. */
export interface TokenCarrier {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express cuts its mount path from `url` and keeps the original here. */
  readonly originalUrl?: string;
  readonly headers: RequestHeaders;
  /** Header names and values in turn as they arrived, where the framework has them: Node hides a second Authorization. */
  readonly rawHeaders?: readonly string[];
  readonly socket?: Peer | object;
}

/**
 * The access token of a request.
 * @throws ApiError `API_TOKEN_MISSING` without one or with another scheme; `API_TOKEN_MISPLACED` when a token is in the
 * query, or when there are two Authorization headers or cookies; `API_CSRF_HEADER_MISSING` beside a cookie
 * @param cookie where the token may be if there is no Authorization header
 * @see RFC 6750 §2.1 and §2.3, RFC 9449 §7.1
 */
export function parsePresentedToken(
  carrier: TokenCarrier,
  cookie: Required<TokenCookieSettings> | undefined,
): PresentedToken {
  const { method = '', url = '', originalUrl = url, headers, rawHeaders, socket } = carrier;
  if (hasQueryToken(originalUrl))
    throw new ApiError(
      'API_TOKEN_MISPLACED',
      'The query has a parameter named access_token; logs would keep it.',
    );
  if (rawHeaders && isRepeated('authorization', rawHeaders))
    throw new ApiError('API_TOKEN_MISPLACED', 'There is more than one Authorization header.');
  const { authorization, dpop } = headers;
  const kept = cookie && authorization === undefined ? readTokenCookie(headers, cookie) : undefined;
  const text = kept === undefined ? String(authorization ?? '') : `Bearer ${kept}`;
  const proof = dpop === undefined ? undefined : String(dpop);
  return { scheme: requireScheme(text), token: tokenOf(text), method, url: originalUrl, proof, peer: socket };
}

/** What follows the first space; a second space in it makes the token malformed. */
const tokenOf = (text: string) => text.slice(text.indexOf(' ') + 1);

/** In any case of letters (RFC 9110 §11.1). */
function requireScheme(text: string): PresentedToken['scheme'] {
  if (text.startsWith('Bearer ') && text.length > 'Bearer '.length) return 'Bearer';
  const [scheme] = /^(?:bearer|dpop)(?= .)/i.exec(text) ?? [];
  if (scheme) return scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
  throw new ApiError('API_TOKEN_MISSING', text ? 'No access token was sent.' : 'No token was sent.');
}

function hasQueryToken(url: string): boolean {
  const query = url.indexOf('?');
  return (
    query >= 0 && MAY_NAME_A_TOKEN.test(url) && new URLSearchParams(url.slice(query)).has('access_token')
  );
}

/** Spelt out, or with a character of it percent-encoded. */
const MAY_NAME_A_TOKEN = /access_token|%/;

/** Nearly always one name has this length, so that none has to be put into lower case. */
function isRepeated(name: string, rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.length === name.length) count += 1;
  if (count < 2) return false;
  return rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === name).length > 1;
}
