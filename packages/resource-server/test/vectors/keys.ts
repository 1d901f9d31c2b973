import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

/** One token for the verifier, and whether it may pass. */
export interface Vector {
  readonly name: string;
  readonly token: string;
  readonly valid: boolean;
}

/** A signing key with all that its vectors need. */
export interface VectorKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  /** The JWK as the server publishes it. */
  readonly jwk: Record<string, unknown>;
}

export type Parts = Record<string, unknown>;

const KINDS: Readonly<Record<string, () => KeyObject>> = {
  RS: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  PS: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  Ed: () => generateKeyPairSync('ed25519').privateKey,
};

/** Makes a key for an algorithm. */
export function makeKey(alg: string): VectorKey {
  const make = KINDS[alg] ?? KINDS[alg.slice(0, 2)];
  if (!make) throw new Error(`No key can be made for ${alg}.`);
  const privateKey = make();
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return { kid: `kid-${alg}`, alg, privateKey, jwk: { ...jwk, kid: `kid-${alg}`, alg, use: 'sig' } };
}

export const encode = (value: string | Uint8Array) => Buffer.from(value).toString('base64url');

/** Signs as RFC 7518 says, whatever the header claims. */
export function signBytes(alg: string, data: string | Buffer, key: KeyObject): Buffer {
  const bytes = Buffer.from(data);
  if (alg.startsWith('Ed')) return sign(null, bytes, key);
  const digest = `sha${alg.slice(2)}`;
  if (alg.startsWith('HS')) return createHmac(digest, key).update(bytes).digest();
  if (alg.startsWith('ES')) return sign(digest, bytes, { key, dsaEncoding: 'ieee-p1363' });
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return sign(digest, bytes, alg.startsWith('PS') ? { key, ...pss } : key);
}

/** A token from raw JSON texts, properly signed. */
export function signRaw(header: string, payload: string, { alg, privateKey }: VectorKey): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${encode(signBytes(alg, input, privateKey))}`;
}

/** A properly signed token of these parts. */
export function signParts(key: VectorKey, claims: Parts, header: Parts = {}): string {
  const full = { alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header };
  return signRaw(JSON.stringify(full), JSON.stringify(claims), key);
}

export const invalid = (name: string, token: string): Vector => ({ name, token, valid: false });
export const valid = (name: string, token: string): Vector => ({ name, token, valid: true });
