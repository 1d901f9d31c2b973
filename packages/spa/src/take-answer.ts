import type { Page } from './page.ts';
import { pageLoad } from './page-load.ts';
import { routeOfRequest } from './pending-requests.ts';

/**
 * Takes the authorization response out of the address, if there is one, and puts the place where the person was in
 * its stead: a code must not stay in the history, nor be sent along in a `Referer` (RFC 9700 §4.2, §4.3). Call it
 * before anything else on the page that loads something. An address with `state` and either `code` or `error` is taken
 * for an answer. A later call gives the same answer, as long as the page is not loaded anew.
 * @returns the address as it was, for {@link SpaSession.start}; undefined when it is no answer
 */
export function takeAnswer(page: Page = window): string | undefined {
  const load = pageLoad(page);
  const { href } = page.location;
  const { pathname, searchParams } = new URL(href);
  const state = searchParams.get('state');
  if (state === null || !(searchParams.has('code') || searchParams.has('error'))) return load.answer;
  page.history.replaceState(null, '', routeOfRequest(page, state) ?? pathname.replace(/^\/+/, '/'));
  load.answer = href;
  return href;
}
