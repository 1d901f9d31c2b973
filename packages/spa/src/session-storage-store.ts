import { isSessionRecord, type TokenStore } from '@deskauth/session';
import type { Page } from './page.ts';

/** A reload frees the tab's lock before the new page asks for it, or a moment later. */
const CLAIM_TIME_LIMIT_MS = 500;

/**
 * Keeps the session in this tab's session storage: it survives a reload and ends with the tab. A browser copies that
 * storage into a duplicated tab; two tabs with one rotating refresh token would end the session of both, so that the
 * copy is thrown away. A tab knows itself by an id whose lock it holds as long as it lives.
 */
export function sessionStorageStore(
  slot: string,
  page: Page,
  locks: Pick<LockManager, 'request'>,
): TokenStore {
  const recordKey = `deskauth:session:${slot}`;
  const tabKey = `deskauth:tab:${slot}`;
  let claimed: Promise<Storage> | undefined;

  async function claim(): Promise<Storage> {
    const storage = page.sessionStorage;
    const known = storage.getItem(tabKey);
    if (known !== null && (await holdForLife(locks, known))) return storage;
    storage.removeItem(recordKey);
    const tabId = `deskauth:tab:${crypto.randomUUID()}`;
    storage.setItem(tabKey, tabId);
    await holdForLife(locks, tabId);
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
  };
}

/** True once this page holds the lock, which it never gives back; false when another page keeps it. */
function holdForLife(locks: Pick<LockManager, 'request'>, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const untilGone = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    const signal = AbortSignal.timeout(CLAIM_TIME_LIMIT_MS);
    locks.request(name, { signal }, untilGone).catch(() => resolve(false));
  });
}
