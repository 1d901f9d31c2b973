import { createHmac, hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** Keeps what is shared from whoever can read or write the store. */
export interface Sealer {
  /** The name of a value in the store: says nothing, and nobody without the secret can find the one of a token. */
  nameOf(kind: string, id: string): string;
  /** Encrypts a JSON value for one name. */
  seal(name: string, value: unknown): Promise<string>;
  /** What {@link Sealer.seal} was given; undefined for a text that was changed, moved to another name, or is not ours. */
  open(name: string, text: string): Promise<unknown>;
}

/**
 * AES-256-GCM as a JWE, under a key of its own for each name. A value that is moved to another name does not open, and
 * no key ever meets so many random nonces that two could be the same.
 * @param secret the same for all instances
 * @param scope what must not be mixed: another issuer, another API
 * @see RFC 7516, RFC 5869
 */
export function createSealer(secret: string, scope: string): Sealer {
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, scope, purpose, 32));
  const namingKey = derive('names');
  // A log is one name with many values.
  let latest: { readonly name: string; readonly key: Uint8Array } | undefined;
  const keyFor = (name: string) => {
    if (latest?.name !== name) latest = { name, key: derive(name) };
    return latest.key;
  };
  return {
    nameOf: (kind, id) =>
      `deskauth:${createHmac('sha256', namingKey).update(`${kind} ${id}`).digest('base64url')}`,
    seal: (name, value) =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify(value)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(keyFor(name)),
    async open(name, text) {
      try {
        const { plaintext } = await compactDecrypt(text, keyFor(name), ACCEPTED);
        return JSON.parse(new TextDecoder().decode(plaintext));
      } catch {
        return undefined;
      }
    },
  };
}

const ACCEPTED = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
