import type { BackOff } from './back-off.ts';
import { asAuthError } from './errors.ts';
import type { Clock } from './ports.ts';
import type { TokenAges } from './token-age.ts';
import type { AccessToken } from './token-set.ts';

/** Renews the access token before it expires, so that no call has to wait. */
export interface BackgroundRenewal {
  /** Plans anew: call it after every change of the session. */
  plan(): void;
  /** The machine goes to sleep: nothing is renewed until {@link resume}. */
  suspend(): void;
  /** The machine is awake, or the network is back. */
  resume(): void;
  stop(): void;
}

/** What background renewal stands on. */
export interface BackgroundRenewalPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly ages: TokenAges;
  readonly backOff: BackOff;
  /** The token to keep fresh; undefined while nobody is signed in. */
  readonly token: () => AccessToken | undefined;
  readonly renew: () => Promise<void>;
}

/** A timer that is this late slept with the machine. */
const SLEPT_SECONDS = 30;
/** After waking up the network needs a moment, and everybody else wakes up too. */
const SETTLE_SECONDS = 5;
const SPREAD_SECONDS = 25;

/** Creates a {@link BackgroundRenewal}; it does nothing before `plan`. */
export function createBackgroundRenewal(ports: BackgroundRenewalPorts): BackgroundRenewal {
  const { clock, random, ages, backOff } = ports;
  let cancel = () => {};
  let isSuspended = false;

  function plan(): void {
    cancel();
    const token = ports.token();
    if (isSuspended || !token) return;
    const left = ages.secondsLeft(token);
    // A little earlier by chance: many processes share one expiry.
    const early = ages.marginSeconds(token) * (1 + random() / 2);
    wait(Math.max(left - early, backOff.secondsLeft(), 1), () => void renew());
  }

  function wait(seconds: number, run: () => void): void {
    const dueAt = clock.now() + seconds;
    cancel = clock.after(seconds, () => {
      const slept = clock.now() - dueAt > SLEPT_SECONDS;
      if (slept) wait(SETTLE_SECONDS + random() * SPREAD_SECONDS, run);
      else if (clock.now() < dueAt - SLEPT_SECONDS)
        plan(); // The longest timer was shorter than this.
      else run();
    });
  }

  async function renew(): Promise<void> {
    const fault = await ports.renew().then(
      () => undefined,
      (error: unknown) => asAuthError(error),
    );
    if (fault?.sessionKept) plan();
  }

  return {
    plan,
    suspend() {
      isSuspended = true;
      cancel();
    },
    resume() {
      isSuspended = false;
      backOff.reset();
      cancel();
      if (ports.token()) wait(SETTLE_SECONDS + random() * SPREAD_SECONDS, plan);
    },
    stop: () => cancel(),
  };
}
