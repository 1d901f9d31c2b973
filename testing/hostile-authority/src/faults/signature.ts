import { FAPI2, type Fault, OIDCC, refusedIdTokens } from '../fault.ts';
import { encodePart, signCompact, signWithSecret, spoilSignature, unsigned } from '../id-token.ts';
import type { Bend, Json } from '../scene.ts';

const heading = (change: Json): Bend => ({ header: (honest) => ({ ...honest, ...change }) });
const turning = (idToken: NonNullable<Bend['idToken']>): Bend => ({ idToken });

/** A JWE in five parts, with a key derivation that would take for ever (CVE-2022-36083). */
const encrypted = [
  encodePart({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 }),
  'a',
  'b',
  'c',
  'd',
];

/** The header and the signature of the ID token. */
export const signatureFaults: readonly Fault[] = [
  ...refusedIdTokens('IDT-01', [
    ['alg none', turning((token) => unsigned(token)), `${OIDCC}-idtoken-sig-none`],
    ['alg NONE', turning((token) => unsigned(token, 'NONE')), `${FAPI2}-invalid-null-alg`],
    ['alg none, with the old signature', turning((token) => `${unsigned(token)}${token.split('.')[2]}`)],
    [
      'alg none, though the metadata offers it',
      {
        metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['RS256', 'none'] }),
        idToken: (token) => unsigned(token),
      },
    ],
  ]),
  ...refusedIdTokens('IDT-02', [
    [
      'HS256 with the public key as secret',
      turning((token, { keys }) => signWithSecret(token, keys.main.publicPem)),
      `${OIDCC}-invalid-sig-hs256`,
    ],
    [
      'HS256 though the metadata offers it',
      {
        metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['RS256', 'HS256'] }),
        idToken: (token, { keys }) => signWithSecret(token, keys.main.publicPem),
      },
    ],
  ]),
  ...refusedIdTokens('IDT-03', [
    [
      'ES256 that was not announced',
      {
        signWith: () => 'elliptic',
        keys: (_honest, { keys }) => ({ keys: [keys.main.publicJwk, keys.elliptic.publicJwk] }),
      },
      `${FAPI2}-invalid-alternate-alg`,
    ],
  ]),
  ...refusedIdTokens('IDT-04', [
    [
      'a key without alg, and a header that chooses PS256',
      {
        header: (honest) => ({ ...honest, alg: 'PS256' }),
        keys: (_honest, { keys }) => ({ keys: [{ ...keys.main.publicJwk, alg: undefined }] }),
      },
    ],
  ]),
  ...refusedIdTokens('IDT-05', [
    ['one bit of the signature changed', turning(spoilSignature), `${OIDCC}-invalid-sig-rs256`],
    [
      'one bit of an elliptic signature changed',
      {
        metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['RS256', 'ES256'] }),
        signWith: () => 'elliptic',
        keys: (_honest, { keys }) => ({ keys: [keys.main.publicJwk, keys.elliptic.publicJwk] }),
        idToken: spoilSignature,
      },
      `${OIDCC}-invalid-sig-es256`,
    ],
    ['no signature', turning((token) => `${token.split('.').slice(0, 2).join('.')}.`)],
    [
      'the key of somebody else under our key id',
      { signWith: () => 'attacker' },
      `${OIDCC}-invalid-sig-rs256`,
    ],
    [
      'other claims under the old signature',
      turning((token, scene) => {
        const [header, , signature] = token.split('.');
        return `${header}.${encodePart({ iss: scene.issuer, sub: 'admin', aud: 'desktop', iat: scene.now, exp: scene.now + 300, nonce: scene.request.get('nonce') })}.${signature}`;
      }),
    ],
    ['garbage', turning(() => 'not.a.token')],
    ['two parts', turning((token) => token.split('.').slice(0, 2).join('.'))],
  ]),
  ...['jku', 'x5u'].map(
    (name): Fault => ({
      id: 'IDT-12',
      name: `${name} names the keys of an attacker`,
      bend: {
        signWith: () => 'attacker',
        header: (honest, { stranger }) => ({ ...honest, [name]: `${stranger}/keys` }),
      },
      expect: 'AUTH_ID_TOKEN_INVALID',
    }),
  ),
  ...refusedIdTokens('IDT-12', [
    [
      'jwk holds the key of an attacker',
      {
        signWith: () => 'attacker',
        header: (honest, { keys }) => ({ ...honest, jwk: keys.attacker.publicJwk }),
      },
    ],
    [
      'x5c holds the certificate of an attacker',
      { signWith: () => 'attacker', header: (honest) => ({ ...honest, x5c: ['MIIB'] }) },
    ],
  ]),
  ...refusedIdTokens('IDT-13', [
    ['a path as key id', heading({ kid: '../../../../dev/null' })],
    ['a query as key id', heading({ kid: "' OR 1=1 --" })],
    ['NUL in the key id', heading({ kid: 'key-1\u0000' })],
    ['a number as key id', heading({ kid: 1 })],
    ['a list as key id', heading({ kid: ['key-1'] })],
    ['a key id of 500 KiB', heading({ kid: 'x'.repeat(500_000) })],
  ]),
  ...refusedIdTokens('IDT-19', [
    ['an unknown extension that is critical', heading({ crit: ['exp'] })],
    ['content that is not encoded, critical', heading({ crit: ['b64'], b64: false })],
    ['content that is not encoded', heading({ b64: false })],
  ]),
  ...refusedIdTokens('IDT-20', [
    ['encrypted, with two thousand million rounds', turning(() => encrypted.join('.'))],
    [
      'a token in a token',
      turning((token, { keys }) => signCompact({ alg: 'RS256', kid: 'key-1', cty: 'JWT' }, token, keys.main)),
    ],
  ]),
];
