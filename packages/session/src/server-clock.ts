import { inWords } from './plain-text.ts';
import type { Clock } from './ports.ts';
import type { Warnings } from './warnings.ts';

/** Up to here clocks are called equal: a `Date` is in whole seconds and an answer takes its time. */
const EQUAL_WITHIN_SECONDS = 30;

/** How the authorization server's clock compares with this machine's. */
export interface ServerClock {
  /** Seconds to add to this machine's time; 0 while the clocks agree or nothing is known. */
  readonly skewSeconds: number;
  /** The same for an error; empty while the clocks agree. */
  skew(): { readonly clockSkewSeconds?: number };
  /** Reads the time from an answer of the server. */
  observe(response: Response): void;
  /** Asks for the time where the server's own answers do not tell it. Never rejects. */
  measure(): Promise<void>;
}

/** An answer whose `Date` can be read: see the port `timeAddress`. */
export type AskTime = () => Promise<Response>;

/**
 * Measures the server's clock from the `Date` of its answers (RFC 9110 §6.6.1), so that a wrong clock on this
 * machine ends no sign-in: tokens are judged by the time of the server that made them.
 */
export function createServerClock(clock: Clock, warnings: Warnings, ask?: AskTime): ServerClock {
  let skewSeconds = 0;
  let isTold = false;

  /** True when the answer told the time. */
  function read({ headers }: Response): boolean {
    const date = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(date)) return false;
    // What comes out of a cache was dated when it went in (RFC 9111 §5.1).
    const age = Number(headers.get('age') ?? 0);
    const measured = Math.round(date / 1000 + (Number.isFinite(age) ? age : 0) - clock.now());
    skewSeconds = Math.abs(measured) > EQUAL_WITHIN_SECONDS ? measured : 0;
    warnings.set('clock-differs', skewSeconds === 0 ? undefined : describe(skewSeconds));
    return true;
  }

  return {
    get skewSeconds() {
      return skewSeconds;
    },
    skew: () => (skewSeconds === 0 ? {} : { clockSkewSeconds: skewSeconds }),
    observe(response) {
      if (read(response)) isTold = true;
    },
    async measure() {
      if (!isTold) await ask?.().then(read, () => false);
    },
  };
}

function describe(skewSeconds: number): string {
  const difference = inWords(Math.abs(skewSeconds));
  const direction = skewSeconds > 0 ? 'behind' : 'ahead of';
  return `This machine's clock is ${difference} ${direction} the sign-in server's. Set its date, time and time zone.`;
}
