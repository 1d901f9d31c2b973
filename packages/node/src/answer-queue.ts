import type { RedirectAnswer } from '@deskauth/session';

/** More answers than this at once are no person's: the oldest are turned away. */
const MOST_WAITING = 64;

/** Answers that have arrived, handed out in order. */
export interface AnswerQueue {
  push(answer: RedirectAnswer): void;
  /** The next answer. @throws the signal's reason when it aborts first */
  next(signal: AbortSignal): Promise<RedirectAnswer>;
}

/** Creates an {@link AnswerQueue}. One reader at a time. */
export function createAnswerQueue(): AnswerQueue {
  const waiting: RedirectAnswer[] = [];
  let wake: () => void = () => {};

  return {
    push(answer) {
      waiting.push(answer);
      if (waiting.length > MOST_WAITING) waiting.shift()?.finish({ kind: 'unknown' });
      wake();
    },
    async next(signal) {
      for (;;) {
        signal.throwIfAborted();
        const answer = waiting.shift();
        if (answer) return answer;
        await untilWokenOrAborted(signal, (resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

function untilWokenOrAborted(signal: AbortSignal, onWake: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    onWake(done);
  });
}
