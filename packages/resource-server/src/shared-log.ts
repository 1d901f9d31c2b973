import { randomUUID } from 'node:crypto';
import type { SecondLevel } from './shared-answers.ts';

/** What one instance has to tell all the others, those that start later included. */
export interface SharedLog {
  /** Settles when the store has the message, or when it has to wait in a queue until the store is back. */
  publish(message: object): Promise<void>;
  /** What to wait for until the messages from before are known, or cannot be; undefined once that is so. */
  ready(): Promise<void> | undefined;
}

/** More than an outage of a day brings. */
const MAX_WAITING = 100_000;

const RETRY_MS = 1000;

/**
 * A log in the store, each message sealed.
 * @param keepSeconds how long a message matters
 * @param deliver told every message of the others; one may come twice
 */
export function createSharedLog(
  { store, logSealer: sealer, guard }: SecondLevel,
  keepSeconds: number,
  deliver: (message: object) => void,
): SharedLog {
  const origin = randomUUID();
  const name = sealer.nameOf('log', 'evictions');
  const waiting: string[] = [];
  let isReady = false;
  let flushing: Promise<void> | undefined;
  let isWaiting = false;
  let sending: Promise<boolean> | undefined;

  const receive = async (texts: readonly string[]) => {
    for (const value of await Promise.all(texts.map((text) => sealer.open(name, text)))) {
      const { origin: from, message } = Object(value) as { origin?: unknown; message?: unknown };
      if (from !== origin && typeof message === 'object' && message !== null) deliver(message);
    }
  };
  const caughtUp = store.subscribe(name, receive).then(() => {
    isReady = true;
  });
  // Whoever asks whether it is ready is told; nobody may have asked yet.
  caughtUp.catch(() => undefined);
  const append = async (message: string): Promise<boolean> => {
    await store.publish(name, message, keepSeconds);
    if (waiting[0] === message) waiting.shift();
    return true;
  };
  /** What takes longer than anybody waits is not sent again while it is on its way. */
  const sendFirst = async (): Promise<boolean> => {
    const send = () => {
      sending ??= append(waiting[0] ?? '').finally(() => {
        sending = undefined;
      });
      return sending;
    };
    return (await guard.run(send)) ?? false;
  };
  const flush = async () => {
    let isAway = false;
    while (waiting.length > 0 && !isAway) isAway = !(await sendFirst());
    flushing = undefined;
    if (isAway && !isWaiting) setTimeout(flushAgain, RETRY_MS).unref();
    isWaiting = isAway;
  };
  const flushAgain = () => {
    isWaiting = false;
    if (waiting.length > 0) flushing ??= flush();
  };
  return {
    async publish(message) {
      waiting.push(await sealer.seal(name, { origin, message }));
      if (waiting.length > MAX_WAITING) waiting.shift();
      flushing ??= flush();
      await flushing;
    },
    ready: () => (isReady ? undefined : guard.run(() => caughtUp)),
  };
}
