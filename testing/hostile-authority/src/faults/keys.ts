import { createHash } from 'node:crypto';
import { type Fault, faultsOf, OIDCC } from '../fault.ts';
import { encodePart, signForExponentOne } from '../id-token.ts';
import { captivePortal, json, redirect, text } from '../replies.ts';
import type { Bend, Json, Scene } from '../scene.ts';

const twice = { signIns: 2, options: { prompt: 'login' } } as const;

const publishing = (list: (scene: Scene) => readonly unknown[]): Bend => ({
  keys: (_honest, scene) => ({ keys: list(scene) }),
});
const without = (jwk: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)));

/** A modulus of the form that flawed chips made: the product of the primes up to 167, times something, plus a power of 65537. */
function rocaKey(): Json {
  let product = 1n;
  for (let number = 2n; number <= 167n; number += 1n)
    if (product % number !== 0n && isPrime(number)) product *= number;
  let power = 1n;
  for (let times = 0; times < 2017; times += 1) power = (power * 65537n) % product;
  const modulus = ((1n << 2047n) / product + 1n) * product + power;
  const n = Buffer.from(modulus.toString(16), 'hex').toString('base64url');
  return { kty: 'RSA', alg: 'RS256', use: 'sig', n, e: 'AQAB' };
}

function isPrime(number: bigint): boolean {
  for (let factor = 2n; factor * factor <= number; factor += 1n) if (number % factor === 0n) return false;
  return true;
}

/** Keys that nobody should publish, beside the good one. */
const beside: [string, (scene: Scene) => Json, string?][] = [
  ['a shared secret', () => ({ kty: 'oct', k: 'c2VjcmV0', kid: 'key-1', alg: 'RS256' })],
  ['a private key', ({ keys }) => ({ ...keys.next.privateKey.export({ format: 'jwk' }), kid: 'key-1' })],
  ['a short RSA key', ({ keys }) => ({ ...keys.weak.publicJwk, kid: 'key-1' })],
  ['an RSA key with the exponent 1', ({ keys }) => ({ ...keys.next.publicJwk, kid: 'key-1', e: 'AQ' })],
  ['an RSA key that can be taken apart (ROCA)', () => ({ ...rocaKey(), kid: 'key-1' })],
  [
    'a key of an unknown type',
    () => ({ kty: 'QUANTUM', kid: 'key-1' }),
    `${OIDCC}-ignores-unparseable-key-in-jwks`,
  ],
  ['a key with a number as key id', ({ keys }) => ({ ...keys.next.publicJwk, kid: 1 })],
];

/** Signs with no key at all: with the exponent 1 anybody can. */
function forgeForExponentOne(token: string): string {
  const payload = token.split('.')[1] ?? '';
  const content = `${encodePart({ alg: 'RS256', kid: 'key-1' })}.${payload}`;
  return signForExponentOne(content, createHash('sha256').update(content).digest(), 256);
}

/** The keys, and what is told about the person beyond the ID token. */
export const keyFaults: readonly Fault[] = [
  ...faultsOf('IDT-14', [
    {
      name: 'no key id, one key',
      conformance: `${OIDCC}-kid-absent-single-jwks`,
      bend: {
        header: (honest) => without(honest, 'kid'),
        ...publishing(({ keys }) => [without(keys.main.publicJwk, 'kid')]),
      },
      expect: 'signed-in',
    },
    {
      name: 'no key id, several keys',
      conformance: `${OIDCC}-kid-absent-multiple-jwks`,
      bend: {
        header: (honest) => without(honest, 'kid'),
        ...publishing(({ keys }) => [keys.next.publicJwk, keys.main.publicJwk]),
      },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
  ]),
  ...faultsOf('IDT-15', [
    {
      name: 'two keys under one key id',
      bend: publishing(({ keys }) => [keys.attacker.publicJwk, keys.main.publicJwk]),
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
    {
      name: 'two keys of different kinds under one key id',
      bend: publishing(({ keys }) => [{ ...keys.elliptic.publicJwk, kid: 'key-1' }, keys.main.publicJwk]),
      expect: 'signed-in',
    },
  ]),
  ...faultsOf('IDT-16', [
    {
      name: 'a new key for each sign-in, seconds apart',
      conformance: `${OIDCC}-signing-key-rotation`,
      bend: {
        header: (honest, { signIn }) => ({ ...honest, kid: `round-${signIn}` }),
        keys: (_honest, { keys, signIn }) => ({ keys: [{ ...keys.main.publicJwk, kid: `round-${signIn}` }] }),
      },
      ...twice,
      expect: 'signed-in',
    },
    {
      name: 'another key under the old key id, seconds apart',
      conformance: `${OIDCC}-signing-key-rotation-just-before-signing`,
      bend: {
        signWith: ({ signIn }) => (signIn === 1 ? 'main' : 'next'),
        header: (honest) => ({ ...honest, kid: 'key-1' }),
        ...publishing(({ keys, signIn }) => [
          signIn === 1 ? keys.main.publicJwk : { ...keys.next.publicJwk, kid: 'key-1' },
        ]),
      },
      ...twice,
      expect: 'signed-in',
    },
  ]),
  ...faultsOf('IDT-17', [
    {
      name: 'a key that was withdrawn after the first sign-in',
      bend: {
        keys: (honest, { keys, signIn }) => (signIn === 1 ? honest : { keys: [keys.next.publicJwk] }),
      },
      ...twice,
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
  ]),
  ...faultsOf('IDT-18', [
    ...beside.map(([name, key, conformance]) => ({
      ...(conformance !== undefined && { conformance }),
      name: `${name} beside the good key, under its name`,
      bend: publishing((scene) => [key(scene), scene.keys.main.publicJwk]),
      expect: 'signed-in' as const,
    })),
    {
      name: 'signed with an RSA key of 1024 bits',
      bend: { signWith: () => 'weak', ...publishing(({ keys }) => [keys.weak.publicJwk]) },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
    {
      name: 'forged for an RSA key with the exponent 1',
      bend: {
        idToken: forgeForExponentOne,
        ...publishing(({ keys }) => [{ ...keys.main.publicJwk, e: 'AQ' }]),
      },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
    {
      name: '10,000 keys',
      bend: publishing(({ keys }) =>
        Array.from({ length: 10_000 }, (_, index) => ({ ...keys.elliptic.publicJwk, kid: `key-${index}` })),
      ),
      expect: 'AUTH_SERVER_RESPONSE_INVALID',
    },
    {
      name: 'keys in a file that is called binary',
      bend: { keys: (honest) => text(JSON.stringify(honest), 'binary/octet-stream') },
      expect: 'signed-in',
    },
    { name: 'no keys', bend: publishing(() => []), expect: 'AUTH_ID_TOKEN_INVALID' },
    { name: 'keys that are none', bend: publishing(() => [null, 1, 'key']), expect: 'AUTH_ID_TOKEN_INVALID' },
    { name: 'a web page', bend: { keys: () => captivePortal }, expect: 'AUTH_SERVER_RESPONSE_INVALID' },
    { name: 'status 500', bend: { keys: () => json({}, 500) }, expect: 'AUTH_SERVER_UNAVAILABLE' },
    {
      name: 'a redirect to the keys of somebody else',
      bend: { keys: (_honest, { stranger }) => redirect(`${stranger}/keys`) },
      expect: 'AUTH_SERVER_RESPONSE_INVALID',
    },
    {
      name: '2 MiB',
      bend: { keys: (honest) => ({ ...honest, more: 'x'.repeat(2 ** 21) }) },
      expect: 'AUTH_SERVER_RESPONSE_INVALID',
    },
  ]),
];
