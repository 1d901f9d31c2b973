import { randomBytes } from 'node:crypto';

const KEY_BYTES = 32;

/** A new key of 32 bytes. */
export function buildKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** A key as the text that keyrings and files keep. */
export function formatKey(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('base64url');
}

/** A damaged key opens nothing: as good as none, and the next save makes a new one. */
export function parseKey(text: string): Uint8Array | undefined {
  const key = Buffer.from(text, 'base64url');
  return key.length === KEY_BYTES ? key : undefined;
}

/** Works with a key, and overwrites it afterwards: what lies in memory can end up in a crash dump or in swap. */
export async function withKey<T>(key: Uint8Array, work: (key: Uint8Array) => Promise<T>): Promise<T> {
  try {
    return await work(key);
  } finally {
    key.fill(0);
  }
}
