import { AuthError, type AuthorizationRequest, type PendingRequests, systemClock } from '@deskauth/session';
import type { Page } from './page.ts';
import { sharedInPage } from './page-load.ts';
import { parseRoute } from './route.ts';

const PREFIX = 'deskauth:request:';

interface Entry {
  readonly request: AuthorizationRequest;
  /** Where the person was. */
  readonly route: string;
  /** Seconds since the epoch. */
  readonly savedAt: number;
}

/** {@link PendingRequests} of a page. */
export interface PageRequests extends PendingRequests {
  /** True for the address of a request of this page that asks for a silent sign-in. */
  isSilent(address: string): boolean;
  /** The sign-in of the request that was taken has failed: another session of this page may take it to the same end. */
  giveBack(): void;
  /** Removes what is too old to be answered. */
  sweep(): void;
}

/**
 * Keeps authorization requests in this tab's session storage, by `state`, together with the place to come back to.
 * The code verifier is among them: it is worth nothing without the code, and both are gone after one use.
 * @param lifetimeSeconds after this time an answer comes too late
 */
export function pendingRequests(page: Page, lifetimeSeconds: number): PageRequests {
  const givenBack = sharedInPage(page, 'requests', () => new Map<string, Entry>());
  const silent = new Set<string>();
  let taken: Entry | undefined;
  const isCurrent = (entry: Entry) => systemClock.now() - entry.savedAt <= lifetimeSeconds;

  function sweep(): void {
    const storage = page.sessionStorage;
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    for (const key of keys) {
      if (!key?.startsWith(PREFIX)) continue;
      const entry = parseEntry(storage.getItem(key));
      if (!entry || !isCurrent(entry)) storage.removeItem(key);
    }
  }

  return {
    async save(request) {
      const { href, origin } = page.location;
      const entry: Entry = { request, route: parseRoute(href, origin), savedAt: systemClock.now() };
      try {
        sweep();
        page.sessionStorage.setItem(PREFIX + request.state, JSON.stringify(entry));
        if (request.isSilent) silent.add(request.url);
      } catch (error) {
        const isFull = (error as Error).name === 'QuotaExceededError';
        throw new AuthError('AUTH_STORE_UNAVAILABLE', isFull ? storageFull(origin) : storageRefused(origin));
      }
    },
    async take(state, isOurs = () => true) {
      const entry = loadEntry(page, state) ?? givenBack.get(state);
      if (!entry || !isOurs(entry.request)) return undefined;
      taken = entry;
      page.sessionStorage.removeItem(PREFIX + state);
      givenBack.delete(state);
      return isCurrent(entry) ? entry.request : undefined;
    },
    isSilent: (address) => silent.has(address),
    sweep() {
      try {
        sweep();
      } catch {
        // Storage is denied: then nothing was kept either.
      }
    },
    giveBack() {
      if (taken) givenBack.set(taken.request.state, taken);
    },
  };
}

/** Where the person was when the request with this state was made. */
export function routeOfRequest(page: Page, state: string): string | undefined {
  const entry = loadEntry(page, state);
  return entry && parseRoute(entry.route, page.location.origin);
}

function loadEntry(page: Page, state: string): Entry | undefined {
  try {
    return parseEntry(page.sessionStorage.getItem(PREFIX + state));
  } catch {
    return undefined; // Storage is denied: then nothing was kept either.
  }
}

function parseEntry(text: string | null): Entry | undefined {
  try {
    const entry = JSON.parse(text ?? 'null') as Partial<Entry> | null;
    return isRequest(entry?.request) && Number.isFinite(entry?.savedAt) ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}

function isRequest(value: Partial<AuthorizationRequest> | undefined): boolean {
  return [value?.redirectUri, value?.state, value?.codeVerifier].every((part) => typeof part === 'string');
}

/** Without it nobody would know, when the person comes back, what was asked for. */
function storageRefused(origin: string): string {
  return `The browser keeps no data for ${origin}, so it could not come back from a sign-in. Allow site data for this address, then sign in again.`;
}

function storageFull(origin: string): string {
  return `The session storage of ${origin} is full, so that the page could not come back from a sign-in. The app must keep less in it.`;
}
