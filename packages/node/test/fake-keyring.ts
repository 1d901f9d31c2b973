import { randomBytes } from 'node:crypto';
import type { KeyKeeper } from '@deskauth/node';

/** A keyring in memory. One of them is one user on one machine. */
export interface FakeKeyring extends KeyKeeper {
  key: Uint8Array | undefined;
  /** How often it was asked for anything. */
  readonly questions: number;
  /** From now on it does not answer; returns what lets it answer again. */
  hang(): () => void;
}

/** Creates a {@link FakeKeyring}, without a key at first. */
export function createFakeKeyring(): FakeKeyring {
  let key: Uint8Array | undefined;
  let questions = 0;
  let gate: Promise<void> = Promise.resolve();

  async function answer<T>(work: () => T): Promise<T> {
    questions += 1;
    await gate;
    return work();
  }

  return {
    get key() {
      return key;
    },
    set key(next) {
      key = next;
    },
    get questions() {
      return questions;
    },
    hang() {
      let release = () => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    load: () => answer(() => key && Uint8Array.from(key)),
    create: () =>
      answer(() => {
        key = randomBytes(32);
        return Uint8Array.from(key);
      }),
    remove: () =>
      answer(() => {
        key = undefined;
      }),
  };
}
