import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Place } from './bench-session.ts';
import { createLives, type Life } from './crash-lives.ts';

/**
 * A process with some sessions that refresh, each in its own place. It dies when every one of them stands before the
 * same step. Steps are counted where the engine and the store touch the world: the file system and the network. The
 * engine itself knows nothing of this.
 */
const lives = createLives(() => process.kill(process.pid, 'SIGKILL'));

const WRITES = ['writeFile', 'sync', 'close', 'chmod'] as const;
const open = files.open;
files.open = async (path, flags, mode) => {
  const life = lives.at(String(path));
  const name = /\.(lock|new|session|key)$/.exec(String(path))?.[1] ?? 'folder';
  await life?.step(`open ${name}`);
  const handle = await open(path, flags, mode);
  for (const write of WRITES) {
    const original = handle[write].bind(handle) as (...words: unknown[]) => Promise<void>;
    Object.assign(handle, {
      [write]: async (...words: unknown[]) => {
        await life?.step(`${write} ${name}`);
        return original(...words);
      },
    });
  }
  return handle;
};
const rename = files.rename;
files.rename = async (from, to) => {
  const life = lives.at(String(from));
  await life?.step('rename');
  await rename(from, to);
  await life?.step('renamed');
};
syncBuiltinESMExports();

const { openSession } = await import('./bench-session.ts');

function watchFetch(life: Life): typeof fetch {
  return async (input, init) => {
    const isRefresh = String(input).endsWith('/token');
    if (isRefresh) await life.step('send');
    const response = await fetch(input, init);
    if (isRefresh) await life.step('answered');
    return response;
  };
}

async function refresh(place: Place): Promise<readonly string[]> {
  const life = lives.begin(place.directory);
  const session = openSession(place, undefined, { fetch: watchFetch(life) });
  await session.restore();
  life.count();
  await session.accessToken();
  await life.step('done');
  return life.steps;
}

process.once(
  'message',
  async (order: { readonly places: readonly Place[]; readonly killBefore: number | null }) => {
    lives.expect(order.places.length, order.killBefore ?? Number.POSITIVE_INFINITY);
    const [steps] = await Promise.all(order.places.map(refresh));
    process.send?.(steps, () => process.disconnect());
  },
);
process.send?.('ready');
