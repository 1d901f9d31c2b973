import { RemoteFault } from './remote-json.ts';

/** Leaves a failing server alone for a while, and lets one request find out when it is back. */
export interface Pause {
  /** Runs the work, or throws the latest fault at once. @throws RemoteFault */
  guard<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * @param failuresUntilPause how many failures in a row start a pause
 * @param maxSeconds the longest pause
 */
export function createPause(clock: () => number, failuresUntilPause: number, maxSeconds: number): Pause {
  let failures = 0;
  let until = 0;
  let latest = new RemoteFault('The authorization server was not asked.');
  return {
    async guard(work) {
      const isPaused = failures >= failuresUntilPause;
      if (isPaused && clock() < until) throw new RemoteFault(`Not asked again yet. ${latest.message}`);
      if (isPaused) until = clock() + maxSeconds;
      try {
        const result = await work();
        failures = 0;
        return result;
      } catch (error) {
        if (!(error instanceof RemoteFault)) throw error;
        // A refusal of one request says nothing about the next: whoever sends nonsense must not keep others out.
        if (error.refusal) throw error;
        latest = error;
        failures += 1;
        until = clock() + pauseSeconds(failures - failuresUntilPause, maxSeconds);
        throw error;
      }
    },
  };
}

/** 1, 2, 4 … seconds, so that a short hiccup costs little and a dead server is not hammered. */
export function pauseSeconds(retries: number, maxSeconds: number): number {
  return retries < 0 ? 0 : Math.min(2 ** retries, maxSeconds);
}
