import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AuthError, memoryLock, type RefreshLock } from '@deskauth/session';
import { tryLock, unlock } from 'fs-native-extensions';

/** How often a taken lock is asked for again. */
const POLL_MILLISECONDS = 25;

/** Faults that will not pass: nothing can be written here, or the file system knows no locks. */
const NO_LOCK_HERE = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST', 'EISDIR'],
  ...['ENOLCK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'],
]);

/**
 * A lock between processes on a file: the operating system's own (OFD on Linux, `flock` on macOS, `LockFileEx` on
 * Windows). It ends with its holder, however that ends, so there is no stale lock and no time-out to guess.
 * Where there can be no such file it holds inside this process only, because a sign-in must be possible there too.
 * @param file path of the lock file; it stays empty and is never removed, because removing it would split the lock
 * @throws AuthError `AUTH_STORE_UNAVAILABLE` from `hold()` for a fault that may pass: too many open files
 */
export function processLock(file: string): RefreshLock {
  const turns = memoryLock();
  return {
    // In turn inside the process, so that waiters of one process do not race each other for the file.
    hold: (work) => turns.hold(() => holdFile(file, work)),
  };
}

async function holdFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  const release = await lockFile(file).catch(withoutLock);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Waits for the lock; returns what ends it. */
async function lockFile(file: string): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a', 0o600);
  try {
    while (!tryLock(handle.fd)) await wait(POLL_MILLISECONDS);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return async () => {
    unlock(handle.fd);
    await handle.close();
  };
}

function withoutLock({ code, path }: NodeJS.ErrnoException): () => Promise<void> {
  if (code !== undefined && NO_LOCK_HERE.has(code)) return async () => {};
  throw new AuthError(
    'AUTH_STORE_UNAVAILABLE',
    `The session cannot be locked: ${code ?? 'fault'} ${path ?? ''}`.trim(),
  );
}
