import type { ApiLog } from './log.ts';
import { pauseSeconds } from './pause.ts';

/** Runs what may fail without anybody having to care. */
export interface OutageGuard {
  /** The result, or undefined where it failed, took too long, or was not tried because that is how it went just now. */
  run<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/** How patient the guard is, and whom it tells. */
export interface OutageSettings {
  readonly timeLimitSeconds: number;
  readonly log: ApiLog;
  readonly clock: () => number;
}

const MAX_PAUSE_SECONDS = 10;

/** Guards calls to a store that may be away; one line in the log when that begins, and one when it ends. */
export function createOutageGuard({ timeLimitSeconds, log, clock }: OutageSettings): OutageGuard {
  // Calls that began before the store went or came back say nothing new, however late they end.
  let round = 0;
  let failures = 0;
  let retryAt = 0;

  const succeed = () => {
    if (failures > 0) log.info({}, 'The second level of the claims cache is back.');
    round += failures > 0 ? 1 : 0;
    failures = 0;
  };
  const fail = (error: unknown) => {
    const reason = error instanceof Error ? error.message : 'it failed';
    if (failures === 0)
      log.error({ reason }, 'The second level of the claims cache is away. This instance goes on alone.');
    failures += 1;
    round += 1;
    retryAt = clock() + pauseSeconds(failures - 1, MAX_PAUSE_SECONDS);
  };
  return {
    async run(work) {
      if (failures > 0 && clock() < retryAt) return undefined;
      if (failures > 0) retryAt = clock() + MAX_PAUSE_SECONDS;
      const begun = round;
      try {
        const result = await withinSeconds(timeLimitSeconds, work());
        if (begun === round) succeed();
        return result;
      } catch (error) {
        if (begun === round) fail(error);
        return undefined;
      }
    },
  };
}

/** @throws Error when the work takes longer; its result is then dropped */
export async function withinSeconds<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
    timer.unref();
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
