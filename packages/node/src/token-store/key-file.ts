import { rm } from 'node:fs/promises';
import { buildKey, formatKey, parseKey } from './key.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import type { KeyKeeper } from './tiers.ts';

/** What the platform offers to encrypt small texts for this user: Electron's `safeStorage`. */
export interface KeyWrapper {
  /** @throws AuthError `AUTH_STORE_UNAVAILABLE` where it cannot be used now, or would protect nothing */
  requireUsable(): Promise<void>;
  wrap(text: string): Promise<Uint8Array>;
  /** `isOutdated`: it opens, and should be wrapped anew. @throws Error when it does not open */
  unwrap(wrapped: Uint8Array): Promise<{ readonly text: string; readonly isOutdated: boolean }>;
}

/** A key in a file beside the data: it keeps other users out, and nobody who can read this user's files. */
export function fileKey(path: string): KeyKeeper {
  return {
    load: async () => parseKey((await readPrivateFile(path)) ?? ''),
    async create() {
      const key = buildKey();
      await writePrivateFile(path, formatKey(key));
      return key;
    },
    remove: () => rm(path, { force: true }),
  };
}

/** A key in a file, wrapped by the platform. */
export function wrappedKey(path: string, wrapper: KeyWrapper): KeyKeeper {
  async function save(key: Uint8Array): Promise<void> {
    const wrapped = await wrapper.wrap(formatKey(key));
    await writePrivateFile(path, Buffer.from(wrapped).toString('base64url'));
  }
  return {
    probe: () => wrapper.requireUsable(),
    async load() {
      await wrapper.requireUsable();
      const wrapped = await readPrivateFile(path);
      if (wrapped === undefined) return undefined;
      // It works, and does not open this: wrapped by another user, machine or build of the app. As good as none.
      const found = await wrapper.unwrap(Buffer.from(wrapped, 'base64url')).catch(() => undefined);
      const key = parseKey(found?.text ?? '');
      if (key && found?.isOutdated) await save(key);
      return key;
    },
    async create() {
      await wrapper.requireUsable();
      const key = buildKey();
      await save(key);
      return key;
    },
    remove: () => rm(path, { force: true }),
  };
}
