import { parseAddress } from './address.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError } from './errors.ts';
import type { OpenRedirect, RedirectAnswer, SignInOutcome } from './ports.ts';

const LARGEST_PARAMETER_LENGTH = 4096;

/**
 * Waits for the answer to this request. Anything can reach a redirect URI: answers with another state, or none, are
 * told so and ignored, because ending the sign-in would let any page in the browser end it (RFC 8252 §8.9).
 */
export async function ourAnswer(
  redirect: OpenRedirect,
  request: AuthorizationRequest,
  signal: AbortSignal,
): Promise<RedirectAnswer> {
  for (;;) {
    const answer = await redirect.next(signal);
    if (isAnswerTo(request, answer.url)) return answer;
    answer.finish(outcomeOfStranger(answer.url));
  }
}

/** True for an answer on the request's own redirect URI that carries its state, exactly once. */
export function isAnswerTo(request: AuthorizationRequest, received: string): boolean {
  const url = parseAddress(received);
  if (url === undefined || bare(url) !== bare(new URL(request.redirectUri))) return false;
  const states = url.searchParams.getAll('state');
  return states.length === 1 && states[0] === request.state;
}

/**
 * Some servers forget the state of a request that they refuse. Whoever reads the page should learn the reason; as anybody
 * can bring the browser here, it is shown only where it looks like a code.
 */
function outcomeOfStranger(received: string): SignInOutcome {
  const parameters = parseAddress(received)?.searchParams;
  const error = parameters?.get('error') ?? '';
  const isStray = !parameters?.has('state') && /^[a-z][a-z_]{2,40}$/.test(error);
  return isStray ? { kind: 'stray-error', error } : { kind: 'unknown' };
}

/** What we read. Others mean nothing to us, whatever is in them (RFC 6749 §4.1.2). */
const OURS = new Set(['code', 'state', 'iss', 'error', 'error_description', 'error_uri']);

/**
 * Reads the authorization response into the form that the library takes.
 * @throws AuthError `AUTH_RESPONSE_INVALID`: over-long or unprintable values, tokens in the front channel
 * (RFC 9700 §2.1.2), or the answer of another issuer (RFC 9207 §2.4).
 */
export function parseAuthorizationResponse(server: AuthorizationServer, received: string): URL {
  const url = new URL(received);
  for (const [name, value] of url.searchParams) if (OURS.has(name)) requirePlain(name, value);
  if (url.hash || url.searchParams.has('access_token') || url.searchParams.has('id_token'))
    throw new AuthError('AUTH_RESPONSE_INVALID', 'The answer carried tokens or a fragment in the address.');
  const stated = url.searchParams.get('iss');
  const { issuer } = server.serverMetadata();
  if (stated !== null && stated !== issuer)
    throw new AuthError(
      'AUTH_RESPONSE_INVALID',
      `The answer is from ${stated}, the request went to ${issuer}.`,
    );
  return url;
}

function requirePlain(name: string, value: string): void {
  if (value.length > LARGEST_PARAMETER_LENGTH)
    throw new AuthError('AUTH_RESPONSE_INVALID', `The answer's "${name.slice(0, 40)}" is too long.`);
  // RFC 6749 Appendix A: visible ASCII and space; descriptions of some servers have line breaks and accents.
  if (name !== 'error_description' && !/^[\x20-\x7e]*$/.test(value))
    throw new AuthError(
      'AUTH_RESPONSE_INVALID',
      `The answer's "${name.slice(0, 40)}" has characters it may not have.`,
    );
}

function bare(url: URL): string {
  const copy = new URL(url);
  copy.search = '';
  copy.hash = '';
  return copy.href;
}
