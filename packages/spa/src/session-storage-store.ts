import { isSessionRecord, type TokenStore } from '@deskauth/session';
import type { Page } from './page.ts';

/** A reload frees the tab's lock before the new page asks for it, or a moment later. */
const CLAIM_TIME_LIMIT_MS = 500;

/** A {@link TokenStore} that knows its tab by a lock. */
export interface ClaimedStore extends TokenStore {
  /** Lets go of the tab's lock until the store is used again. */
  release(): void;
}

/**
 * Keeps the session in this tab's session storage: it survives a reload and ends with the tab. A browser copies that
 * storage into a duplicated tab; two tabs with one rotating refresh token would end the session of both, so that the
 * copy is thrown away. A tab knows itself by an id whose lock it holds as long as its page has a session.
 */
export function sessionStorageStore(
  slot: string,
  page: Page,
  locks: Pick<LockManager, 'request'>,
): ClaimedStore {
  const recordKey = `deskauth:session:${slot}`;
  const tabKey = `deskauth:tab:${slot}`;
  let claimed: Promise<Storage> | undefined;
  let released = new AbortController();

  async function claim(): Promise<Storage> {
    const storage = page.sessionStorage;
    const { signal } = released;
    const known = storage.getItem(tabKey);
    if (known !== null && (await hold(locks, known, signal))) return storage;
    storage.removeItem(recordKey);
    const tabId = `deskauth:tab:${crypto.randomUUID()}`;
    storage.setItem(tabKey, tabId);
    await hold(locks, tabId, signal);
    return storage;
  }

  const own = () => {
    claimed ??= claim();
    return claimed;
  };

  return {
    async load() {
      const record: unknown = JSON.parse((await own()).getItem(recordKey) ?? 'null');
      return isSessionRecord(record) ? record : undefined;
    },
    save: async (record) => (await own()).setItem(recordKey, JSON.stringify(record)),
    clear: async () => (await own()).removeItem(recordKey),
    release() {
      released.abort();
      released = new AbortController();
      claimed = undefined;
    },
  };
}

/** True once this page holds the lock, until the signal; false when another page keeps it. */
function hold(locks: Pick<LockManager, 'request'>, name: string, released: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const untilReleased = () => {
      resolve(true);
      return new Promise<void>((release) => {
        if (released.aborted) release();
        released.addEventListener('abort', () => release(), { once: true });
      });
    };
    const signal = AbortSignal.timeout(CLAIM_TIME_LIMIT_MS);
    locks.request(name, { signal }, untilReleased).catch(() => resolve(false));
  });
}
