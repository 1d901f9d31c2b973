import { AuthError } from './errors.ts';

/** More than any honest discovery document, key set or token response. */
const LARGEST_BODY_BYTES = 1024 * 1024;

/**
 * A fetch for talking to the authorization server: bodies capped at 1 MiB, redirects never followed, nothing
 * cached. The time limit is the caller's.
 * @throws AuthError `AUTH_NETWORK` or `AUTH_SERVER_RESPONSE_INVALID`
 */
export function createServerFetch(base: typeof fetch): typeof fetch {
  return async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input);
    try {
      const response = await base(input, { ...init, redirect: 'manual', cache: 'no-store' });
      const body = await readCapped(response, address);
      // A response with one of these statuses may not be built with a body, not even an empty one.
      const bare = response.status === 204 || response.status === 304;
      return new Response(bare ? null : body, { status: response.status, headers: response.headers });
    } catch (error) {
      throw toNetworkError(error, address);
    }
  };
}

/** Turns what a fetch throws into an {@link AuthError}; an abort keeps its own reason. */
export function toNetworkError(error: unknown, address: URL): unknown {
  if (error instanceof AuthError || isAbort(error)) return error;
  return new AuthError('AUTH_NETWORK', `Could not reach ${address.origin}: ${describeFault(error)}.`);
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** The innermost text: a fetch says only "fetch failed" and keeps the reason in its cause. */
function describeFault(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause;
  if (cause) return describeFault(cause);
  const fault = error as { code?: string; message?: string } | undefined;
  return fault?.message || fault?.code || 'the connection failed';
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
