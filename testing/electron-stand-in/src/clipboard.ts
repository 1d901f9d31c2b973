import type { Clipboard } from 'electron';
import { openPages } from './open-pages.ts';
import { partial } from './partial.ts';

let text = '';

/**
 * Electron's `clipboard`. What the app writes reaches the system through the page that has the focus; what it reads is
 * what it has written itself.
 */
export const clipboard = partial<Clipboard>('clipboard', {
  async writeText(next) {
    text = String(next);
    await writeThroughPages(text);
  },
  readText: async () => text,
  clear() {
    text = '';
    writeThroughPages(text);
  },
});

/** Chromium lets the focused page alone write, so all are asked. */
async function writeThroughPages(next: string): Promise<void> {
  const expression = `document.hasFocus() ? navigator.clipboard.writeText(${JSON.stringify(next)}) : undefined`;
  const write = { expression, awaitPromise: true, userGesture: true };
  await Promise.allSettled(openPages().map((session) => session.send('Runtime.evaluate', write)));
}
