/**
 * Waits for work that goes on in any case, no longer than until the signal aborts.
 * @param isTooLate asked when it does: true means to wait for the end after all. @default never
 * @throws the signal's reason
 */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  isTooLate: () => boolean = () => false,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      if (!isTooLate()) reject(signal.reason);
    };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
