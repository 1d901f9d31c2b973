import { Buffer } from 'node:buffer';
import { constants, type KeyObject, verify } from 'node:crypto';
import type { CompactToken } from './compact.ts';
import { ApiError } from './errors.ts';
import type { SigningKey } from './keys.ts';
import type { SignatureAlgorithm } from './settings.ts';

type Verify = (data: Buffer, signature: Buffer, key: KeyObject) => boolean;

/**
 * RFC 7518 §3 and RFC 8037 in terms of Node's own verification. It takes half the time of the same check through
 * WebCrypto, whose way to another thread and back costs more than an RSA verification.
 */
const VERIFY: Readonly<Record<SignatureAlgorithm, Verify>> = {
  RS256: (data, signature, key) => verify('sha256', data, key, signature),
  RS384: (data, signature, key) => verify('sha384', data, key, signature),
  RS512: (data, signature, key) => verify('sha512', data, key, signature),
  PS256: rsaPss('sha256'),
  PS384: rsaPss('sha384'),
  PS512: rsaPss('sha512'),
  ES256: ecdsa('sha256', 64),
  ES384: ecdsa('sha384', 96),
  ES512: ecdsa('sha512', 132),
  EdDSA: (data, signature, key) => verify(null, data, key, signature),
  Ed25519: (data, signature, key) => verify(null, data, key, signature),
};

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** As long as the key (RFC 8017 §8.1.2, step 1): OpenSSL takes one without its leading zeros too, a second spelling. */
function rsaPss(digest: string): Verify {
  return (data, signature, key) =>
    signature.length === Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8) &&
    verify(digest, data, { key, ...PSS }, signature);
}

/**
 * The signature is the two numbers side by side, each as long as the curve (RFC 7518 §3.4). It is rewritten into what
 * OpenSSL reads (RFC 3279 §2.2.3): with the key passed as it is, Node takes two thirds of the time.
 */
function ecdsa(digest: string, length: number): Verify {
  return (data, signature, key) =>
    signature.length === length && verify(digest, data, key, buildDerSignature(signature));
}

function buildDerSignature(signature: Buffer): Buffer {
  const middle = signature.length / 2;
  const numbers = [
    ...buildDerInteger(signature, 0, middle),
    ...buildDerInteger(signature, middle, 2 * middle),
  ];
  return Buffer.from([0x30, ...(numbers.length < 0x80 ? [] : [0x81]), numbers.length, ...numbers]);
}

/** Without leading zeros, but for the one that keeps the number positive. */
function buildDerInteger(signature: Buffer, from: number, to: number): number[] {
  let at = from;
  while (at < to - 1 && signature[at] === 0) at += 1;
  const sign = (signature[at] ?? 0) < 0x80 ? [] : [0];
  return [0x02, sign.length + to - at, ...sign, ...signature.subarray(at, to)];
}

/**
 * Verifies the signature with the keys that may have made it; more than one only where the token has no key id.
 * @returns the key that did
 * @throws ApiError `API_TOKEN_INVALID`
 * @see RFC 7515 §5.2
 */
export function verifySignature(
  { signedText, signature, header }: CompactToken,
  keys: readonly SigningKey[],
): SigningKey {
  const data = Buffer.from(signedText, 'latin1');
  const check = VERIFY[header.alg as SignatureAlgorithm];
  const signer = keys.find((key) => check(data, signature, key.publicKey));
  if (signer) return signer;
  throw new ApiError('API_TOKEN_INVALID', `The ${header.alg} signature does not belong to the token.`);
}
