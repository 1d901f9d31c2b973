import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AuthError,
  isSessionRecord,
  memoryStore,
  type SessionRecord,
  type TokenStore,
} from '@deskauth/session';
import { dataDirectory } from '../data-directory.ts';
import { keyringProcess, type StartKeyringProcess } from './keyring-process.ts';
import { fileKey, type KeyKeeper, keyringKey, timeLimited } from './keys.ts';
import { readPrivateFile, removePrivateFiles, writePrivateFile } from './private-file.ts';
import { type KeyTier, openRecord, sealRecord, tierOf } from './sealed-record.ts';
import { type SlotOwner, slotOf } from './slot.ts';

/** Whose session is kept, and where. */
export interface KeyringStoreOptions extends SlotOwner {
  /** @default the operating system's folder for data of this app */
  readonly directory?: string;
  /**
   * What to do on a machine without a usable keyring. `memory`: the session ends with the process. `key-file`: the key
   * lies in a file beside the data, readable by this user only; choose it knowingly.
   * @default 'memory'
   */
  readonly withoutKeyring?: 'memory' | 'key-file';
  /** Which keyring. @default the operating system's */
  readonly keyring?: KeyKeeper;
  /** How the process is started that talks to the operating system's keyring. @default Node's `fork` */
  readonly startKeyringProcess?: StartKeyringProcess;
  /** How long the keyring may take for one answer, in seconds. @default 8 */
  readonly keyringTimeLimitSeconds?: number;
}

/** Where a session is kept, in truth. */
export interface StorageReport {
  readonly tier: KeyTier | 'memory';
  /** Why it is not the keyring, where it is not. */
  readonly reason?: string;
}

/** A token store that says how well it keeps. */
export interface ReportingTokenStore extends TokenStore {
  report(): Promise<StorageReport>;
}

/**
 * The token store of a machine: the record encrypted in a file that only this user can read, its key in the
 * operating system's keyring, because a keyring takes only small secrets.
 */
export function keyringStore(options: KeyringStoreOptions): ReportingTokenStore {
  const slot = slotOf(options);
  const directory = options.directory ?? dataDirectory(options.appName);
  const file = join(directory, `${slot}.session`);
  const memory = memoryStore();
  const keyring =
    options.keyring ?? keyringKey(options.appName, slot, keyringProcess(options.startKeyringProcess));
  const keepers: Record<KeyTier, KeyKeeper> = {
    keyring: timeLimited(keyring, options.keyringTimeLimitSeconds ?? 8),
    'key-file': fileKey(join(directory, `${slot}.key`)),
  };
  let chosen: Promise<StorageReport> | undefined;

  /** Asked once: a keyring that comes and goes would scatter copies. */
  const report = () => {
    chosen ??= chooseTier(keepers.keyring, options.withoutKeyring ?? 'memory');
    return chosen;
  };

  async function read(): Promise<SessionRecord | undefined> {
    const text = await readPrivateFile(file);
    if (text === undefined) return undefined;
    let value: unknown;
    try {
      value = await open(text);
    } catch (error) {
      // Another process may have replaced file and key between our look at the one and at the other.
      if ((await readPrivateFile(file)) !== text) return read();
      await setAside(file, error);
      throw error;
    }
    if (isSessionRecord(value)) return value;
    // Not damaged: it stays where it is, for the version that can read it.
    throw new AuthError(
      'AUTH_STORE_UNREADABLE',
      'The saved session is of a format that this version does not know.',
    );
  }

  /** What was sealed; undefined for an envelope of another version. */
  async function open(text: string): Promise<unknown> {
    const keptBy = tierOf(text);
    if (keptBy === undefined) return undefined;
    const { tier, reason } = await report();
    if (keptBy === 'keyring' && tier !== 'keyring')
      throw new AuthError('AUTH_STORE_UNAVAILABLE', `The saved session cannot be opened now. ${reason}`);
    const key = await keepers[keptBy].load();
    if (!key) throw new AuthError('AUTH_STORE_UNREADABLE', 'The key of the saved session is gone.');
    return openRecord(text, key, slot);
  }

  return {
    report,
    load: () =>
      guarded(async () => {
        const { tier } = await report();
        return (tier === 'memory' && (await memory.load())) || read();
      }),
    save: (record) =>
      guarded(async () => {
        const { tier } = await report();
        if (tier === 'memory') return memory.save(record);
        const key = (await keepers[tier].load()) ?? (await keepers[tier].create());
        await writePrivateFile(file, await sealRecord(record, key, tier, slot));
      }),
    clear: () =>
      guarded(async () => {
        await memory.clear();
        // The record, its key, what was put aside and what a crash left half-written; not the lock.
        await removePrivateFiles(directory, (name) => name.startsWith(`${slot}.`) && !name.endsWith('.lock'));
        if ((await report()).tier === 'keyring') await keepers.keyring.remove();
      }),
  };
}

async function chooseTier(keyring: KeyKeeper, otherwise: 'memory' | 'key-file'): Promise<StorageReport> {
  try {
    await keyring.load();
    return { tier: 'keyring' };
  } catch (error) {
    return { tier: otherwise, reason: (error as Error).message };
  }
}

/** A file that cannot be opened is put aside, so that the next start does not stumble over it again. */
async function setAside(file: string, error: unknown): Promise<void> {
  if (error instanceof AuthError && error.code === 'AUTH_STORE_UNREADABLE')
    await rename(file, `${file}.unreadable`).catch(() => undefined);
}

/** Faults of the file system, as the port promises them. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
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
