import { decodeProtectedHeader } from 'jose';
import type { IDToken } from 'openid-client';
import { AuthError } from './errors.ts';

/** Clocks differ; an ID token older or newer than this is not the answer to a sign-in that just happened. */
const ISSUED_AT_TOLERANCE_SECONDS = 300;
const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/** What the checks compare with. */
export interface IdTokenExpectation {
  readonly clientId: string;
  readonly accessToken: string;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Audiences that may stand beside the client id. */
  readonly otherAudiences: readonly string[];
  /** False for a refresh, where a server may return the ID token of long ago. */
  readonly isFresh: boolean;
}

/**
 * The checks that openid-client leaves to its caller, after its own (signature, issuer, audience, expiry, nonce).
 * @throws AuthError `AUTH_ID_TOKEN_INVALID`
 * @see OIDC Core §3.1.3.7, RFC 8725 §3.11
 */
export async function verifyIdToken(
  idToken: string,
  claims: IDToken,
  expected: IdTokenExpectation,
): Promise<void> {
  const { typ, alg } = decodeProtectedHeader(idToken);
  const audiences = [claims.aud].flat();
  require(typ === undefined || typ.toUpperCase() === 'JWT', `it is of type ${typ}`);
  require(/^[\x21-\x7e]{1,255}$/.test(claims.sub), 'its subject is empty, too long or not plain text');
  const strangers = audiences.filter(
    (name) => name !== expected.clientId && !expected.otherAudiences.includes(name),
  );
  require(strangers.length ===
    0, `it is also meant for ${strangers.join(', ')} (see the setting otherAudiences)`);
  require(claims.azp === undefined || claims.azp === expected.clientId, 'it was issued for another client');
  if (expected.isFresh) requireRecent(claims, expected.now);
  if (claims.at_hash !== undefined)
    require(claims.at_hash ===
      (await leftHalfHash(expected.accessToken, alg)), 'it belongs to another access token');
}

function requireRecent(claims: IDToken, now: number): void {
  const age = now - claims.iat;
  require(Math.abs(age) <=
    ISSUED_AT_TOLERANCE_SECONDS, `it was issued ${age} seconds ago by this machine's clock`);
  require(claims.exp - claims.iat <= LONGEST_LIFE_SECONDS, 'it is valid for more than a day');
}

/** The access token hash of OIDC Core §3.1.3.6: left half of the digest that belongs to the signature algorithm. */
async function leftHalfHash(accessToken: string, alg: string | undefined): Promise<string> {
  const bits = alg === 'EdDSA' || alg === 'Ed25519' ? '512' : (alg?.slice(-3) ?? '256');
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(accessToken));
  const half = new Uint8Array(digest, 0, digest.byteLength / 2);
  return btoa(String.fromCharCode(...half))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new AuthError('AUTH_ID_TOKEN_INVALID', `The ID token cannot be accepted: ${otherwise}.`);
}
