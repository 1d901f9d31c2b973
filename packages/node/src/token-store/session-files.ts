import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readPrivateFile, removePrivateFiles, writePrivateFile } from './private-file.ts';

/** The files of one slot: the sealed record, and the one before it for the day when the record is damaged. */
export interface SessionFiles {
  /** @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  read(): Promise<string | undefined>;
  /** Undefined, too, where it cannot be read: it is a help and no promise. */
  readPrevious(): Promise<string | undefined>;
  /** Replaces the record. @param previous is kept as the one before; without it there is none from now on */
  write(text: string, previous: string | undefined): Promise<void>;
  /** Puts the record aside, so that the next start does not stumble over it again. */
  setAside(): Promise<void>;
  /** The one before takes the place of a record that was set aside. */
  restorePrevious(): Promise<void>;
  /** Removes everything of this slot but its lock. */
  removeAll(): Promise<void>;
}

/** Names the files of a slot. */
export function sessionFiles(directory: string, slot: string): SessionFiles {
  const file = join(directory, `${slot}.session`);
  const previousFile = `${file}.previous`;
  const removeAll = (isMore: (name: string) => boolean) =>
    removePrivateFiles(directory, (name) => name.startsWith(`${slot}.`) && isMore(name));

  return {
    read: () => readPrivateFile(file),
    readPrevious: () => readPrivateFile(previousFile).catch(() => undefined),
    async write(text, previous) {
      if (previous === undefined) await removeAll((name) => name.endsWith('.previous'));
      // First of all: what it holds may be the only copy of a refresh token that has just been rotated.
      await writePrivateFile(file, text);
      if (previous !== undefined) await writePrivateFile(previousFile, previous).catch(() => undefined);
    },
    setAside: () => rename(file, `${file}.unreadable`).catch(() => undefined),
    restorePrevious: () => rename(previousFile, file).catch(() => undefined),
    // The record, its key, what was put aside and what a crash left half-written.
    removeAll: () => removeAll((name) => !name.endsWith('.lock')),
  };
}
