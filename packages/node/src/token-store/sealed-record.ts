import { AuthError, isSessionRecord, type SessionRecord } from '@deskauth/session';
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
 * Which key opens this text, without opening it.
 * @throws AuthError `AUTH_STORE_UNREADABLE`
 */
export function tierOf(text: string): KeyTier {
  const { typ, kid } = protectedHeader(text);
  if (typ === FORMAT && (kid === 'keyring' || kid === 'key-file')) return kid;
  throw new AuthError(
    'AUTH_STORE_UNREADABLE',
    'The saved session is of a format that this version does not know.',
  );
}

/**
 * Opens a sealed record.
 * @throws AuthError `AUTH_STORE_UNREADABLE` when it was changed, is another slot's, or the key is not the one
 */
export async function openRecord(text: string, key: Uint8Array, slot: string): Promise<SessionRecord> {
  const record = await decrypt(text, key, slot);
  if (isSessionRecord(record)) return record;
  throw new AuthError(
    'AUTH_STORE_UNREADABLE',
    'The saved session is of a format that this version does not know.',
  );
}

async function decrypt(text: string, key: Uint8Array, slot: string): Promise<unknown> {
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

function protectedHeader(text: string): { readonly typ?: unknown; readonly kid?: unknown } {
  try {
    const { protected: header } = JSON.parse(text) as FlattenedJWE;
    return JSON.parse(Buffer.from(header ?? '', 'base64url').toString());
  } catch {
    throw new AuthError('AUTH_STORE_UNREADABLE', 'The saved session is damaged.');
  }
}
