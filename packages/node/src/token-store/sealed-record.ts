import { AuthError, type SessionRecord } from '@deskauth/session';
import { FlattenedEncrypt, type FlattenedJWE, flattenedDecrypt } from 'jose';

/** Where the key of a sealed record is kept. */
export type KeyTier = 'keyring' | 'key-file';

const FORMAT = 'deskauth-session+jwe';

/**
 * Seals a record: AES-256-GCM as a JWE (RFC 7516), bound by its associated data to one slot, so that a file moved to
 * another account, issuer or client does not open.
 * @param key 32 bytes
 */
export async function sealRecord(
  record: SessionRecord,
  key: Uint8Array,
  tier: KeyTier,
  slot: string,
): Promise<string> {
  const sealed = await new FlattenedEncrypt(new TextEncoder().encode(JSON.stringify(record)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: FORMAT, kid: tier })
    .setAdditionalAuthenticatedData(new TextEncoder().encode(slot))
    .encrypt(key);
  return JSON.stringify(sealed);
}

/**
 * Which key opens this text, without opening it; undefined for a format of another version.
 * @throws AuthError `AUTH_STORE_UNREADABLE` when it is damaged
 */
export function tierOf(text: string): KeyTier | undefined {
  const { typ, kid } = parseHeader(text);
  return typ === FORMAT && (kid === 'keyring' || kid === 'key-file') ? kid : undefined;
}

/**
 * Opens what {@link sealRecord} sealed. What comes out is authentic, and may still be another version's record.
 * @throws AuthError `AUTH_STORE_UNREADABLE` when it was changed, is another slot's, or the key is not the one
 */
export async function openRecord(text: string, key: Uint8Array, slot: string): Promise<unknown> {
  try {
    const sealed = { ...(JSON.parse(text) as FlattenedJWE), aad: Buffer.from(slot).toString('base64url') };
    const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
    const { plaintext } = await flattenedDecrypt(sealed, key, options);
    return JSON.parse(new TextDecoder().decode(plaintext));
  } catch {
    // The library's reason says nothing a person could use, and could quote what it read.
    throw new AuthError(
      'AUTH_STORE_UNREADABLE',
      'The saved session could not be opened: it was changed, or its key was.',
    );
  }
}

function parseHeader(text: string): { readonly typ?: unknown; readonly kid?: unknown } {
  try {
    const { protected: header } = JSON.parse(text) as FlattenedJWE;
    const { typ, kid } = JSON.parse(Buffer.from(header ?? '', 'base64url').toString());
    return { typ, kid };
  } catch {
    throw new AuthError('AUTH_STORE_UNREADABLE', 'The saved session is damaged.');
  }
}
