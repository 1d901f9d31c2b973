import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { ApiError, type SignatureAlgorithm } from '../src/index.ts';
import { AUDIENCE } from './issuer.ts';
import { issuerFor, verifierFor } from './support.ts';
import { algorithmVectors } from './vectors/algorithms.ts';
import { encodingVectors } from './vectors/encoding.ts';
import { jsonVectors } from './vectors/json.ts';
import { makeKey, signParts, type Vector, type VectorKey } from './vectors/keys.ts';
import { signatureVectors } from './vectors/signatures.ts';

const ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
];

const keys = ALGORITHMS.map(makeKey);

const claims = {
  ...{ aud: AUDIENCE, sub: 'user-europe', client_id: 'desktop-app', scope: 'companies:read' },
  ...{ iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 3600 },
};

/** Runs vectors through one verifier, each twice: cold, and with whatever the first time left behind. */
async function run(
  t: TestContext,
  build: (claims: Record<string, unknown>) => Vector[],
  more: readonly object[] = [],
) {
  const issuer = await issuerFor(t);
  issuer.answer('keys', () => ({ keys: [...keys.map(({ jwk }) => jwk), ...more] }));
  const verifier = verifierFor(issuer, { algorithms: [...ALGORITHMS] satisfies SignatureAlgorithm[] });
  const vectors = build({ iss: issuer.issuer, ...claims });
  for (const { name, token, valid } of [...vectors, ...vectors]) {
    const outcome = await verifier.verify(token).catch((error: unknown) => error);
    if (valid) assert.ok(!(outcome instanceof Error), `${name}: ${(outcome as ApiError).reason}`);
    else
      assert.ok(outcome instanceof ApiError && outcome.status === 401, `${name}: ${JSON.stringify(outcome)}`);
  }
  t.diagnostic(`${vectors.length} vectors, ${vectors.filter(({ valid }) => valid).length} of them valid`);
}

const first = keys[0] as VectorKey;

test('API-03 a token of every algorithm is accepted, and no signature but its own', (t) =>
  run(t, (all) => keys.flatMap((key) => signatureVectors(key, all))));

test('API-03 no other algorithm and no other key, whatever the header says', (t) =>
  run(t, (all) => keys.flatMap((key) => algorithmVectors(key, keys, all))));

test('API-07 API-08 one spelling of each token, one shape', (t) =>
  run(t, (all) => [first, keys[6] as VectorKey].flatMap((key) => encodingVectors(signParts(key, all)))));

test('API-22 API-30 strict JSON, and nothing that only looks odd is refused', (t) =>
  run(t, (all) => keys.flatMap((key) => jsonVectors(key, all))));

test('API-05 API-06 API-23 every claim in every wrong type and value', (t) =>
  run(t, (all) => {
    const wrong: Record<string, unknown[]> = {
      iss: [
        undefined,
        null,
        '',
        `${all.iss}/`,
        String(all.iss).toUpperCase(),
        [all.iss],
        'https://other.example',
        {},
      ],
      aud: [
        undefined,
        null,
        '',
        [],
        {},
        7,
        `${AUDIENCE}/`,
        [AUDIENCE, 7],
        [[AUDIENCE]],
        [AUDIENCE, 'https://other.example'],
      ],
      exp: [undefined, null, '', '9999999999', [claims.exp], {}, true, 0, -1, claims.iat - 31],
      nbf: [null, 'now', [claims.iat], claims.iat + 3600],
      iat: [null, 'now', {}],
      sub: [undefined, null, '', 7, ['user-europe'], {}],
      scope: [7, {}, [7], [['companies:read']]],
      client_id: [7, {}, ['desktop-app'], null],
      cnf: [null, {}, { jkt: 'x' }, 'x'],
      nonce: ['x'],
      at_hash: ['x'],
      c_hash: ['x'],
    };
    const fine: Record<string, unknown[]> = {
      aud: [[AUDIENCE]],
      exp: [claims.exp + 0.5],
      nbf: [undefined, claims.iat, claims.iat - 0.5],
      iat: [undefined],
      scope: [undefined, '', 'a  b', ['a', 'b']],
      client_id: [undefined, ''],
    };
    const vectors = (list: typeof wrong, valid: boolean) =>
      Object.entries(list).flatMap(([name, values]) =>
        values.map((value) => ({
          name: `${name} ${JSON.stringify(value)}`,
          token: signParts(first, { ...all, [name]: value }),
          valid,
        })),
      );
    const types = ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+JWT'].map(
      (typ) => [typ, true] as const,
    );
    const noTypes = [
      undefined,
      null,
      '',
      'JWT',
      'jwt',
      'at',
      'at+jwt ',
      'application/application/at+jwt',
      'text/at+jwt',
      'dpop+jwt',
      'logout+jwt',
      'token-introspection+jwt',
      ['at+jwt'],
      7,
    ];
    const typed = [...types, ...noTypes.map((typ) => [typ, false] as const)].map(([typ, valid]) => ({
      name: `typ ${JSON.stringify(typ)}`,
      token: signParts(first, all, { typ }),
      valid,
    }));
    return [...vectors(wrong, false), ...vectors(fine, true), ...typed];
  }));

test('API-03 keys that are weak, private, for another use or another curve sign nothing', (t) => {
  const odd: [string, VectorKey][] = [];
  const rsa = (bits: number) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    return { privateKey, jwk: publicKey.export({ format: 'jwk' }) };
  };
  const add = (name: string, alg: string, pair: Pick<VectorKey, 'privateKey' | 'jwk'>, more: object = {}) =>
    odd.push([
      name,
      { kid: name, alg, privateKey: pair.privateKey, jwk: { ...pair.jwk, kid: name, ...more } },
    ]);
  add('RSA of 1024 bits', 'RS256', rsa(1024));
  const good = makeKey('RS256');
  add('for encryption', 'RS256', good, { use: 'enc' });
  add('not for verification', 'RS256', good, { use: undefined, key_ops: ['encrypt'] });
  add('with its private half', 'RS256', good, good.privateKey.export({ format: 'jwk' }));
  add('of another algorithm', 'RS256', good, { alg: 'PS256' });
  add('of an encryption algorithm', 'RS256', good, { alg: 'RSA-OAEP' });
  const p384 = makeKey('ES384');
  add('P-384 for ES256', 'ES256', p384, { alg: undefined });
  const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  add('secp256k1 for ES256', 'ES256', {
    privateKey: k256.privateKey,
    jwk: k256.publicKey.export({ format: 'jwk' }),
  });
  const ed448 = generateKeyPairSync('ed448');
  add('Ed448 for EdDSA', 'EdDSA', {
    privateKey: ed448.privateKey,
    jwk: ed448.publicKey.export({ format: 'jwk' }),
  });
  const broken = [
    { kty: 'EC', crv: 'P-256', kid: 'off the curve', x: 'AAAA', y: 'AAAA' },
    { kty: 'oct', k: Buffer.from('secret').toString('base64url'), kid: 'a secret', alg: 'HS256' },
    ...[null, 7, 'key', [], {}, { kty: 'RSA', kid: 'no numbers' }],
  ];
  const jwks = [...odd.map(([, { jwk }]) => jwk), ...broken] as object[];
  const build = (all: Record<string, unknown>) => [
    ...odd.map(([name, key]) => ({ name, token: signParts(key, all), valid: false })),
    { name: 'a good key among them', token: signParts(first, all), valid: true },
  ];
  return run(t, build, jwks);
});
