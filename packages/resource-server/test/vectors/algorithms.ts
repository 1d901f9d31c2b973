import { createHmac, createPublicKey } from 'node:crypto';
import {
  encode,
  invalid,
  makeKey,
  type Parts,
  signBytes,
  signParts,
  type Vector,
  type VectorKey,
} from './keys.ts';

/** Headers that ask for another algorithm or another key than the published one. */
export function algorithmVectors(key: VectorKey, others: readonly VectorKey[], claims: Parts): Vector[] {
  const vectors: Vector[] = [];
  const add = (name: string, token: string) => vectors.push(invalid(`${key.alg}: ${name}`, token));
  const input = (header: Parts) =>
    `${encode(JSON.stringify({ kid: key.kid, typ: 'at+jwt', ...header }))}.${encode(JSON.stringify(claims))}`;
  const [, , good] = signParts(key, claims).split('.');
  for (const alg of [
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    ' ',
    `${key.alg} `,
    key.alg.toLowerCase(),
    `${key.alg}\0`,
    'HS256',
    'RSA',
    'ES256K',
    'Ed448',
    'RS1',
    'dir',
    'RSA-OAEP',
    'constructor',
    '__proto__',
    'toString',
    null,
    0,
    true,
    [key.alg],
    { alg: key.alg },
    undefined,
  ]) {
    if (alg === key.alg) continue;
    add(`alg ${JSON.stringify(alg)}`, `${input({ alg })}.${good}`);
    add(`alg ${JSON.stringify(alg)}, no signature`, `${input({ alg })}.`);
    add(`alg ${JSON.stringify(alg)}, any signature`, `${input({ alg })}.AAAA`);
  }
  const publicKey = createPublicKey(key.privateKey);
  const secrets: Record<string, string | Buffer> = {
    PEM: publicKey.export({ format: 'pem', type: 'spki' }),
    DER: publicKey.export({ format: 'der', type: 'spki' }),
    JWK: JSON.stringify(key.jwk),
    nothing: '',
  };
  for (const [form, secret] of Object.entries(secrets))
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const text = input({ alg });
      const mac = createHmac(`sha${alg.slice(2)}`, secret)
        .update(text)
        .digest();
      add(`${alg} with the public key as secret (${form})`, `${text}.${encode(mac)}`);
    }
  for (const other of others.filter(({ kid }) => kid !== key.kid)) {
    const text = input({ alg: other.alg });
    add(
      `signed by ${other.alg} under this key id`,
      `${text}.${encode(signBytes(other.alg, text, other.privateKey))}`,
    );
    const mixed = input({ alg: key.alg });
    add(
      `signature by ${other.alg}, alg kept`,
      `${mixed}.${encode(signBytes(other.alg, mixed, other.privateKey))}`,
    );
  }
  const stranger = { ...makeKey(key.alg), kid: key.kid };
  add('a stranger under this key id', signParts(stranger, claims));
  add('a stranger with the key in the header', signParts(stranger, claims, { jwk: stranger.jwk }));
  add('a stranger with x5c', signParts(stranger, claims, { x5c: ['AAAA'] }));
  add('a stranger without key id', signParts(stranger, claims, { kid: undefined }));
  for (const kid of [
    '',
    'other',
    '../../dev/null',
    "' OR 1=1",
    '__proto__',
    'constructor',
    7,
    null,
    [key.kid],
    {},
  ])
    add(`key id ${JSON.stringify(kid)}`, signParts(key, claims, { kid }));
  for (const [name, header] of Object.entries({
    'crit unknown': { crit: ['x'], x: 1 },
    'crit empty': { crit: [] },
    'crit b64': { crit: ['b64'], b64: false },
    'crit no list': { crit: 'exp' },
    'Microsoft nonce': { nonce: 'x' },
  }))
    add(name, signParts(key, claims, header));
  return vectors;
}
