import { AuthError } from './errors.ts';
import type { TokenStore } from './ports.ts';
import type { SessionRecord } from './session-record.ts';

/** The session record, in memory and in the store. A store that fails never loses a session that is in memory. */
export interface RecordKeeper {
  /** As last loaded or saved by this process. */
  readonly current: SessionRecord | undefined;
  /** Reads the store: another process may have saved since. Falls back to memory while the store cannot be read. */
  reload(): Promise<SessionRecord | undefined>;
  save(record: SessionRecord): Promise<void>;
  clear(): Promise<void>;
}

/**
 * Creates a keeper. `onFault` hears of a store that could not be used (the session then lives in memory only), and of
 * one that can be used again.
 */
export function createRecordKeeper(
  store: TokenStore,
  onFault: (error: AuthError | undefined) => void,
): RecordKeeper {
  let current: SessionRecord | undefined;
  let isBehind = false; // The store holds an older record than memory.

  /** Runs store work; a fault is told, not thrown. */
  async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    try {
      const value = await work();
      onFault(undefined);
      return { value };
    } catch (error) {
      onFault(error instanceof AuthError ? error : storeFault(error));
      return undefined;
    }
  }

  return {
    get current() {
      return current;
    },
    async reload() {
      if (isBehind) return current;
      const loaded = await attempt(() => store.load());
      if (loaded) current = loaded.value;
      return current;
    },
    async save(record) {
      current = record;
      isBehind = (await attempt(() => store.save(record))) === undefined;
    },
    async clear() {
      current = undefined;
      isBehind = false;
      await attempt(() => store.clear());
    },
  };
}

function storeFault(error: unknown): AuthError {
  const name = error instanceof Error ? error.name : typeof error;
  return new AuthError('AUTH_STORE_UNAVAILABLE', `The token store could not be used (${name}).`);
}
