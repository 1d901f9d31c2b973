import { randomUUID } from 'node:crypto';
import { AuthError, isSafeAddress, parseAddress, type Session } from '@deskauth/session';
import { buildRelayedHeaders, CORRELATION_ID, pickRequestHeaders } from './api-headers.ts';
import { buildErrorResponse, refuse } from './error-response.ts';

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What the relay needs to know. */
export interface ApiRelayOptions {
  readonly session: Pick<Session, 'fetch'>;
  /**
   * The API's address, to which the page's path is added: `/api/orders` goes to `apiAddress/api/orders`. It must be one
   * of the session's `apiAddresses`.
   */
  readonly apiAddress: string;
  /** Headers of the page's own that the API may see besides the usual ones. @default none */
  readonly requestHeaders?: readonly string[];
}

/**
 * Passes requests of the app's page on to the API with the access token, and the answers back, both as they stream.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function createApiRelay({ session, apiAddress, requestHeaders = [] }: ApiRelayOptions) {
  const base = requireBase(apiAddress);
  return async (request: Request): Promise<Response> => {
    if (!METHODS.includes(request.method)) return refuse(405, 'This method is not passed on to the API.');
    const target = apiTarget(request.url, base);
    if (target === undefined) return refuse(404, 'This path is not passed on to the API.');
    const headers = pickRequestHeaders(request.headers, requestHeaders);
    if (!headers.has(CORRELATION_ID)) headers.set(CORRELATION_ID, randomUUID());
    try {
      const { method, signal, body } = request;
      const sent = body && { body, duplex: 'half' as const, isBodyKept: true };
      const answer = await session.fetch(target, { method, headers, signal, ...sent });
      return new Response(answer.body, {
        status: answer.status,
        headers: buildRelayedHeaders(answer.headers),
      });
    } catch (error) {
      if (error instanceof AuthError) return buildErrorResponse(error, headers.get(CORRELATION_ID));
      throw error;
    }
  };
}

/** What one server takes for a name, another decodes, once or twice, into a separator or a step upwards. */
const AMBIGUOUS = /\\|\/\/|\/\.{0,2}(;|%3b)|%(25)*(2e|2f|5c|00)|%c[01]/i;

/** The API's address for an address of the page, or undefined when it could be read as one elsewhere. */
export function apiTarget(address: string, base: string): string | undefined {
  const { pathname, search } = new URL(address);
  if (AMBIGUOUS.test(pathname)) return undefined;
  const { href } = new URL(`${base}${pathname}${search}`);
  return href.startsWith(`${base}/api/`) ? href : undefined;
}

function requireBase(apiAddress: string): string {
  const url = parseAddress(apiAddress);
  if (url && isSafeAddress(url) && !url.search && !url.hash) return url.href.replace(/\/+$/, '');
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "apiAddress": expected an https address (http only on this machine), found ${JSON.stringify(apiAddress)}.`,
  );
}
