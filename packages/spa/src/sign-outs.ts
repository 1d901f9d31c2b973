import type { Page } from './page.ts';

/** The sign-outs of all tabs: what was made before the last one does not count, wherever it has been meanwhile. */
export interface SignOuts {
  /** The last one, as a number that only grows (milliseconds since the epoch); 0 when there was none. */
  last(): number;
  /** Notes one more; its number. */
  add(): number;
}

/** Creates {@link SignOuts}. The number is all that is in local storage. Where storage is denied there is none. */
export function createSignOuts(slot: string, page: Page): SignOuts {
  const key = `deskauth:signed-out:${slot}`;
  const last = () => {
    try {
      return Number(page.localStorage.getItem(key)) || 0;
    } catch {
      return 0;
    }
  };
  return {
    last,
    add() {
      const number = Math.max(Date.now(), last() + 1);
      try {
        page.localStorage.setItem(key, String(number));
      } catch {
        // Then nobody could sign in by redirect either.
      }
      return number;
    },
  };
}
