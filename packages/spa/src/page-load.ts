import type { Page } from './page.ts';

/** A page that is loaded anew is another object, and has nothing yet. */
const loads = new WeakMap<Page, Map<string, unknown>>();

/**
 * What all sessions of one loaded page share: a framework may close a session and create the next in the same moment.
 * @param create makes it when it is asked for the first time
 */
export function sharedInPage<T>(page: Page, name: string, create: () => T): T {
  const load = loads.get(page) ?? new Map<string, unknown>();
  loads.set(page, load);
  if (!load.has(name)) load.set(name, create());
  return load.get(name) as T;
}

/** What happens once while a page is loaded, whichever session asks for it. */
export interface PageLoad {
  /** The address with the authorization response, as it was. */
  answer: string | undefined;
  /** It is the answer to a request of this tab, whichever session's. */
  isAnswered: boolean;
  /** The page is on its way to a silent sign-in. */
  hasLeftSilently: boolean;
}

/** The {@link PageLoad} of this page. */
export function pageLoad(page: Page): PageLoad {
  const fresh = { answer: undefined, isAnswered: false, hasLeftSilently: false };
  return sharedInPage(page, 'load', () => fresh);
}
