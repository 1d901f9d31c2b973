import type { SessionState } from '@deskauth/session';
import type { Page } from './page.ts';
import type { SignOuts } from './sign-outs.ts';

/** Remembers in this tab that somebody was signed in here: without that nobody is sent away for a silent sign-in. */
export interface SignedInMark {
  /**
   * True where it is worth a silent sign-in: nobody has signed out since, in whichever tab, and it is not the second one
   * in a row without somebody signed in between.
   */
  isSet(): boolean;
  /** The page leaves for a silent sign-in. */
  leave(): void;
  /** An answer of the authorization server has come back. */
  arrive(): void;
  /** Keeps the mark in step with the session. */
  follow(state: SessionState): void;
}

/** A silent sign-in that these stopped may be tried again at the next load. */
const PASSING = new Set(['AUTH_NETWORK', 'AUTH_SERVER_UNAVAILABLE']);

/** Creates the mark. Where storage is denied it is never set. */
export function signedInMark(slot: string, page: Page, signOuts: SignOuts): SignedInMark {
  const key = `deskauth:signed-in:${slot}`;
  const leftKey = `deskauth:left:${slot}`;
  const arrive = () => void withStorage(page, (storage) => storage.removeItem(leftKey));
  const isSet = (storage: Storage) =>
    storage.getItem(key) === String(signOuts.last()) && storage.getItem(leftKey) === null;
  return {
    isSet: () => withStorage(page, isSet) ?? false,
    leave: () => withStorage(page, (storage) => storage.setItem(leftKey, '')),
    arrive,
    follow(state) {
      if (state.status === 'signed-in') {
        withStorage(page, (storage) => storage.setItem(key, String(signOuts.last())));
        arrive();
      }
      if (state.status === 'signed-out' && !PASSING.has(state.error?.code ?? ''))
        withStorage(page, (storage) => storage.removeItem(key));
    },
  };
}

function withStorage<T>(page: Page, work: (storage: Storage) => T): T | undefined {
  try {
    return work(page.sessionStorage);
  } catch {
    return undefined;
  }
}
