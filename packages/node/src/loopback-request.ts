import type { IncomingMessage } from 'node:http';

/** What a request must be addressed to. */
export interface Expected {
  /** Host and port, as in the redirect URI. */
  readonly host: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
}

/** Why a request is not an authorization response, as an HTTP status and a sentence. */
export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 413 | 414 | 415 | 421 | 503;
  readonly text: string;
}

const LONGEST_URL = 8 * 1024;
/** In an address, or in a form. */
export const MOST_PARAMETERS = 64;

/**
 * Checks one request before anything in it is read. Undefined: it is for the redirect URI itself.
 * A foreign Host is a page that has rebound its name to this machine (DNS rebinding).
 */
export function refusalOf(request: IncomingMessage, expected: Expected): Refusal | undefined {
  const target = request.url ?? '';
  if (countOf(request, 'host') !== 1 || request.headers.host !== expected.host)
    return { status: 421, text: 'This address is for the sign-in of a desktop app only.' };
  if (!target.startsWith('/')) return { status: 400, text: 'The request names a whole address.' };
  if (target.length > LONGEST_URL) return { status: 414, text: 'The address is too long.' };
  const { pathname, parameterCount } = splitTarget(target);
  if (pathname !== expected.path) return { status: 404, text: 'There is nothing here.' };
  if (request.method !== expected.method)
    return { status: 405, text: `Only ${expected.method} is answered here.${hintFor(request, expected)}` };
  const intruder = refusalOfContext(request);
  if (intruder) return intruder;
  if (target.includes('#') || parameterCount > MOST_PARAMETERS)
    return { status: 400, text: 'This is not an answer to a sign-in.' };
  return isPacked(target) ? { status: 400, text: PACKED } : undefined;
}

/** A server may be set up to post its answer although nobody asked it to; whoever sees this page can set it right. */
function hintFor({ method, headers }: IncomingMessage, expected: Expected): string {
  const isForm = method === 'POST' && (headers['content-type'] ?? '').startsWith('application/x-www-form');
  return isForm && expected.method === 'GET'
    ? ' The sign-in server sends its answer as a form: set it to the response mode "query", or the app to "form_post".'
    : '';
}

/** A server may be set up to pack its answer into a token, so that there is no state to know it by (JARM §2.3.1). */
function isPacked(target: string): boolean {
  const parameters = new URLSearchParams(target.slice(target.indexOf('?') + 1));
  return parameters.has('response') && !parameters.has('state');
}

const PACKED =
  'The sign-in server packs its answer into a token (JARM): set it to the response mode "query" for this app.';

/**
 * An answer comes by a top-level navigation, which needs no permission for the local network; nothing else of a browser
 * has a reason to come here. What a browser fetches in advance would use up the code that its owner needs.
 */
function refusalOfContext({ headers }: IncomingMessage): Refusal | undefined {
  const purpose = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']].join();
  if (/prefetch|preview|prerender/i.test(purpose))
    return { status: 503, text: 'Nothing is given out in advance here.' };
  if ((headers['sec-fetch-dest'] ?? 'document') !== 'document')
    return { status: 403, text: 'This address is for the address bar of a browser only.' };
  return undefined;
}

/** As text: a URL parser would resolve dots and decode, and what matters is exactly what was sent. */
function splitTarget(target: string): { readonly pathname: string; readonly parameterCount: number } {
  const mark = target.indexOf('?');
  if (mark < 0) return { pathname: target, parameterCount: 0 };
  return { pathname: target.slice(0, mark), parameterCount: target.slice(mark).split('&').length };
}

/** Node keeps the first of several Host headers; the raw ones tell. */
function countOf(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === name)
    .length;
}
