import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { AUDIENCE, assemble, keysOf } from './issuer.ts';
import { issuerFor, manualClock, refused, verifierFor } from './support.ts';

test('a valid token gives frozen claims', async (t) => {
  const issuer = await issuerFor(t);
  const claims = await verifierFor(issuer).verify(await issuer.token());
  assert.equal(claims.userId, 'user-europe');
  assert.equal(claims.clientId, 'desktop-app');
  assert.deepEqual(claims.scopes, ['companies:read', 'transactions:read']);
  assert.throws(() => (claims.scopes as string[]).push('admin'), TypeError);
  assert.throws(() => Object.assign(claims.token, { sub: 'other' }), TypeError);
});

for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA'])
  test(`a token signed with ${alg} is accepted`, async (t) => {
    const issuer = await issuerFor(t);
    await issuer.rotate(await keysOf(`key-${alg}`, alg));
    assert.equal((await verifierFor(issuer).verify(await issuer.token())).userId, 'user-europe');
  });

test('API-03 refuses none, HMAC with the public key, and algorithms that are not listed', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer, { algorithms: ['ES256'] });
  const payload = JSON.stringify({ iss: issuer.issuer, aud: AUDIENCE, sub: 'user-europe', exp: 4e9 });
  await refused(verifier.verify(assemble({ alg: 'none', typ: 'at+jwt' }, payload)), 'API_TOKEN_INVALID');
  await refused(verifier.verify(await issuer.token()), 'API_TOKEN_INVALID');
  const secret = new TextEncoder().encode('the public key as everybody can download it');
  const hmac = new SignJWT(JSON.parse(payload)).setProtectedHeader({
    alg: 'HS256',
    kid: 'key-1',
    typ: 'at+jwt',
  });
  await refused(verifierFor(issuer).verify(await hmac.sign(secret)), 'API_TOKEN_INVALID');
});

test('API-03 refuses a key of another kind, a foreign signature and a changed payload', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const foreign = { ...(await keysOf('foreign')), kid: 'key-1' };
  await refused(verifier.verify(await issuer.token({ key: foreign })), 'API_TOKEN_INVALID');
  const ecdsa = { ...(await keysOf('foreign', 'ES256')), kid: 'key-1' };
  await refused(verifier.verify(await issuer.token({ key: ecdsa })), 'API_TOKEN_INVALID');
  const [header, , signature] = (await issuer.token()).split('.');
  const [, payload] = (await issuer.token({ claims: { sub: 'user-global' } })).split('.');
  await refused(verifier.verify(`${header}.${payload}.${signature}`), 'API_TOKEN_INVALID');
});

test('API-03 refuses an ECDSA signature in another encoding or length', async (t) => {
  const issuer = await issuerFor(t);
  await issuer.rotate(await keysOf('key-es', 'ES256'));
  const verifier = verifierFor(issuer);
  const token = await issuer.token();
  const [header, payload, signature = ''] = token.split('.');
  const raw = Buffer.from(signature, 'base64url');
  const integer = (bytes: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), bytes]);
  const numbers = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  const der = Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]);
  const others = [der, Buffer.alloc(64), raw.subarray(1), Buffer.concat([raw, Buffer.alloc(1)])];
  for (const other of others)
    await refused(
      verifier.verify(`${header}.${payload}.${other.toString('base64url')}`),
      'API_TOKEN_INVALID',
    );
  await verifier.verify(token);
});

test('API-03 refuses an extension that it does not know, well signed as it is', async (t) => {
  const issuer = await issuerFor(t);
  const error = await refused(
    verifierFor(issuer).verify(await issuer.token({ header: { crit: ['x'], x: 1 } })),
    'API_TOKEN_INVALID',
  );
  assert.match(error.reason, /x/);
});

test('API-04 refuses ID tokens in words, by type and by claims', async (t) => {
  const issuer = await issuerFor(t);
  const idToken = await issuer.token({ claims: { nonce: 'n' }, header: { typ: 'JWT' } });
  for (const header of [{ typ: 'JWT' }, { typ: undefined }]) {
    const token = await issuer.token({ claims: { nonce: 'n' }, header });
    await refused(verifierFor(issuer).verify(token), 'API_TOKEN_IS_ID_TOKEN');
  }
  const untyped = await issuer.token({ header: { typ: undefined } });
  await refused(verifierFor(issuer).verify(untyped), 'API_TOKEN_INVALID');
  const error = await refused(
    verifierFor(issuer, { requiredType: 'JWT' }).verify(idToken),
    'API_TOKEN_IS_ID_TOKEN',
  );
  assert.match(error.message, /ID token/);
  assert.equal(error.status, 401);
});

