import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import type { IDToken } from 'openid-client';
import { AuthError } from './errors.ts';

/** An ID token older or newer than this, by the server's clock, is not the answer to a sign-in that just happened. */
const OLDEST_SECONDS = 3600;
const NEWEST_SECONDS = 300;
/** Up to here clocks are called equal. */
const TOLERANCE_SECONDS = 30;
/** Nothing here lives off an ID token's expiry; one that is good for ever is a mistake all the same. */
const LONGEST_LIFE_SECONDS = 31 * 24 * 60 * 60;

/** What the checks compare with. */
export interface IdTokenExpectation {
  readonly clientId: string;
  readonly accessToken: string;
  /** By the server's clock, in seconds since the epoch. */
  readonly now: number;
  /** Audiences that may stand beside the client id. */
  readonly otherAudiences: readonly string[];
  /** False for a refresh, where a server may return the ID token of long ago. */
  readonly isFresh: boolean;
  /** The code that was exchanged; a token may be bound to it. */
  readonly code?: string;
  /** How long ago the person may have signed in, where that was asked for. */
  readonly maxAgeSeconds?: number | undefined;
}

/**
 * The checks that openid-client leaves to its caller, after its own (signature, issuer, audience, nonce).
 * @throws AuthError `AUTH_ID_TOKEN_INVALID`
 * @see OIDC Core §3.1.3.7, RFC 8725 §3.11
 */
export async function verifyIdToken(
  idToken: string,
  claims: IDToken,
  expected: IdTokenExpectation,
): Promise<void> {
  const header = decodeProtectedHeader(idToken);
  requireIdTokenKind(header, claims);
  requireParties(claims, expected);
  requireTimes(claims, expected);
  if (expected.isFresh) requireRecent(claims, expected.now);
  await requireHash('at_hash', claims, expected.accessToken, header.alg);
  if (expected.code !== undefined) await requireHash('c_hash', claims, expected.code, header.alg);
}

/** Other tokens of the same server are signed with the same keys: access tokens, logout tokens (RFC 8725 §2.8). */
function requireIdTokenKind({ typ, kid, b64 }: ProtectedHeaderParameters, claims: IDToken): void {
  require(typ === undefined ||
    (typeof typ === 'string' && typ.toUpperCase() === 'JWT'), `it is of type ${typ}`);
  require(kid === undefined ||
    (typeof kid === 'string' && kid.length <= 256), 'its key id is not a short text');
  require(b64 === undefined, 'its content is not encoded as in a JWT');
  require(claims.events === undefined, 'it is a security event, such as a sign-out');
}

function requireParties(claims: IDToken, { clientId, otherAudiences }: IdTokenExpectation): void {
  require(/^[\x20-\x7e]{1,255}$/.test(claims.sub), 'its subject is empty, too long or not plain text');
  const strangers = [claims.aud].flat().filter((name) => name !== clientId && !otherAudiences.includes(name));
  require(strangers.length ===
    0, `it is also meant for ${strangers.join(', ')} (see the setting otherAudiences)`);
  require(claims.azp === undefined || claims.azp === clientId, 'it was issued for another client');
}

/** By the server's clock as this very answer told it: a machine may sleep during a sign-in and wake up in another year. */
function requireTimes(claims: IDToken, { now, maxAgeSeconds }: IdTokenExpectation): void {
  const { exp, nbf, auth_time: authTime } = claims;
  require(exp > now - TOLERANCE_SECONDS, 'it has expired');
  require(nbf === undefined || nbf <= now + TOLERANCE_SECONDS, 'it is not valid yet');
  require(maxAgeSeconds === undefined ||
    Number(authTime) + maxAgeSeconds >=
      now - TOLERANCE_SECONDS, 'the person signed in longer ago than was asked for');
}

/** Some servers date a token a few minutes back, for clients whose clock is slow; the nonce keeps old ones out. */
function requireRecent(claims: IDToken, now: number): void {
  const age = now - claims.iat;
  const isRecent = age <= OLDEST_SECONDS && age >= -NEWEST_SECONDS;
  require(isRecent, `it was issued ${Math.abs(age)} seconds ${age > 0 ? 'ago' : 'from now'}, and not just now`);
  require(claims.exp - claims.iat <= LONGEST_LIFE_SECONDS, 'it is valid for more than a month');
}

async function requireHash(
  name: 'at_hash' | 'c_hash',
  claims: IDToken,
  value: string,
  alg: string | undefined,
): Promise<void> {
  const bits = digestBits(alg);
  if (claims[name] === undefined || bits === undefined) return;
  const what = name === 'at_hash' ? 'access token' : 'code';
  require(claims[name] === (await leftHalfHash(value, bits)), `it belongs to another ${what}`);
}

/** The digest that belongs to a signature algorithm; undefined for one that has none. */
function digestBits(alg: string | undefined): string | undefined {
  if (alg === 'EdDSA' || alg === 'Ed25519') return '512';
  return /^[A-Z]{2}(256|384|512)$/.exec(alg ?? '')?.[1];
}

/** The token hash of OIDC Core §3.1.3.6 and §3.3.2.11: the left half of the digest. */
async function leftHalfHash(value: string, bits: string): Promise<string> {
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(value));
  const half = new Uint8Array(digest, 0, digest.byteLength / 2);
  return btoa(String.fromCharCode(...half))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new AuthError('AUTH_ID_TOKEN_INVALID', `The ID token cannot be accepted: ${otherwise}.`);
}
