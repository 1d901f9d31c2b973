import { constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AuthError, memoryLock, type RefreshLock } from '@deskauth/session';
import { tryLock, unlock } from 'fs-native-extensions';

/** How often a taken lock is asked for again. */
const POLL_MILLISECONDS = 25;

/** A process that was stopped, not ended, keeps its lock: the others wait no longer than a refresh may take. */
const PATIENCE_SECONDS = 60;

/** Faults that will not pass: nothing can be written here, or the file system knows no locks. */
const NO_LOCK_HERE = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ELOOP', 'ENXIO'],
  ...['ENOLCK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'],
]);

/**
 * A lock between processes on a file: the operating system's own (OFD on Linux, `flock` on macOS, `LockFileEx` on
 * Windows). It ends with its holder, however that ends, so there is no stale lock and no time-out to guess.
 * Where there can be no such file it holds inside this process only, because a sign-in must be possible there too.
 * @param file path of the lock file; it stays empty and is never removed, because removing it would split the lock
 * @throws AuthError `AUTH_STORE_UNAVAILABLE` from `hold()` for a fault that may pass: too many open files, or another
 * process that has the lock and does not go on
 */
export function processLock(file: string): RefreshLock {
  const turns = memoryLock();
  return {
    // In turn inside the process, so that waiters of one process do not race each other for the file.
    hold: (work, signal) => turns.hold(() => holdFile(file, work, signal), signal),
  };
}

async function holdFile<T>(file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const release = await lockFile(file, signal).catch(withoutLock);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Waits for the lock; returns what ends it. */
async function lockFile(file: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await openLockFile(file);
  const endsAt = performance.now() + PATIENCE_SECONDS * 1000;
  try {
    while (!tryLock(handle.fd)) {
      signal?.throwIfAborted();
      if (performance.now() > endsAt) throw heldTooLong();
      await wait(POLL_MILLISECONDS);
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  return async () => {
    unlock(handle.fd);
    await handle.close();
  };
}

/** Neither through a link, nor waiting for the other end of a pipe. Windows has neither flag. */
async function openLockFile(file: string): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = await open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw Object.assign(new Error('The lock is no file.'), { code: 'EEXIST', path: file });
}

const heldTooLong = () =>
  new AuthError(
    'AUTH_STORE_UNAVAILABLE',
    `Another process of the app has held the lock of the session for ${PATIENCE_SECONDS} s. If it was stopped, let it go on or end it.`,
  );

function withoutLock(error: NodeJS.ErrnoException): () => Promise<void> {
  if (error instanceof AuthError) throw error;
  const { code, path } = error;
  if (code !== undefined && NO_LOCK_HERE.has(code)) return async () => {};
  throw new AuthError(
    'AUTH_STORE_UNAVAILABLE',
    `The session cannot be locked: ${code ?? 'fault'} ${path ?? ''}`.trim(),
  );
}
