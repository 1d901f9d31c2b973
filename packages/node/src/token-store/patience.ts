import { AuthError, type Clock } from '@deskauth/session';
import { faultOf, type KeyKeeper, type StorageFault, tierUnavailable } from './tiers.ts';

/** A keeper that is given up when it does not answer, and left alone for a while when it could not be used. */
export interface PatientKeeper extends KeyKeeper {
  /** Ends the pause: the next question is asked. */
  retry(): void;
}

/** How long a keeper is left alone after its first failure, in seconds; each further one doubles it. */
const PAUSE_SECONDS = 30;
/** A person who has said no is not asked again soon. */
const PAUSE_AFTER_NO_SECONDS = 600;
const LONGEST_PAUSE_SECONDS = 3600;

/** How a keeper is treated. */
export interface PatienceOptions {
  /** What it is called in an error. */
  readonly name: string;
  /** For each call; `Infinity` for none. */
  readonly limitSeconds: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/**
 * Limits and spaces out the questions to a keeper: a locked keyring asks its owner, who may not be there, and who does
 * not want to be asked with every save.
 */
export function createPatience(keeper: KeyKeeper, options: PatienceOptions): PatientKeeper {
  const { name, limitSeconds, clock } = options;
  let unanswered: Error | undefined; // A question is beyond its limit, and still open.
  let failures = 0;
  let pause: { readonly error: unknown; readonly until: number } | undefined;

  function note(cause: unknown): never {
    const error = isToldAlready(cause) ? cause : tierUnavailable('broken', inWords(name, cause));
    failures += 1;
    pause = { error, until: clock.monotonic() + pauseSeconds(faultOf(error), failures) };
    throw error;
  }

  async function limited<T>(call: () => Promise<T>): Promise<T> {
    if (unanswered) throw unanswered;
    if (pause && clock.monotonic() < pause.until) throw pause.error;
    const answer = Promise.resolve().then(call).catch(note);
    answer.then(
      () => {
        failures = 0;
        pause = unanswered = undefined;
      },
      () => {
        unanswered = undefined;
      },
    );
    if (limitSeconds === Number.POSITIVE_INFINITY) return answer;
    return raceWithLimit(answer, limitSeconds, () => {
      unanswered = tierUnavailable('no-answer', `${name} gave no answer in ${limitSeconds} seconds.`);
      return unanswered;
    });
  }

  return {
    load: () => limited(() => keeper.load()),
    create: () => limited(() => keeper.create()),
    remove: () => limited(() => keeper.remove()),
    ...(keeper.probe && { probe: () => limited(async () => keeper.probe?.()) }),
    retry() {
      pause = undefined;
    },
  };
}

/** Faults of the file system are told by the store. */
function isToldAlready(error: unknown): boolean {
  return error instanceof AuthError || (error instanceof Error && 'errno' in error);
}

function inWords(name: string, cause: unknown): string {
  return `${name} cannot be used: ${cause instanceof Error ? cause.message : 'fault'}.`;
}

function pauseSeconds(fault: StorageFault, failures: number): number {
  const first = fault === 'dismissed' ? PAUSE_AFTER_NO_SECONDS : PAUSE_SECONDS;
  return Math.min(first * 2 ** (failures - 1), LONGEST_PAUSE_SECONDS);
}

async function raceWithLimit<T>(answer: Promise<T>, seconds: number, onLate: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(onLate()), seconds * 1000);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
