import type { RefreshLock, TokenStore } from './ports.ts';
import type { SessionRecord } from './session-record.ts';

/** A token store that ends with the process, for those who want nothing on disk. */
export function memoryStore(): TokenStore {
  let record: SessionRecord | undefined;
  return {
    load: async () => structuredClone(record),
    save: async (next) => {
      record = structuredClone(next);
    },
    clear: async () => {
      record = undefined;
    },
  };
}

/** A lock for one process: enough where nothing is shared with another one. */
export function memoryLock(): RefreshLock {
  let last: Promise<unknown> = Promise.resolve();
  return {
    hold(work) {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
