import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Place } from './bench-session.ts';

/**
 * A process that refreshes and dies before one step of it. The steps are counted where the engine and the store touch
 * the world: the file system and the network. The engine itself knows nothing of this.
 */
let killBefore = Number.POSITIVE_INFINITY;
const steps: string[] = [];

function step(name: string): void {
  steps.push(name);
  if (steps.length > killBefore) process.kill(process.pid, 'SIGKILL');
}

const WRITES = ['writeFile', 'sync', 'close', 'chmod'] as const;
const open = files.open;
files.open = async (path, flags, mode) => {
  const name = /\.(lock|new|session|key)$/.exec(String(path))?.[1] ?? 'folder';
  step(`open ${name}`);
  const handle = await open(path, flags, mode);
  for (const write of WRITES) {
    const original = handle[write].bind(handle) as (...words: unknown[]) => Promise<void>;
    Object.assign(handle, {
      [write]: (...words: unknown[]) => {
        step(`${write} ${name}`);
        return original(...words);
      },
    });
  }
  return handle;
};
const rename = files.rename;
files.rename = async (from, to) => {
  step('rename');
  await rename(from, to);
  step('renamed');
};
syncBuiltinESMExports();

const { openSession } = await import('./bench-session.ts');

const watchedFetch: typeof fetch = async (input, init) => {
  const isRefresh = String(input).endsWith('/token');
  if (isRefresh) step('send');
  const response = await fetch(input, init);
  if (isRefresh) step('answered');
  return response;
};

process.once('message', async (order: Place & { readonly killBefore: number | null }) => {
  const session = openSession(order, undefined, { fetch: watchedFetch });
  await session.restore();
  steps.length = 0;
  killBefore = order.killBefore ?? killBefore;
  await session.accessToken();
  step('done');
  process.send?.(steps, () => process.disconnect());
});
process.send?.('ready');
