/** Follows one request through every log; made here when the page sends none. */
export const CORRELATION_ID = 'x-correlation-id';

/** What a page may say to the API. Not `authorization`, `cookie`, `host`, `origin` or anything a proxy believes. */
const REQUEST_HEADERS = [
  ...['accept', 'accept-language', 'content-type', 'range', 'prefer', 'idempotency-key'],
  ...['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'],
  ...[CORRELATION_ID, 'traceparent', 'tracestate'],
];

/**
 * What the API may say to a page. Not cookies, not challenges, and neither `content-length` nor `content-encoding`:
 * the body arrives here already decoded.
 */
const RESPONSE_HEADERS = [
  ...['content-type', 'content-language', 'content-disposition', 'content-range', 'accept-ranges'],
  ...['etag', 'last-modified', 'retry-after', 'link', 'allow', 'server-timing'],
  ...[CORRELATION_ID, 'x-error-id', 'x-total-count'],
];

/** Whatever the API answers is data of one user: not kept, not guessed at, and not a page. */
export const DATA_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The headers of a page's request that are passed on, with those that the app allows besides. */
export function pickRequestHeaders(headers: Headers, more: readonly string[]): Headers {
  return pick(headers, [...REQUEST_HEADERS, ...more]);
}

/** The headers of the API's answer that a page gets to see. */
export function buildRelayedHeaders(headers: Headers): Headers {
  const relayed = pick(headers, RESPONSE_HEADERS);
  for (const [name, value] of Object.entries(DATA_HEADERS)) relayed.set(name, value);
  return relayed;
}

function pick(headers: Headers, names: readonly string[]): Headers {
  const picked = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}
