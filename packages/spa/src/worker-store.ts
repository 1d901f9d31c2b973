import { AuthError, isSessionRecord, type TokenStore } from '@deskauth/session';
import type { RecordQuestion } from './shared-record.ts';

/** It answers from memory; silence means that its script could not be loaded. */
const ANSWER_TIME_LIMIT_MS = 2000;

/** The page's end of a shared worker. */
export interface WorkerEnd {
  readonly port: MessagePort;
  addEventListener(type: 'error', listener: () => void): void;
}

/** Keeps the session in the memory of a shared worker: one for all tabs, gone when the last of them is closed. */
export function workerStore(worker: WorkerEnd): TokenStore {
  let isBroken = false;
  worker.addEventListener('error', () => {
    isBroken = true;
  });

  function ask(question: RecordQuestion): Promise<unknown> {
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve, reject) => {
      if (isBroken) throw silent();
      const timer = setTimeout(() => reject(silent()), ANSWER_TIME_LIMIT_MS);
      port1.onmessage = ({ data }) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.port.postMessage(question, [port2]);
    }).finally(() => port1.close());
  }

  return {
    async load() {
      const record = await ask({ ask: 'load' });
      return isSessionRecord(record) ? record : undefined;
    },
    save: async (record) => void (await ask({ ask: 'save', record })),
    clear: async () => void (await ask({ ask: 'clear' })),
  };
}

function silent(): AuthError {
  return new AuthError(
    'AUTH_STORE_UNAVAILABLE',
    'The shared worker that keeps the session does not answer. Check the setting "store.worker".',
  );
}
