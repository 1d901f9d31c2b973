import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';

/** A signing key with the public half as it is published. */
export interface SigningKey {
  readonly alg: 'RS256' | 'ES256';
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
  readonly publicPem: string;
}

/** The keys of the server, and some that are not its own. */
export interface KeyRing {
  /** The one that is published and signs. */
  readonly main: SigningKey;
  /** The one that signs after a rotation. */
  readonly next: SigningKey;
  /** Somebody else's, under the name of the main key. */
  readonly attacker: SigningKey;
  /** An elliptic key that the metadata does not speak of. */
  readonly elliptic: SigningKey;
  /** RSA with 1024 bits. */
  readonly weak: SigningKey;
}

/** Makes all keys. It takes most of a second: once for a process is enough. */
export async function createKeyRing(): Promise<KeyRing> {
  const [main, next, attacker, elliptic, weak] = await Promise.all([
    rsaKey('key-1', 2048),
    rsaKey('key-2', 2048),
    rsaKey('key-1', 2048),
    ellipticKey('key-e'),
    rsaKey('key-weak', 1024),
  ]);
  return { main, next, attacker, elliptic, weak };
}

function rsaKey(kid: string, modulusLength: number): Promise<SigningKey> {
  return describe('RS256', kid, generateKeyPairSync('rsa', { modulusLength }).privateKey);
}

function ellipticKey(kid: string): Promise<SigningKey> {
  return describe('ES256', kid, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

async function describe(alg: SigningKey['alg'], kid: string, privateKey: KeyObject): Promise<SigningKey> {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk } = await exportJWK(privateKey);
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { alg, kid, privateKey, publicJwk: { ...jwk, kid, alg, use: 'sig' }, publicPem };
}
