import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthError, memoryStore, type SessionRecord, type TokenStore } from '@deskauth/session';
import { dataDirectory } from '../data-directory.ts';
import { fileKey, type KeyKeeper, keyringKey } from './keys.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
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
 * operating system's keyring. The record may be of any size; a keyring takes only small secrets.
 */
export function keyringStore(options: KeyringStoreOptions): ReportingTokenStore {
  const slot = slotOf(options);
  const directory = options.directory ?? dataDirectory(options.appName);
  const file = join(directory, `${slot}.session`);
  const memory = memoryStore();
  const keepers: Record<KeyTier, KeyKeeper> = {
    keyring: options.keyring ?? keyringKey(options.appName, slot),
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
    const key = await keepers[tierOf(text)].load();
    if (!key)
      throw new AuthError('AUTH_STORE_UNREADABLE', 'The key of the saved session is gone from the keyring.');
    return openRecord(text, key, slot);
  }

  return {
    report,
    load: () =>
      guarded(async () => {
        const { tier } = await report();
        const kept = await memory.load();
        if (tier === 'memory' && kept) return kept;
        return read().catch((error) => setAside(file, error));
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
        await rm(file, { force: true });
        await rm(asideOf(file), { force: true });
        await keepers['key-file'].remove();
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

const asideOf = (file: string) => `${file}.unreadable`;

/** A file that cannot be opened is put aside, so that the next start does not stumble over it again. */
async function setAside(file: string, error: unknown): Promise<never> {
  if (error instanceof AuthError && error.code === 'AUTH_STORE_UNREADABLE')
    await rename(file, asideOf(file)).catch(() => undefined);
  throw error;
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
