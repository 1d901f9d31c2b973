import type {
  BrowserLauncher,
  Clock,
  OpenRedirect,
  RedirectAnswer,
  RedirectListener,
  SignInOutcome,
} from '../ports.ts';

/** A clock that stands still until told. */
export interface FakeClock extends Clock {
  /** Time passes: moves on by so many seconds and runs what became due, in order. */
  advance(seconds: number): void;
  /** The wall clock alone moves: the machine slept, or somebody set it. Timers wait as before. */
  jump(seconds: number): void;
}

/** Creates a {@link FakeClock}. @param start seconds since the epoch */
export function createFakeClock(start = Math.floor(Date.now() / 1000)): FakeClock {
  let now = start;
  let monotonic = 0;
  const waiting = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    monotonic: () => monotonic,
    after(seconds, run) {
      const timer = { at: monotonic + seconds, run };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },
    advance(seconds) {
      const end = monotonic + seconds;
      for (;;) {
        const [next] = [...waiting].sort((a, b) => a.at - b.at);
        const until = Math.max(monotonic, Math.min(next?.at ?? end, end));
        now += until - monotonic;
        monotonic = until;
        if (!next || next.at > end) return;
        waiting.delete(next);
        next.run();
      }
    },
    jump(seconds) {
      now += seconds;
    },
  };
}

/** A browser that remembers what it was asked to open. Give it a person who acts on it, or an error to fail with. */
export function createFakeBrowser(person?: (url: string) => Promise<void> | void): BrowserLauncher & {
  readonly opened: readonly string[];
} {
  const opened: string[] = [];
  return {
    opened,
    async open(url) {
      opened.push(url);
      await person?.(url);
    },
  };
}

/** A redirect URI that a test answers by hand. */
export interface FakeRedirect extends RedirectListener {
  /** Delivers an answer; resolves with what the browser was told. */
  answer(url: string): Promise<SignInOutcome>;
  /** How many are open now: a test ends with 0. */
  readonly openCount: number;
}

/** Creates a {@link FakeRedirect}. */
export function createFakeRedirect(redirectUri = 'http://127.0.0.1:1/callback'): FakeRedirect {
  const arrived: RedirectAnswer[] = [];
  let wake: () => void = () => {};
  let openCount = 0;

  async function next(signal: AbortSignal): Promise<RedirectAnswer> {
    for (;;) {
      signal.throwIfAborted();
      const answer = arrived.shift();
      if (answer) return answer;
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  return {
    get openCount() {
      return openCount;
    },
    answer(url) {
      return new Promise((finish) => {
        arrived.push({ url, finish });
        wake();
      });
    },
    async open(): Promise<OpenRedirect> {
      openCount += 1;
      let isOpen = true;
      const close: OpenRedirect['close'] = async (why) => {
        if (isOpen) openCount -= 1;
        isOpen = false;
        const end: SignInOutcome = why ? { kind: 'failed', error: why.toJSON() } : { kind: 'unknown' };
        for (const answer of arrived.splice(0)) answer.finish(end);
      };
      return { redirectUri, next, close };
    },
  };
}
