import { pauseSeconds } from './pause.ts';
import type { Promised } from './promised.ts';
import { RemoteFault } from './remote-json.ts';

/** How long a remote document is believed, all in seconds. */
export interface Keeping {
  /** A document older than this is not used while the server answers. Half-way there it is fetched in the background. */
  readonly maxAgeSeconds: number;
  /** While the server does not answer, the last good document is used up to this age. */
  readonly outageLimitSeconds: number;
  /** The least time between two fetches that a caller can provoke. */
  readonly cooldownSeconds: number;
}

/** A remote document that is kept fresh ahead of time and survives an outage of its server. */
export interface KeptDocument<T> {
  /** The document if it can be used without waiting; starts a fetch in the background when one is due. @param now seconds since the epoch */
  peek(now?: number): T | undefined;
  /** The document, at once or fetched if need be. @throws RemoteFault */
  current(): Promised<T>;
  /** A document fetched just now, for a caller who misses something in it; undefined during the cooldown. @throws RemoteFault */
  reload(): Promise<T | undefined>;
  /** When the last good copy was fetched, in seconds since the epoch, and why the latest try failed, if it did. */
  health(): { readonly loadedAt: number | undefined; readonly failure: string | undefined };
}

interface State<T> {
  value?: T;
  loadedAt?: number;
  attemptedAt: number;
  failures: number;
  fault?: RemoteFault | undefined;
  inFlight?: Promise<T> | undefined;
}

/**
 * Keeps one document: concurrent callers share one fetch, a failed fetch is repeated with growing pauses, and nobody
 * waits for a refresh as long as the copy at hand may be used.
 * @param load fetches and parses; throws RemoteFault
 * @param clock seconds since the epoch
 */
export function createKeptDocument<T>(
  load: () => Promise<T>,
  clock: () => number,
  keeping: Keeping,
): KeptDocument<T> {
  const state: State<T> = { attemptedAt: Number.NEGATIVE_INFINITY, failures: 0 };
  const age = () => clock() - (state.loadedAt ?? Number.NEGATIVE_INFINITY);
  const sinceAttempt = () => clock() - state.attemptedAt;
  const pausing = () =>
    state.failures > 0 && sinceAttempt() < pauseSeconds(state.failures - 1, keeping.cooldownSeconds);

  const fetchOnce = (): Promise<T> => {
    if (state.inFlight) return state.inFlight;
    state.attemptedAt = clock();
    state.inFlight = load()
      .then(
        (value) => accept(state, value, clock()),
        (error) => reject(state, error),
      )
      .finally(() => {
        state.inFlight = undefined;
      });
    return state.inFlight;
  };

  const peek = (now = clock()): T | undefined => {
    const old = now - (state.loadedAt ?? Number.NEGATIVE_INFINITY);
    if (old < keeping.maxAgeSeconds / 2) return state.value;
    const due = !state.inFlight && !pausing();
    const limit = state.failures > 0 ? keeping.outageLimitSeconds : 0;
    const usable = old < Math.max(keeping.maxAgeSeconds, limit);
    if (!usable) return undefined;
    if (due) fetchOnce().catch(() => undefined);
    return state.value;
  };

  return {
    peek,
    current() {
      const value = peek();
      if (value !== undefined) return value;
      if (state.fault && pausing()) return Promise.reject(state.fault);
      return fetchOnce().catch((fault) => {
        if (state.value !== undefined && age() < keeping.outageLimitSeconds) return state.value;
        throw fault;
      });
    },
    async reload() {
      if (state.inFlight) return state.inFlight;
      if (sinceAttempt() >= keeping.cooldownSeconds) return fetchOnce();
      if (state.fault) throw state.fault;
      return undefined;
    },
    health: () => ({ loadedAt: state.loadedAt, failure: state.fault?.message }),
  };
}

function accept<T>(state: State<T>, value: T, now: number): T {
  Object.assign(state, { value, loadedAt: now, failures: 0, fault: undefined });
  return value;
}

function reject<T>(state: State<T>, error: unknown): never {
  state.failures += 1;
  state.fault = error instanceof RemoteFault ? error : new RemoteFault(String((error as Error).message));
  throw state.fault;
}