test('API-05 refuses wrong audience, issuer, times and a missing exp', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const now = Math.floor(Date.now() / 1000);
  const verify = async (claims: Record<string, unknown>) => verifier.verify(await issuer.token({ claims }));
  await refused(verify({ aud: 'https://other.example' }), 'API_TOKEN_WRONG_AUDIENCE');
  await refused(verify({ aud: undefined }), 'API_TOKEN_INVALID');
  await refused(verify({ aud: [AUDIENCE, 7] }), 'API_TOKEN_INVALID');
  await refused(verify({ iss: `${issuer.issuer}/` }), 'API_TOKEN_INVALID');
  await refused(verify({ exp: undefined }), 'API_TOKEN_INVALID');
  await refused(verify({ exp: String(now + 60) }), 'API_TOKEN_INVALID');
  await refused(verify({ nbf: now + 300 }), 'API_TOKEN_INVALID');
  await refused(verify({ exp: now - 31 }), 'API_TOKEN_EXPIRED');
  await refused(verify({ sub: undefined }), 'API_TOKEN_INVALID');
});

test('API-05 the scopes name the API of a token without aud, where the settings say so', async (t) => {
  const issuer = await issuerFor(t);
  const byScope = verifierFor(issuer, { audienceFrom: 'scope' });
  const tokenOf = (scope: unknown, more = {}) => issuer.token({ claims: { aud: undefined, scope, ...more } });
  const good = await tokenOf(`openid ${AUDIENCE}/companies:read`);
  const claims = await byScope.verify(good);
  assert.deepEqual(claims.audience, [AUDIENCE]);
  assert.deepEqual(claims.scopes, ['openid', `${AUDIENCE}/companies:read`]);
  await refused(verifierFor(issuer).verify(good), 'API_TOKEN_INVALID');
  for (const scope of ['', 'openid'])
    await refused(byScope.verify(await tokenOf(scope)), 'API_TOKEN_INVALID');
  for (const scope of [AUDIENCE, `${AUDIENCE}s/companies:read`, `x ${AUDIENCE.slice(1)}/a`])
    await refused(byScope.verify(await tokenOf(scope)), 'API_TOKEN_WRONG_AUDIENCE');
  const foreign = await tokenOf(`${AUDIENCE}/companies:read`, { aud: 'https://other.example' });
  await refused(byScope.verify(foreign), 'API_TOKEN_WRONG_AUDIENCE');
  await refused(
    byScope.verify(await tokenOf(`${AUDIENCE}/admin/companies:read`)),
    'API_TOKEN_WRONG_AUDIENCE',
  );
  const ofTwo = await tokenOf(`${AUDIENCE}/companies:read https://other.example/read`);
  await refused(byScope.verify(ofTwo), 'API_TOKEN_WRONG_AUDIENCE');
  await verifierFor(issuer, { audienceFrom: 'scope', otherAudiences: ['https://other.example'] }).verify(
    ofTwo,
  );
  const idToken = await tokenOf(`${AUDIENCE}/companies:read`, { token_use: 'id' });
  await refused(byScope.verify(idToken), 'API_TOKEN_IS_ID_TOKEN');
});

test('API-06 accepts at+jwt in both spellings, and JWT only by configuration', async (t) => {
  const issuer = await issuerFor(t);
  const strict = verifierFor(issuer);
  const legacy = verifierFor(issuer, { requiredType: 'JWT' });
  for (const typ of ['at+jwt', 'application/at+jwt', 'AT+JWT'])
    await strict.verify(await issuer.token({ header: { typ } }));
  for (const typ of ['JWT', 'application/okta-internal-at+jwt', undefined]) {
    const token = await issuer.token({ header: { typ } });
    await refused(strict.verify(token), 'API_TOKEN_INVALID');
    await legacy.verify(token);
  }
  for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt', ['at+jwt']])
    await refused(legacy.verify(await issuer.token({ header: { typ } })), 'API_TOKEN_INVALID');
});

test('API-07 refuses every non-canonical spelling of a good token', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const token = await issuer.token();
  await verifier.verify(token);
  const [header = '', payload = '', signature = ''] = token.split('.');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(signature.at(-1) ?? '');
  const spellings = [...Array(16).keys()].map(
    (bits) => signature.slice(0, -1) + alphabet[(last & 48) | bits],
  );
  assert.equal(signature.length % 4, 2, 'a 256-byte signature leaves four unused bits');
  const variants = [
    ...spellings
      .filter((spelling) => spelling !== signature)
      .map((spelling) => `${header}.${payload}.${spelling}`),
    ...[`${token}==`, `${token}\t`, ` ${token}`, `${token}\n`, `${header}.${payload} .${signature}`],
    ...[`${header}.${payload}.${signature}A`, `${token.replaceAll('-', '+').replaceAll('_', '/')}+`],
  ];
  assert.equal(variants.length, 22);
  // In Node's decoder a letter of base64 passes for one of base64url, and any letter for the one with its lower byte.
  for (const [i, letter] of [...signature].entries()) {
    const others = [String.fromCharCode(letter.charCodeAt(0) + 0x100), '+', '/', '=', '\u00e9'];
    for (const other of i % 20 === 0 ? others : others.slice(0, 1))
      variants.push(`${header}.${payload}.${signature.slice(0, i)}${other}${signature.slice(i + 1)}`);
  }
  for (const [letter, other] of [['-', '+'] as const, ['_', '/'] as const])
    if (signature.includes(letter))
      variants.push(`${header}.${payload}.${signature.replaceAll(letter, other)}`);
  for (const variant of variants) await refused(verifier.verify(variant), 'API_TOKEN_INVALID');
});

