import type { Clipboard } from 'electron';
import { partial } from './partial.ts';

let text = '';

/** Electron's `clipboard`, in the memory of this process: what is copied here does not reach other programs. */
export const clipboard = partial<Clipboard>('clipboard', {
  writeText: async (next) => {
    text = String(next);
  },
  readText: async () => text,
  clear() {
    text = '';
  },
});
