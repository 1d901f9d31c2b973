import type { Page } from './page.ts';
import { pageLoad } from './page-load.ts';
import { routeOfRequest } from './pending-requests.ts';
import { parseRoute } from './route.ts';

/** What an authorization response may hold (RFC 6749 §4.1.2, RFC 9207 §2, OpenID Connect Session Management 1.0 §2). */
const RESPONSE = ['code', 'state', 'iss', 'session_state', 'error', 'error_description', 'error_uri'];

/** A state of ours is 32 random bytes; the app's own parameter of that name hardly is. */
const STATE_OF_OURS = /^[\w-]{43}$/;

/**
 * Takes the authorization response out of the address, if there is one, and puts the place where the person was in
 * its stead: a code must not stay in the history, nor be sent along in a `Referer` (RFC 9700 §4.2, §4.3). Call it
 * before anything else on the page that loads something. An answer is what has `code` or `error` and the `state` of a
 * request of this tab, or a state like it on the redirect URI; the app's own parameters and the fragment stay. A later
 * call gives the same answer, as long as the page is not loaded anew.
 * @param redirectUri as in the settings. @default the origin and `/`
 * @returns the address as it was, for {@link SpaSession.start}; undefined when it is no answer
 */
export function takeAnswer(
  page: Page = window,
  redirectUri = `${page.location.origin}/`,
): string | undefined {
  const load = pageLoad(page);
  const { href, origin } = page.location;
  const url = new URL(href);
  const state = url.searchParams.get('state') ?? '';
  const isAnswer = url.searchParams.has('code') || url.searchParams.has('error');
  const route = isAnswer ? routeOfRequest(page, state) : undefined;
  if (route === undefined && !(STATE_OF_OURS.test(state) && isAt(new URL(redirectUri, origin), url)))
    return load.answer;
  // Without an answer the person is back from a sign-out at the server.
  for (const name of isAnswer ? RESPONSE : ['state']) url.searchParams.delete(name);
  // Whole, because a base element would give a relative one another origin.
  page.history.replaceState(null, '', origin + (route ?? parseRoute(url.href, origin)));
  if (isAnswer) load.answer = href;
  load.isAnswered ||= route !== undefined;
  return load.answer;
}

function isAt(expected: URL, { origin, pathname }: URL): boolean {
  return expected.origin === origin && expected.pathname === pathname;
}
