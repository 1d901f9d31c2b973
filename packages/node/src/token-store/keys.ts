import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { AuthError } from '@deskauth/session';
import { AsyncEntry } from '@napi-rs/keyring';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** Keeps the 32-byte key of one slot. */
export interface KeyKeeper {
  /** The key, or undefined where there is none yet. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  load(): Promise<Uint8Array | undefined>;
  /** Makes a new key and keeps it. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  create(): Promise<Uint8Array>;
  remove(): Promise<void>;
}

const KEY_BYTES = 32;
/** A locked keyring asks its owner; without an owner at hand it would wait for ever. */
const KEYRING_TIME_LIMIT_SECONDS = 8;

/** The operating system's keyring: Keychain, Credential Manager, Secret Service. */
export function keyringKey(service: string, account: string): KeyKeeper {
  // Pinned, because the library would fall back to the kernel's keyring, which forgets at log-out, without a word.
  const entry = () => new AsyncEntry(service, account, { linux: { store: 'secret-service' } });
  return {
    async load() {
      const secret = await timeLimited((signal) => entry().getPassword(signal));
      return secret === null ? undefined : parseKey(secret);
    },
    async create() {
      const key = randomBytes(KEY_BYTES);
      await timeLimited((signal) => entry().setPassword(key.toString('base64url'), signal));
      return key;
    },
    async remove() {
      await timeLimited((signal) => entry().deletePassword(signal));
    },
  };
}

/** A key in a file beside the data: it keeps other users out, and nobody who can read this user's files. */
export function fileKey(path: string): KeyKeeper {
  return {
    async load() {
      const text = await readPrivateFile(path);
      return text === undefined ? undefined : parseKey(text);
    },
    async create() {
      const key = randomBytes(KEY_BYTES);
      await writePrivateFile(path, key.toString('base64url'));
      return key;
    },
    remove: () => rm(path, { force: true }),
  };
}

function parseKey(text: string): Uint8Array {
  const key = Buffer.from(text, 'base64url');
  if (key.length === KEY_BYTES) return key;
  throw new AuthError('AUTH_STORE_UNREADABLE', 'The key of the saved session is damaged.');
}

async function timeLimited<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(KEYRING_TIME_LIMIT_SECONDS * 1000);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () =>
      reject(unavailable(`no answer in ${KEYRING_TIME_LIMIT_SECONDS} seconds`)),
    );
  });
  // The native call may hang on a locked keyring; a timer of ours must keep the process alive to notice.
  const keepAlive = setTimeout(() => {}, KEYRING_TIME_LIMIT_SECONDS * 1000 + 100);
  try {
    return await Promise.race([work(signal), late]);
  } catch (error) {
    throw error instanceof AuthError ? error : unavailable((error as Error).message);
  } finally {
    clearTimeout(keepAlive);
  }
}

function unavailable(why: string): AuthError {
  return new AuthError('AUTH_STORE_UNAVAILABLE', `The keyring of this computer cannot be used: ${why}.`);
}
