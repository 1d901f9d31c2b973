import { memoryLock, memoryStore, type RefreshLock, type TokenStore } from '@deskauth/session';
import { datedStore } from './dated-store.ts';
import type { Page } from './page.ts';
import { sharedInPage } from './page-load.ts';
import { sessionStorageStore } from './session-storage-store.ts';
import type { SignOuts } from './sign-outs.ts';
import { tabLock } from './tab-lock.ts';
import { workerStore } from './worker-store.ts';

/** Where tokens are kept. */
export type StoreChoice = 'memory' | 'session-storage' | { readonly worker: string };

/** A token store and the lock that belongs to it. */
export interface PageStore {
  readonly store: TokenStore;
  readonly lock: RefreshLock;
  /** True when all tabs use the same record. */
  readonly isShared: boolean;
  /** Why it is the tab's memory, where another store was chosen. */
  readonly warning?: string;
  /** The session that uses it is closed. What is kept stays. */
  leave(): void;
}

/** The chosen store, or the tab's memory where the browser has not what it needs. */
export function pageStore(choice: StoreChoice, slot: string, page: Page, signOuts: SignOuts): PageStore {
  const kept = choose(choice, slot, page);
  return { ...kept, store: datedStore(kept.store, signOuts) };
}

function choose(choice: StoreChoice, slot: string, page: Page): PageStore {
  const { locks } = page.navigator;
  const ownMemory = sharedInPage(page, `memory ${slot}`, () => ({
    ...{ store: memoryStore(), lock: memoryLock(), isShared: false, leave: () => {} },
  }));
  if (choice === 'memory') return ownMemory;
  if (!locks) return { ...ownMemory, warning: inMemory('it has no Web Locks') };
  if (choice === 'session-storage' && page.parent !== page)
    return {
      ...ownMemory,
      warning: inMemory('a frame would share the session storage of the page around it'),
    };
  if (choice === 'session-storage') return { ...ownMemory, ...claimedStore(slot, page, locks) };
  try {
    const worker = new SharedWorker(choice.worker, { name: `deskauth:${slot}` });
    const lock = tabLock(`deskauth:refresh:${slot}`, locks);
    return { store: workerStore(worker), lock, isShared: true, leave: () => worker.port.close() };
  } catch (error) {
    // Not in this browser, refused together with site data, or by Trusted Types.
    return { ...ownMemory, warning: inMemory(`it started no shared worker (${(error as Error).message})`) };
  }
}

/** One for all sessions of the page: the second would take itself for a duplicated tab. The last one lets go of it. */
function claimedStore(
  slot: string,
  page: Page,
  locks: Pick<LockManager, 'request'>,
): Pick<PageStore, 'store' | 'leave'> {
  const claimed = sharedInPage(page, `session storage ${slot}`, () => ({
    store: sessionStorageStore(slot, page, locks),
    users: 0,
  }));
  claimed.users += 1;
  const leave = () => {
    claimed.users -= 1;
    if (claimed.users === 0) claimed.store.release();
  };
  return { store: claimed.store, leave };
}

const inMemory = (why: string) =>
  `The browser cannot keep the session as the setting "store" says: ${why}. It is in the memory of this tab.`;
