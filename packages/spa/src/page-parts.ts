import type { SessionPorts } from '@deskauth/session';
import type { Page } from './page.ts';
import { pageFetch } from './page-fetch.ts';
import { pageLoad } from './page-load.ts';
import { pageBrowser, pageRedirect } from './page-redirect.ts';
import type { PageSettings } from './page-settings.ts';
import { type PageStore, pageStore } from './page-store.ts';
import { type PageRequests, pendingRequests } from './pending-requests.ts';
import { createSignOuts, type SignOuts } from './sign-outs.ts';
import { type SignedInMark, signedInMark } from './signed-in-mark.ts';

/** What a session in a page keeps, and where. */
export interface PageParts {
  readonly page: Page;
  readonly slot: string;
  readonly signOuts: SignOuts;
  readonly kept: PageStore;
  readonly requests: PageRequests;
  readonly mark: SignedInMark;
}

/** Creates {@link PageParts}. */
export function createParts(
  { choice, slot, signInTimeLimitSeconds }: PageSettingsOfParts,
  page: Page,
): PageParts {
  const signOuts = createSignOuts(slot, page);
  return {
    ...{ page, slot, signOuts },
    kept: pageStore(choice, slot, page, signOuts),
    requests: pendingRequests(page, signInTimeLimitSeconds),
    mark: signedInMark(slot, page, signOuts),
  };
}

type PageSettingsOfParts = Pick<PageSettings, 'choice' | 'slot' | 'signInTimeLimitSeconds'>;

/** The engine's ports in this page. */
export function buildPorts(
  parts: PageParts,
  { redirectUri, fetch, confirmAccountChange }: Omit<PageSettings, 'engine'>,
): SessionPorts {
  const { page, kept, requests, mark } = parts;
  const { origin } = page.location;
  return {
    browser: pageBrowser(page, (address) => (requests.isSilent(address) ? leaveSilently(parts) : 'assign')),
    redirect: pageRedirect(redirectUri),
    requests,
    fetch: pageFetch(origin, fetch),
    timeAddress: `${origin}/`,
    store: kept.store,
    lock: kept.lock,
    hostWarnings: kept.warning ? [{ code: 'store-unsupported', message: kept.warning }] : [],
    expectsSilently: mark.isOf,
    ...(confirmAccountChange && { confirmAccountChange }),
  };
}

/** A page that nobody chose to leave is not one to come back to; and it leaves for one server, not for two. */
function leaveSilently({ page, mark }: PageParts): 'replace' | 'stay' {
  const load = pageLoad(page);
  if (load.hasLeftSilently) return 'stay';
  load.hasLeftSilently = true;
  mark.leave();
  return 'replace';
}
