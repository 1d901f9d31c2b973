import type { IncomingMessage } from 'node:http';
import type { Peer } from './client-certificate.ts';
import { ApiError } from './errors.ts';
import { type ReadHeader, readTokenCookie, type TokenCookieSettings } from './token-cookie.ts';

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

/** The parts of a request that matter here, whatever the framework calls them. */
export interface TokenCarrier {
  readonly method: string;
  readonly url: string;
  /** The value of the Authorization header. */
  readonly authorization: string | undefined;
  /** The value of the DPoP header. */
  readonly dpop: string | undefined;
  /** Header names and values in turn as they arrived, where the framework has them: Node hides a second Authorization. */
  readonly rawHeaders?: readonly string[];
  readonly peer?: Peer | undefined;
  /** Reads a header by its lower-case name; asked only where a cookie may hold the token. */
  readonly header: ReadHeader;
}

/** What is read of a request of node:http; Express cuts its mount path from `url` and keeps the original. */
export type HttpMessage = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'> & {
  readonly originalUrl?: string;
  readonly socket?: Peer | object;
};

/** The same parts of a request of node:http. */
export function carrierOf(message: HttpMessage): TokenCarrier {
  const { method = '', url = '', headers, rawHeaders } = message;
  const dpop = headers.dpop === undefined ? undefined : String(headers.dpop);
  return {
    method,
    url: message.originalUrl ?? url,
    authorization: headers.authorization,
    dpop,
    rawHeaders,
    peer: message.socket,
    header: (name) => headers[name],
  };
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
  const { method, url, authorization, dpop, rawHeaders, peer } = carrier;
  if (hasQueryToken(url))
    throw new ApiError(
      'API_TOKEN_MISPLACED',
      'The query has a parameter named access_token; logs would keep it.',
    );
  if (rawHeaders && isRepeated('authorization', rawHeaders))
    throw new ApiError('API_TOKEN_MISPLACED', 'There is more than one Authorization header.');
  const kept = cookie && authorization === undefined ? readTokenCookie(carrier.header, cookie) : undefined;
  const [name, token] = kept === undefined ? splitOnce(authorization ?? '') : ['bearer', kept];
  const scheme = SCHEMES[name.toLowerCase()];
  if (token === '' || !scheme)
    throw new ApiError(
      'API_TOKEN_MISSING',
      authorization ? 'No access token was sent.' : 'No token was sent.',
    );
  return { token, scheme, method, url, proof: dpop, peer };
}

/**
 * The token of the plain case, a bearer token in the one Authorization header; undefined where a closer look is needed.
 * Nothing is allocated for it but the token.
 */
export function peekBearerToken({ headers, rawHeaders, url, originalUrl }: HttpMessage): string | undefined {
  const { authorization } = headers;
  if (!authorization?.startsWith('Bearer ')) return undefined;
  if (hasQueryToken(originalUrl ?? url ?? '') || isRepeated('authorization', rawHeaders)) return undefined;
  return authorization.slice('Bearer '.length);
}

const SCHEMES: Readonly<Record<string, TokenPresentation['scheme']>> = { bearer: 'Bearer', dpop: 'DPoP' };

/** The scheme ends at the first space; what follows is the token, and a second space in it makes it malformed. */
function splitOnce(value: string): [string, string] {
  const space = value.indexOf(' ');
  return space < 0 ? [value, ''] : [value.slice(0, space), value.slice(space + 1)];
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
