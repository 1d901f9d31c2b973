import { AuthError } from './errors.ts';
import { kindOfNetworkFault } from './network-fault.ts';

/** More than any honest discovery document, key set or token response. */
const LARGEST_BODY_BYTES = 1024 * 1024;

/**
 * A fetch for talking to the authorization server: bodies capped at 1 MiB after decompression, redirects never
 * followed, nothing cached. The time limit is the caller's, and holds until the last byte.
 * @param observe sees each answer
 * @throws AuthError `AUTH_NETWORK` or `AUTH_SERVER_RESPONSE_INVALID`
 */
export function createServerFetch(
  base: typeof fetch,
  observe: (response: Response) => void = () => {},
): typeof fetch {
  return async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input);
    try {
      const response = await base(input, { ...init, redirect: 'manual', cache: 'no-store' });
      requireNoRedirect(response, address);
      const body = await readCapped(response, address);
      requireNoMark(body, address);
      observe(response);
      // A response with one of these statuses may not be built with a body, not even an empty one.
      const bare = response.status === 204 || response.status === 304;
      return new Response(bare ? null : body, { status: response.status, headers: response.headers });
    } catch (error) {
      throw toNetworkError(error, address);
    }
  };
}

/** Following one would send the code, the verifier or a refresh token to whoever is named (RFC 9700 §4.12). */
function requireNoRedirect({ status, type, headers }: Response, address: URL): void {
  const isRedirect = type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
  if (!isRedirect) return;
  const stated = status === 0 ? {} : { server: { status } };
  const how = status === 0 ? '' : ` (HTTP status ${status})`;
  throw new AuthError(
    'AUTH_SERVER_RESPONSE_INVALID',
    `${address.origin} sent us on to ${targetOf(headers, address)}${how}.`,
    stated,
  );
}

/** No more than the host: the rest may hold what was sent. */
function targetOf(headers: Headers, { href }: URL): string {
  const target = headers.get('location');
  if (target === null || !URL.canParse(target, href)) return 'another address';
  const { protocol, host } = new URL(target, href);
  return host === '' ? `a ${protocol} address` : `${protocol}//${host}`;
}

/** JSON carries no byte order mark (RFC 8259 §8.1), and parsers differ over one. */
function requireNoMark([a, b, c]: Uint8Array, { origin }: URL): void {
  if (a === 0xef && b === 0xbb && c === 0xbf)
    throw new AuthError('AUTH_SERVER_RESPONSE_INVALID', `${origin} sent a byte order mark before its JSON.`);
}

/** Connection faults: the request as a whole is still here. */
const NOT_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN'],
  ...['EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['ERR_PROXY_CONNECTION', 'ERR_PROXY_AUTHENTICATION', 'ERR_PROXY_TUNNEL'],
]);
/** The same in Chromium's words: it has no codes. */
const NOT_SENT_IN_WORDS =
  /^net::ERR_(INTERNET_DISCONNECTED|NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|DNS_|CONNECTION_REFUSED|ADDRESS_|PROXY_CONNECTION_FAILED|TUNNEL_CONNECTION_FAILED|CONNECTION_TIMED_OUT)/;
const unsent = new WeakSet<object>();

/** True when the request behind this error surely never left: only then may a code be sent once more. */
export function wasNotSent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && unsent.has(error);
}

/** Turns what a fetch throws into an {@link AuthError}; an abort keeps its own reason. */
export function toNetworkError(error: unknown, address: URL): unknown {
  if (error instanceof AuthError || isAbort(error)) return error;
  const found = innermost(error);
  const { code, message } = found;
  const reason = message || code || 'the connection failed';
  const hint = /^CERT_(NOT_YET_VALID|HAS_EXPIRED)$/.test(code ?? '')
    ? " (is this machine's date right?)"
    : '';
  const fault = new AuthError('AUTH_NETWORK', `Could not reach ${address.origin}: ${reason}${hint}.`, {
    network: kindOfNetworkFault(found),
  });
  if (NOT_SENT.has(code ?? '') || NOT_SENT_IN_WORDS.test(message ?? '')) unsent.add(fault);
  return fault;
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** A fetch says only "fetch failed" and keeps the reason in its cause; several addresses fail together. */
function innermost(error: unknown): { readonly code?: string; readonly message?: string } {
  const { cause, errors } = (error ?? {}) as { cause?: unknown; errors?: readonly unknown[] };
  if (cause) return innermost(cause);
  return (errors?.[0] ?? error ?? {}) as { code?: string; message?: string };
}

async function readCapped(response: Response, address: URL): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > LARGEST_BODY_BYTES) {
      await reader.cancel();
      throw new AuthError('AUTH_SERVER_RESPONSE_INVALID', `${address.origin} sent more than 1 MiB.`);
    }
    chunks.push(value);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
