import type { SessionState, User } from '@deskauth/session';
import type { Page } from './page.ts';
import type { SignOuts } from './sign-outs.ts';

/** Remembers in this tab that somebody was signed in here: without that nobody is sent away for a silent sign-in. */
export interface SignedInMark {
  /**
   * True where it is worth a silent sign-in: nobody has signed out since, in whichever tab, and it is not the second one
   * in a row without somebody signed in between.
   */
  isSet(): boolean;
  /** False for another person than the one who was signed in here, and for anybody after a sign-out. */
  isOf(user: User): Promise<boolean>;
  /** The page leaves for a silent sign-in. */
  leave(): void;
  /** An answer of the authorization server has come back. */
  arrive(): void;
  /** Keeps the mark in step with the session. */
  follow(state: SessionState): void;
}

/** A silent sign-in that these stopped may be tried again at the next load. */
const PASSING = new Set(['AUTH_NETWORK', 'AUTH_SERVER_UNAVAILABLE']);

/**
 * Creates the mark: the number of the last sign-out before it, and a digest of who is signed in. Where storage is
 * denied it is never set.
 */
export function signedInMark(slot: string, page: Page, signOuts: SignOuts): SignedInMark {
  const mark = item(`deskauth:signed-in:${slot}`, page);
  const left = item(`deskauth:left:${slot}`, page);
  const read = () => {
    const [number, person] = mark.read()?.split(' ') ?? [];
    return number === String(signOuts.last()) ? { person } : undefined;
  };

  async function note(user: User): Promise<void> {
    const number = String(signOuts.last());
    const person = await digestOf(user);
    // Unless it is signed out meanwhile.
    if (mark.read() !== undefined) mark.write(`${number} ${person}`);
  }

  return {
    isSet: () => read() !== undefined && left.read() === undefined,
    async isOf(user) {
      const isMarked = mark.read() !== undefined;
      const person = await digestOf(user);
      const known = read();
      return known ? (known.person ?? person) === person : !isMarked;
    },
    leave() {
      if (!read()) mark.remove();
      left.write('');
    },
    arrive: left.remove,
    follow(state) {
      if (state.status === 'signed-in') {
        if (!read()) mark.write(String(signOuts.last()));
        left.remove();
        void note(state.user);
      }
      if (state.status === 'signed-out' && !PASSING.has(state.error?.code ?? '')) mark.remove();
    },
  };
}

/** Identity is the pair of issuer and subject (OIDC Core §5.7). What is kept tells nobody who that is. */
async function digestOf({ issuer, sub }: User): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([issuer, sub]));
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One item of session storage; denied storage holds nothing. */
function item(key: string, page: Page) {
  const attempt = <T>(work: (storage: Storage) => T): T | undefined => {
    try {
      return work(page.sessionStorage);
    } catch {
      return undefined;
    }
  };
  return {
    read: () => attempt((storage) => storage.getItem(key)) ?? undefined,
    write: (value: string) => attempt((storage) => storage.setItem(key, value)),
    remove: () => attempt((storage) => storage.removeItem(key)),
  };
}
