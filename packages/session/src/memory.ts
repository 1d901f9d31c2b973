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

/** Waits no longer than until the signal aborts, unless that is too late. */
function untilAborted<T>(turn: Promise<T>, signal: AbortSignal, isTooLate: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      if (!isTooLate()) reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
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
