import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { AuthError } from '@deskauth/session';
import type { AskKeyring, KeyringQuestion } from './keyring-process.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** Keeps the 32-byte key of one slot. */
export interface KeyKeeper {
  /** The key, or undefined where there is no usable one. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  load(): Promise<Uint8Array | undefined>;
  /** Makes a new key and keeps it. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  create(): Promise<Uint8Array>;
  /** No error when there is none. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  remove(): Promise<void>;
}

const KEY_BYTES = 32;

/**
 * The operating system's keyring: Keychain, Credential Manager, Secret Service.
 * @param askKeyring asks it, from a process of its own
 */
export function keyringKey(service: string, account: string, askKeyring: AskKeyring): KeyKeeper {
  async function ask(verb: KeyringQuestion['verb'], secret?: string): Promise<string | undefined> {
    try {
      return await askKeyring({ verb, service, account, ...(secret !== undefined && { secret }) });
    } catch (error) {
      throw unavailable(inWords((error as Error).message));
    }
  }
  return {
    load: async () => parseKey((await ask('load')) ?? ''),
    async create() {
      const key = randomBytes(KEY_BYTES);
      await ask('save', key.toString('base64url'));
      return key;
    },
    remove: async () => void (await ask('remove')),
  };
}

/** A key in a file beside the data: it keeps other users out, and nobody who can read this user's files. */
export function fileKey(path: string): KeyKeeper {
  return {
    load: async () => parseKey((await readPrivateFile(path)) ?? ''),
    async create() {
      const key = randomBytes(KEY_BYTES);
      await writePrivateFile(path, key.toString('base64url'));
      return key;
    },
    remove: () => rm(path, { force: true }),
  };
}

/**
 * A keeper that is given up when it does not answer: a locked keyring asks its owner, who may not be there.
 * @param limitSeconds for each call
 */
export function timeLimited(keeper: KeyKeeper, limitSeconds: number): KeyKeeper {
  let isStuck = false;

  async function limited<T>(call: () => Promise<T>): Promise<T> {
    // Every call that hangs holds one of the few threads that the file system needs too.
    if (isStuck) throw unavailable('an earlier question is still not answered');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        isStuck = true;
        reject(unavailable(`no answer in ${limitSeconds} seconds`));
      }, limitSeconds * 1000);
    });
    const answer = Promise.resolve()
      .then(call)
      .finally(() => {
        clearTimeout(timer);
        isStuck = false;
      });
    return Promise.race([answer, late]);
  }

  return {
    load: () => limited(() => keeper.load()),
    create: () => limited(() => keeper.create()),
    remove: () => limited(() => keeper.remove()),
  };
}

/** A damaged key opens nothing: as good as none, and the next save makes a new one. */
function parseKey(text: string): Uint8Array | undefined {
  const key = Buffer.from(text, 'base64url');
  return key.length === KEY_BYTES ? key : undefined;
}

/** The library's texts are those of the platform; the most frequent one speaks to system builders. */
function inWords(text: string): string {
  return text.includes('DBUS_SESSION_BUS_ADDRESS')
    ? 'there is no D-Bus session'
    : text.replace('Platform failure: ', '');
}

function unavailable(why: string): AuthError {
  return new AuthError('AUTH_STORE_UNAVAILABLE', `The keyring of this computer cannot be used: ${why}.`);
}
