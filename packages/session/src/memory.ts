import type { RefreshLock, TokenStore } from './ports.ts';
import type { SessionRecord } from './session-record.ts';
import { untilAborted } from './until-aborted.ts';

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
    hold(work, signal) {
      let hasBegun = false;
      const turn = last.then(() => {
        signal?.throwIfAborted();
        hasBegun = true;
        return work();
      });
      last = turn.catch(() => undefined);
      return signal ? untilAborted(turn, signal, () => hasBegun) : turn;
    },
  };
}
