import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AuthError } from '@deskauth/session';

const MINE_ONLY = 0o600;
const LARGEST_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Replaces a file that only its owner can read: the old one or the new one is there, whatever happens in between
 * (new file, flushed to disk, renamed over).
 * @throws AuthError `AUTH_STORE_UNAVAILABLE` where another user's file is in the way, or the text is far too large
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  if (text.length > LARGEST_FILE_BYTES) throw unavailable(path, 'it would be too large');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await requireNoOtherOwner(path);
  const draft = `${path}.${randomUUID()}.new`;
  try {
    await writeFlushed(draft, text);
    await rename(draft, path);
    await flushDirectory(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Reads a file that {@link writePrivateFile} wrote; undefined when there is none.
 * @throws AuthError `AUTH_STORE_UNAVAILABLE` for a link, another user's file, no file or one that is far too large:
 * whatever it is, it is not ours to judge or to move
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  const file = await openForReading(path);
  if (!file) return undefined;
  try {
    await requireOwn(file, path);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Removes this user's files of a directory whose names are chosen; no error where there is none. */
export async function removePrivateFiles(
  directory: string,
  isChosen: (name: string) => boolean,
): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  // One that stays must not keep the others: they may be the session and its key.
  const faults: unknown[] = [];
  for (const name of names.filter(isChosen)) {
    const path = join(directory, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats && !isForeign(stats)) await rm(path, { force: true }).catch((fault) => faults.push(fault));
  }
  if (faults.length > 0) throw faults[0];
}

/** Runs work with files; what the file system says against it is told as the port promises. */
export async function withFileFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AuthError) throw error;
    const { code, path } = error as NodeJS.ErrnoException;
    throw new AuthError(
      'AUTH_STORE_UNAVAILABLE',
      `The session could not be saved or read: ${code ?? 'fault'} ${path ?? ''}`.trim(),
    );
  }
}

async function openForReading(path: string): Promise<FileHandle | undefined> {
  try {
    // Neither through a link, nor waiting for the other end of a pipe. Windows has neither flag.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    return await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw unavailable(path, 'it is a link');
    throw error;
  }
}

async function requireOwn(file: FileHandle, path: string): Promise<void> {
  const stats = await file.stat();
  if (!stats.isFile()) throw unavailable(path, 'it is not a file');
  if (stats.nlink > 1) throw unavailable(path, 'it has a second name (hard link)');
  if (stats.size > LARGEST_FILE_BYTES) throw unavailable(path, 'it is too large');
  if (isForeign(stats)) throw unavailable(path, 'it belongs to another user');
  if (process.getuid && (stats.mode & 0o077) !== 0) await file.chmod(MINE_ONLY);
}

/** An app that was started with `sudo` must not take the user's session away. */
async function requireNoOtherOwner(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats && isForeign(stats)) throw unavailable(path, 'it belongs to another user');
}

/** Windows has no numbers for users, and keeps them out by the folder. */
function isForeign({ uid }: { readonly uid: number }): boolean {
  return process.getuid !== undefined && uid !== process.getuid();
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', MINE_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable; Windows cannot open a directory and does not need it. */
async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}

function unavailable(path: string, why: string): AuthError {
  return new AuthError('AUTH_STORE_UNAVAILABLE', `The file ${path} is not used: ${why}.`);
}