test('API-08 refuses other shapes and sizes before any key is fetched', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const shapes = [
    'opaque-token',
    'a.b',
    'a.b.c.d',
    'a.b.c.d.e',
    '..',
    'YQ..YQ',
    `a.${'b'.repeat(100_000)}.c`,
  ];
  for (const shape of shapes) await refused(verifier.verify(shape), 'API_TOKEN_INVALID');
  const wide = assemble({ alg: 'RS256', kid: 'k'.repeat(5000), typ: 'at+jwt' }, '{}');
  await refused(verifier.verify(wide), 'API_TOKEN_INVALID');
  assert.equal(issuer.counts.keys, 0);
});

test('API-22 API-30 refuses array payloads, duplicate names, prototype names and deep nesting', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const header = { alg: 'RS256', kid: 'key-1', typ: 'at+jwt' };
  const payloads = [
    ...['[]', '"text"', 'null', '7', '{"sub":"a","sub":"b"}', '{"sub":"a","s\\u0075b":"b"}'],
    ...['{"__proto__":{"admin":true}}', '{"a":{"constructor":1}}', '{"a":{"b":1,"b":2}}'],
    `{"a":${'['.repeat(200)}${']'.repeat(200)}}`,
  ];
  for (const payload of payloads) {
    const error = await refused(verifier.verify(assemble(header, payload)), 'API_TOKEN_INVALID');
    assert.match(error.reason, /JSON object of the strict kind/);
  }
  const invalidUtf8 = `${assemble(header, '{}').split('.')[0]}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`;
  assert.match((await refused(verifier.verify(invalidUtf8), 'API_TOKEN_INVALID')).reason, /strict/);
  assert.equal(issuer.counts.keys, 0);
});

test('API-23 accepts a second audience only when it is listed', async (t) => {
  const issuer = await issuerFor(t);
  const token = await issuer.token({ claims: { aud: [AUDIENCE, 'https://issuer.example/userinfo'] } });
  await refused(verifierFor(issuer).verify(token), 'API_TOKEN_WRONG_AUDIENCE');
  await verifierFor(issuer, { otherAudiences: ['https://issuer.example/userinfo'] }).verify(token);
});

test('API-29 refuses a key-bound token that comes as a plain bearer token', async (t) => {
  const issuer = await issuerFor(t);
  for (const cnf of [{ jkt: 'x' }, { 'x5t#S256': 'x' }, {}, null])
    await refused(verifierFor(issuer).verify(await issuer.token({ claims: { cnf } })), 'API_TOKEN_BOUND');
});

test('API-33 tolerates 30 seconds of clock difference and no more, and reports it', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  const now = Math.floor(clock());
  await verifier.verify(await issuer.token({ claims: { exp: now - 28 } }));
  await verifier.verify(await issuer.token({ claims: { nbf: now + 29 } }));
  await refused(verifier.verify(await issuer.token({ claims: { exp: now - 30 } })), 'API_TOKEN_EXPIRED');
  await refused(verifier.verify(await issuer.token({ claims: { nbf: now + 32 } })), 'API_TOKEN_INVALID');
  assert.ok(Math.abs(verifier.health.clockSkewSeconds ?? 99) <= 5);
});

test('API-35 lets only the listed client applications call', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer, { allowedClients: ['desktop-app'] });
  assert.equal((await verifier.verify(await issuer.token())).clientId, 'desktop-app');
  const error = await refused(
    verifier.verify(await issuer.token({ claims: { client_id: 'other' } })),
    'API_CLIENT_NOT_ALLOWED',
  );
  assert.equal(error.status, 403);
  await refused(
    verifier.verify(await issuer.token({ claims: { client_id: undefined } })),
    'API_CLIENT_NOT_ALLOWED',
  );
});

test('a token for an API of Microsoft is refused in words', async (t) => {
  const issuer = await issuerFor(t);
  const error = await refused(
    verifierFor(issuer).verify(await issuer.token({ header: { nonce: 'n' } })),
    'API_TOKEN_FOR_MICROSOFT',
  );
  assert.match(error.message, /Microsoft/);
});

test('the user id claim is configuration', async (t) => {
  const issuer = await issuerFor(t);
  const token = await issuer.token({ claims: { oid: 'object-7', sub: undefined } });
  assert.equal((await verifierFor(issuer, { userIdClaim: 'oid' }).verify(token)).userId, 'object-7');
});
