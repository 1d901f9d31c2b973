import type { AuthError } from './errors.ts';
import type { Clock } from './ports.ts';

const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 60;
/** A server may ask for more patience than ours, but not for ever. */
const LONGEST_ASKED_SECONDS = 3600;

/** Keeps those who fail from asking again at once. */
export interface BackOff {
  /** Until the next attempt is due; 0 when it is. */
  secondsLeft(): number;
  /** What the last attempt failed with, while the next one is not due. */
  readonly fault: AuthError | undefined;
  failed(error: AuthError): void;
  /** The next attempt is due: one has succeeded, or something has changed. */
  reset(): void;
}

/**
 * Creates a {@link BackOff}: twice the wait after each failure, up to a minute, or what the server asks for
 * (`Retry-After`); half of it by chance, so that many who failed together do not come back together.
 */
export function createBackOff(clock: Clock, random: () => number): BackOff {
  let failures = 0;
  let endsAt = 0;
  let fault: AuthError | undefined;
  const secondsLeft = () => Math.max(0, endsAt - clock.monotonic());
  return {
    secondsLeft,
    get fault() {
      return secondsLeft() > 0 ? fault : undefined;
    },
    failed(error) {
      const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** failures, LONGEST_WAIT_SECONDS);
      const asked = Math.min(error.server.retryAfterSeconds ?? 0, LONGEST_ASKED_SECONDS);
      failures += 1;
      endsAt =
        clock.monotonic() + Math.max(wait, asked) * (asked > wait ? 1 + random() / 10 : (1 + random()) / 2);
      fault = error;
    },
    reset() {
      failures = 0;
      endsAt = 0;
      fault = undefined;
    },
  };
}
