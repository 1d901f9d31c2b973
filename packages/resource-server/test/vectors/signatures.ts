import { constants, sign } from 'node:crypto';
import {
  encode,
  invalid,
  makeKey,
  type Parts,
  signBytes,
  signParts,
  type Vector,
  type VectorKey,
  valid,
} from './keys.ts';

/** Signatures that are not the one of the token. */
export function signatureVectors(key: VectorKey, claims: Parts): Vector[] {
  const token = signParts(key, claims);
  const at = token.lastIndexOf('.');
  const [input, good] = [token.slice(0, at), Buffer.from(token.slice(at + 1), 'base64url')];
  const others: Record<string, Uint8Array> = {
    zeros: Buffer.alloc(good.length),
    ones: Buffer.alloc(good.length, 0xff),
    'one zero': Buffer.alloc(1),
    'a leading zero': Buffer.concat([Buffer.alloc(1), good]),
    'a trailing zero': Buffer.concat([good, Buffer.alloc(1)]),
    'the first byte gone': good.subarray(1),
    'the last byte gone': good.subarray(0, -1),
    reversed: Buffer.from(good).reverse(),
    'halves swapped': Buffer.concat([good.subarray(good.length / 2), good.subarray(0, good.length / 2)]),
    'first half zero': Buffer.concat([Buffer.alloc(good.length / 2), good.subarray(good.length / 2)]),
    'second half zero': Buffer.concat([good.subarray(0, good.length / 2), Buffer.alloc(good.length / 2)]),
    'of another text': signBytes(key.alg, `${input}x`, key.privateKey),
    'of the payload alone': signBytes(key.alg, input.split('.')[1] ?? '', key.privateKey),
    'of the decoded payload': signBytes(key.alg, JSON.stringify(claims), key.privateKey),
    'of another key': signBytes(key.alg, input, makeKey(key.alg).privateKey),
  };
  for (const bit of [0, 7, 8, good.length * 4, good.length * 8 - 1]) {
    const flipped = Buffer.from(good);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    others[`bit ${bit} flipped`] = flipped;
  }
  if (key.alg.startsWith('ES')) {
    const digest = `sha${key.alg.slice(2)}`;
    others.DER = sign(digest, Buffer.from(input), key.privateKey);
  }
  if (key.alg.startsWith('RS'))
    others['PSS instead'] = signBytes(key.alg.replace('R', 'P'), input, key.privateKey);
  if (key.alg.startsWith('PS')) {
    others['PKCS #1 v1.5 instead'] = signBytes(key.alg.replace('P', 'R'), input, key.privateKey);
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const salted = (saltLength: number) =>
      sign(`sha${key.alg.slice(2)}`, Buffer.from(input), { key: key.privateKey, padding, saltLength });
    others['no salt'] = salted(0);
    others['the longest salt'] = salted(constants.RSA_PSS_SALTLEN_MAX_SIGN);
  }
  const vectors = Object.entries(others).map(([name, bytes]) =>
    invalid(`signature: ${name}`, `${input}.${encode(bytes)}`),
  );
  return [valid('the signature itself', token), ...vectors];
}
