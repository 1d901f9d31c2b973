import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuthError } from '@deskauth/session';

const MINE_ONLY = 0o600;
const LARGEST_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Replaces a file that only its owner can read: the old one or the new one is there, whatever happens in between
 * (new file, flushed to disk, renamed over).
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
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
 * @throws AuthError `AUTH_STORE_UNREADABLE` for a link, another user's file or one that is far too large
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

async function openForReading(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw unreadable(path, 'it is a link');
    throw error;
  }
}

async function requireOwn(file: FileHandle, path: string): Promise<void> {
  const { uid, nlink, size, mode } = await file.stat();
  if (nlink > 1) throw unreadable(path, 'it has a second name (hard link)');
  if (size > LARGEST_FILE_BYTES) throw unreadable(path, 'it is too large');
  const me = process.getuid?.();
  if (me !== undefined && uid !== me) throw unreadable(path, 'it belongs to another user');
  if (me !== undefined && (mode & 0o077) !== 0) await file.chmod(MINE_ONLY);
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

function unreadable(path: string, why: string): AuthError {
  return new AuthError('AUTH_STORE_UNREADABLE', `The file ${path} is not used: ${why}.`);
}
