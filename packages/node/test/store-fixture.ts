import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type KeyringStoreOptions, keyringStore, type ReportingTokenStore } from '@deskauth/node';
import { createFakeKeyring, type FakeKeyring } from './fake-keyring.ts';
import { makeDirectory } from './make-directory.ts';

export const owner = {
  appName: 'Companies',
  issuer: 'https://login.example.com',
  clientId: 'desktop',
} as const;

/** A keyring that this machine does not have. */
export const noKeyring = {
  load: () => Promise.reject(new Error('there is no keyring here')),
  create: () => Promise.reject(new Error('there is no keyring here')),
  remove: () => Promise.reject(new Error('there is no keyring here')),
};

/** A machine with a directory and a keyring, on which stores can be opened again and again. */
export interface Machine {
  readonly directory: string;
  readonly keyring: FakeKeyring;
  /** Opens the store as a new process would. */
  openStore(options?: Partial<KeyringStoreOptions>): ReportingTokenStore;
  /** The path of the one file whose name ends so. */
  fileOf(ending: string): Promise<string>;
}

/** Makes a {@link Machine} that goes away with the test. */
export async function makeMachine(t: TestContext): Promise<Machine> {
  const directory = join(await makeDirectory(t), 'data');
  const keyring = createFakeKeyring();
  return {
    directory,
    keyring,
    openStore: (options) => keyringStore({ ...owner, directory, keyring, ...options }),
    async fileOf(ending) {
      const names = (await readdir(directory)).filter((name) => name.endsWith(ending));
      if (names.length !== 1) throw new Error(`expected one *${ending} in ${directory}, found ${names}`);
      return join(directory, names[0] ?? '');
    },
  };
}

/** Names of the files of a directory; none where there is no directory. */
export function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

/** All bytes of all files of a directory, as text. */
export async function contentOf(directory: string): Promise<string> {
  const names = await namesIn(directory);
  return (await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1')))).join('\n');
}
