import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryLock, type RefreshLock } from '@deskauth/session';
import { tryLock, unlock } from 'fs-native-extensions';

/** How often a taken lock is asked for again. */
const POLL_MILLISECONDS = 25;

/**
 * A lock between processes on a file: the operating system's own (OFD on Linux, `flock` on macOS, `LockFileEx` on
 * Windows). It ends with its holder, however that ends, so there is no stale lock and no time-out to guess.
 * @param file path of the lock file; it stays empty and is never removed, because removing it would split the lock
 */
export function processLock(file: string): RefreshLock {
  const turns = memoryLock();
  return {
    // In turn inside the process, so that waiters of one process do not race each other for the file.
    hold: (work) => turns.hold(() => holdFile(file, work)),
  };
}

async function holdFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a', 0o600);
  try {
    while (!tryLock(handle.fd)) await wait(POLL_MILLISECONDS);
    try {
      return await work();
    } finally {
      unlock(handle.fd);
    }
  } finally {
    await handle.close();
  }
}
