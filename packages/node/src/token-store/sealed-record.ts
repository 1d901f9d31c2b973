import { AuthError } from '@deskauth/session';
import { FlattenedEncrypt, type FlattenedJWE, flattenedDecrypt } from 'jose';
import { type KeyTier, STORAGE_TIERS } from './tiers.ts';

const FORMAT = 'deskauth-session+jwe';
const DAMAGED = Symbol('damaged');

/**
 * Seals a record: AES-256-GCM as a JWE (RFC 7516), bound by its associated data to one slot, so that a file moved to
 * another account, issuer or client does not open. It says itself which tier keeps its key.
 * @param key 32 bytes
 */
export async function sealRecord(
  record: object,
  key: Uint8Array,
  tier: KeyTier,
  slot: string,
): Promise<string> {
  const plain = new TextEncoder().encode(JSON.stringify(record));
  const sealed = await new FlattenedEncrypt(plain)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: FORMAT, kid: tier })
    .setAdditionalAuthenticatedData(new TextEncoder().encode(slot))
    .encrypt(key)
    .finally(() => plain.fill(0));
  return JSON.stringify(sealed);
}

/**
 * Which key opens this text, without opening it; undefined for a format of another version.
 * @throws AuthError `AUTH_STORE_UNREADABLE` when it is damaged
 */
export function tierOf(text: string): KeyTier | undefined {
  const { typ, kid } = parseHeader(text);
  return typ === FORMAT && isKeyTier(kid) ? kid : undefined;
}

/** The same for a text that may be damaged, or not there. */
export function keptByOf(text: string | undefined): KeyTier | undefined {
  try {
    return text === undefined ? undefined : tierOf(text);
  } catch {
    return undefined;
  }
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
    const json = new TextDecoder().decode(plaintext);
    plaintext.fill(0);
    return JSON.parse(json);
  } catch {
    // The library's reason says nothing a person could use, and could quote what it read.
    throw damage('The saved session could not be opened: it was changed, or its key was.');
  }
}

/** The error of a saved session that nothing will ever open, unlike one of another version. */
export function damage(message: string): AuthError {
  return Object.assign(new AuthError('AUTH_STORE_UNREADABLE', message), { [DAMAGED]: true });
}

/** True for an error of {@link damage}. */
export function isDamage(error: unknown): error is AuthError {
  return error instanceof AuthError && DAMAGED in error;
}

function isKeyTier(kid: unknown): kid is KeyTier {
  return kid !== 'memory' && STORAGE_TIERS.some((tier) => tier === kid);
}

function parseHeader(text: string): { readonly typ?: unknown; readonly kid?: unknown } {
  try {
    const { protected: header } = JSON.parse(text) as FlattenedJWE;
    const { typ, kid } = JSON.parse(Buffer.from(header ?? '', 'base64url').toString());
    return { typ, kid };
  } catch {
    throw damage('The saved session is damaged.');
  }
}
