import assert from 'node:assert/strict';
import { constants, sign } from 'node:crypto';
import { test } from 'node:test';
import { AUDIENCE, keysOf } from './issuer.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

test('API-07 a PSS signature that begins with a zero is refused without it: a token has one spelling', async (t) => {
  const issuer = await issuerFor(t);
  const key = await keysOf('key-pss', 'PS256');
  await issuer.rotate(key);
  const verifier = verifierFor(issuer);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const claims = { iss: issuer.issuer, aud: AUDIENCE, sub: 'user-europe', client_id: 'desktop-app', exp };
  const input = `${encode({ alg: 'PS256', typ: 'at+jwt', kid: 'key-pss' })}.${encode(claims)}`;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  // The salt is random: one in 256 begins with a zero.
  let signature = Buffer.from([1]);
  while (signature[0] !== 0)
    signature = sign('sha256', Buffer.from(input), {
      ...{ key: key.pair.privateKey as never, padding, saltLength: 32 },
    });
  await refused(
    verifier.verify(`${input}.${signature.subarray(1).toString('base64url')}`),
    'API_TOKEN_INVALID',
  );
  assert.equal((await verifier.verify(`${input}.${signature.toString('base64url')}`)).userId, 'user-europe');
});
