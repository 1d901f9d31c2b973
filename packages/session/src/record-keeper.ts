import { AuthError, type AuthErrorData } from './errors.ts';
import type { Clock, TokenStore } from './ports.ts';
import { isSameSession, type SessionRecord } from './session-record.ts';

/** The session record, in memory and in the store. A store that fails never loses a session that is in memory. */
export interface RecordKeeper {
  /** As last loaded or saved by this process. */
  readonly current: SessionRecord | undefined;
  /** Why the store could not be used the last time; undefined when it could. */
  readonly fault: AuthErrorData | undefined;
  /** Reads the store: another process may have saved since. Falls back to memory while the store cannot be read. */
  reload(): Promise<SessionRecord | undefined>;
  /**
   * As {@link reload}, for whoever is about to spend the refresh token: what memory holds may be spent already.
   * @throws AuthError `AUTH_STORE_UNAVAILABLE` when the store cannot be read now
   */
  reloadToSpend(): Promise<SessionRecord | undefined>;
  save(record: SessionRecord): Promise<void>;
  /**
   * Forgets the session of this record, here and in the store; another session that was saved meanwhile stays.
   * @param record left out: whatever there is
   * @returns what the store held
   */
  clear(record?: SessionRecord): Promise<SessionRecord | undefined>;
}

/** Creates a keeper. While the store cannot be used, the session lives in memory only. */
export function createRecordKeeper(store: TokenStore, clock: Pick<Clock, 'now'>): RecordKeeper {
  let lastFault: AuthErrorData | undefined;
  let current: SessionRecord | undefined;
  let inStore: SessionRecord | undefined; // As far as this process knows.
  let isBehind = false; // The store could not take what memory holds.

  /** Runs store work; a fault is told and returned, not thrown. */
  async function attempt<T>(work: () => Promise<T>): Promise<{ value: T } | { fault: AuthError }> {
    try {
      const value = await work();
      lastFault = undefined;
      return { value };
    } catch (error) {
      const fault = error instanceof AuthError ? error : storeFault(error);
      lastFault = fault.toJSON();
      return { fault };
    }
  }

  async function save(record: SessionRecord): Promise<void> {
    current = record;
    const saved = await attempt(() => store.save({ ...record, savedAt: clock.now() }));
    isBehind = 'fault' in saved;
    if (!isBehind) inStore = record;
  }

  /** @returns the fault that kept the store from being read and leaves memory in doubt */
  async function read(): Promise<AuthError | undefined> {
    let loaded = await attempt(() => store.load());
    if ('fault' in loaded && loaded.fault.code === 'AUTH_STORE_UNREADABLE' && current) {
      // A store puts aside what is damaged; what it leaves in place is for another version of this package.
      loaded = await attempt(() => store.load());
      inStore = undefined;
      isBehind = 'value' in loaded;
    }
    if ('fault' in loaded) return isBehind ? undefined : notNow(loaded.fault);
    if (isBehind && current && !isAhead(loaded.value, current, inStore)) await save(current);
    else {
      current = inStore = loaded.value;
      isBehind = false;
    }
    return undefined;
  }

  return {
    get current() {
      return current;
    },
    get fault() {
      return lastFault;
    },
    async reload() {
      await read();
      return current;
    },
    async reloadToSpend() {
      const fault = await read();
      if (fault) throw fault;
      return current;
    },
    save,
    async clear(record) {
      const loaded = await attempt(() => store.load());
      const stored = 'value' in loaded ? loaded.value : undefined;
      const mayBeOther = 'fault' in loaded && loaded.fault.code !== 'AUTH_STORE_UNREADABLE';
      if (!record || (stored ? isSameSession(stored, record) : !mayBeOther)) await attempt(store.clear);
      if (!record || (current && isSameSession(current, record))) {
        current = inStore = undefined;
        isBehind = false;
      }
      return stored;
    },
  };
}

/** Memory is newer than the store when nobody has saved since the store failed to take it. */
function isAhead(
  stored: SessionRecord | undefined,
  memory: SessionRecord,
  before: SessionRecord | undefined,
): boolean {
  if (!stored || !before) return stored !== before;
  if (!isSameSession(stored, before)) return true;
  return isSameSession(stored, memory) && stored.generation > memory.generation;
}

function notNow({ message }: AuthError): AuthError {
  return new AuthError('AUTH_STORE_UNAVAILABLE', message);
}

function storeFault(error: unknown): AuthError {
  const name = error instanceof Error ? error.name : typeof error;
  return new AuthError('AUTH_STORE_UNAVAILABLE', `The token store could not be used (${name}).`);
}
