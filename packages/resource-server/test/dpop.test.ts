import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, type JWK } from 'jose';
import { createMemoryReplayStore, verifyRequest } from '../src/index.ts';
import { origin, startDpop } from './dpop-client.ts';
import { manualClock, refused } from './support.ts';

for (const alg of ['ES256', 'EdDSA', 'RS256', 'PS256'])
  test(`a bound token with a proof (${alg}) is accepted, again and again with new proofs`, async (t) => {
    const { proof, send, issuer } = await startDpop(t, {}, alg);
    for (let i = 0; i < 3; i += 1) assert.equal((await send(proof())).userId, 'user-europe');
    assert.equal(issuer.counts.keys, 1);
  });

test('DPOP-01 a proof is good once, within its window and for as long as it could be accepted', async (t) => {
  const { proof, send, clock } = await startDpop(t);
  const once = await proof({ claims: { iat: Math.floor(clock()) + 59 } });
  await send(once);
  await refused(send(once), 'API_DPOP_PROOF_INVALID');
  clock.advance(117);
  assert.match((await refused(send(once), 'API_DPOP_PROOF_INVALID')).reason, /used before/);
});

test('DPOP-02 the replay store is bounded per key, pushes nothing out, and refuses when it cannot tell', async (t) => {
  const clock = manualClock();
  const store = createMemoryReplayStore({ windowSeconds: 60, maxProofs: 10, maxProofsPerKey: 4, clock });
  for (let i = 0; i < 4; i += 1) assert.equal(store.claim('noisy', `${i}`, 121), true);
  assert.throws(() => store.claim('noisy', 'one too many', 121), /full/);
  assert.equal(store.claim('quiet', '0', 121), true);
  assert.equal(store.claim('noisy', '0', 121), false);
  clock.advance(61);
  assert.equal(store.claim('noisy', '0', 121), false, 'still there in the older generation');
  clock.advance(120);
  assert.equal(store.claim('noisy', '0', 121), true);

  const broken = { claim: () => Promise.reject(new Error('connection lost')) };
  const { proof, send } = await startDpop(t, { replayStore: broken });
  const error = await refused(send(proof()), 'API_CHECK_UNAVAILABLE');
  assert.equal(error.status, 503);
});

test('DPOP-03 another spelling of a used proof is refused', async (t) => {
  const { proof, send } = await startDpop(t);
  const once = await proof();
  await send(once);
  const signature = once.split('.')[2] ?? '';
  assert.equal(signature.length % 4, 2);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const other = once.slice(0, -1) + alphabet[alphabet.indexOf(once.at(-1) ?? '') | 1];
  for (const spelling of [other, `${once}=`, `${once} `])
    await refused(send(spelling), 'API_DPOP_PROOF_INVALID');
});

test('DPOP-03 a proof that is signed anew with the same id is a replay', async (t) => {
  const { proof, send } = await startDpop(t);
  await send(proof({ claims: { jti: 'same' } }));
  assert.match(
    (await refused(send(proof({ claims: { jti: 'same' } })), 'API_DPOP_PROOF_INVALID')).reason,
    /used before/,
  );
  for (const jti of [undefined, '', 7, 'x'.repeat(257)])
    await refused(send(proof({ claims: { jti } })), 'API_DPOP_PROOF_INVALID');
});

test('DPOP-04 method and address must be those of the request, after normalisation', async (t) => {
  const { proof, send } = await startDpop(t);
  const same = [
    ...['HTTPS://API.deskauth.EXAMPLE/companies', `${origin}:443/companies`, `${origin}/x/../companies`],
    ...[`${origin}/%63ompanies`, `${origin}/companies?page=1#top`],
  ];
  for (const htu of same) await send(proof({ claims: { htu } }));
  await send(proof({ claims: { htu: `${origin}/a%2fb~` } }), { url: '/a%2Fb%7E' });
  const other = [
    ...[
      `${origin}/Companies`,
      `${origin}/companies/`,
      'http://api.deskauth.example/companies',
      `${origin}:8443/companies`,
    ],
    ...[
      'https://api.deskauth.example./companies',
      'https://user@api.deskauth.example/companies',
      '/companies',
      '',
      7,
    ],
  ];
  for (const htu of other) await refused(send(proof({ claims: { htu } })), 'API_DPOP_PROOF_INVALID');
  for (const htm of ['POST', 'get', undefined])
    await refused(send(proof({ claims: { htm } })), 'API_DPOP_PROOF_INVALID');
  await refused(send(proof(), { url: '//companies' }), 'API_DPOP_PROOF_INVALID');
});

test('DPOP-05 the digest of the access token must be in the proof', async (t) => {
  const { proof, send, tokenWith } = await startDpop(t);
  for (const ath of [undefined, '', 'x'])
    await refused(send(proof({ claims: { ath } })), 'API_DPOP_PROOF_INVALID');
  await refused(send(proof(), {}, await tokenWith()), 'API_DPOP_PROOF_INVALID');
});

test('DPOP-06 a proof is good for a minute in either direction', async (t) => {
  const { proof, send, clock } = await startDpop(t);
  const now = clock();
  for (const iat of [now - 59, now + 59]) await send(proof({ claims: { iat } }));
  for (const iat of [now - 61, now + 61, String(now), undefined])
    await refused(send(proof({ claims: { iat } })), 'API_DPOP_PROOF_INVALID');
});

test('DPOP-07 DPOP-08 private, symmetric and weak keys, and other algorithms and types, are refused', async (t) => {
  const { proof, send, jwk, client } = await startDpop(t);
  const secret: JWK = await exportJWK(client.pair.privateKey);
  const headers = [
    ...[{ jwk: secret }, { jwk: { kty: 'oct', k: 'AAAA' } }, { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }],
    ...[
      { jwk: undefined },
      { jwk: [jwk] },
      { jwk: { ...jwk, x: 'AAAA' } },
      { typ: 'JWT' },
      { typ: undefined },
    ],
  ];
  for (const header of headers) await refused(send(proof({ header })), 'API_DPOP_PROOF_INVALID');
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const alg of ['none', 'HS256', 'ES384'])
    await refused(
      send(`${encode({ alg, typ: 'dpop+jwt', jwk })}.${encode({})}.AAAA`),
      'API_DPOP_PROOF_INVALID',
    );
  await refused(send(undefined), 'API_DPOP_PROOF_INVALID');
});

test('DPOP-09 a bound token as a bearer token, and an unbound one as a bound one, are refused', async (t) => {
  const { proof, send, issuer, verifier, token } = await startDpop(t);
  await send(proof());
  assert.equal(verifier.known(token), undefined);
  await refused(verifier.verify(token), 'API_TOKEN_BOUND');
  await refused(send(proof(), { scheme: 'Bearer' }), 'API_TOKEN_BOUND');
  await refused(send(proof(), {}, await issuer.token()), 'API_TOKEN_INVALID');
});

test('DPOP-10 two proofs or two tokens are refused', async (t) => {
  const { proof, token, verifier, issuer } = await startDpop(t);
  const request = new Request(`${origin}/companies`, {
    headers: { authorization: `DPoP ${token}`, dpop: await proof() },
  });
  await verifyRequest(verifier, request);
  request.headers.append('dpop', await proof());
  await refused(verifyRequest(verifier, request), 'API_DPOP_PROOF_INVALID');
  request.headers.append('authorization', `Bearer ${await issuer.token()}`);
  await refused(verifyRequest(verifier, request), 'API_TOKEN_INVALID');
});

test('DPOP-11 API-29 a token of another key, or with a confirmation that cannot be checked, is refused', async (t) => {
  const { proof, send, tokenWith, jkt } = await startDpop(t);
  for (const cnf of [{ 'x5t#S256': 'x' }, { jkt, 'x5t#S256': 'x' }, { kid: 'x' }, {}, { jkt: 7 }])
    await refused(send(proof(), {}, await tokenWith(cnf)), 'API_TOKEN_BOUND');
  const foreign = await tokenWith({ jkt: 'x'.repeat(43) });
  const ath = createHash('sha256').update(foreign).digest('base64url');
  assert.match(
    (await refused(send(proof({ claims: { ath } }), {}, foreign), 'API_DPOP_PROOF_INVALID')).reason,
    /bound to/,
  );
});

test('DPOP-04 a path with dot segments or backslashes, which a router takes as it is, has no proof', async (t) => {
  const { proof, send } = await startDpop(t);
  for (const url of [
    ...['/files/../companies', '/files/%2e%2E/companies', '/./companies', '/companies/x/..', '/companies/.'],
    ...['/files\\..\\companies', '/x/.%2e/companies?a=1'],
  ])
    assert.match(
      (await refused(send(proof(), { url }), 'API_DPOP_PROOF_INVALID')).reason,
      /dot segments/,
      url,
    );
  await send(proof(), { url: '/companies?next=/../x' });
});

test('DPOP-07 a key with any private member, extensions and times that are over are refused', async (t) => {
  const { proof, send, jwk, clock } = await startDpop(t, {}, 'RS256');
  for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
    await refused(send(proof({ header: { jwk: { ...jwk, [name]: 'AQAB' } } })), 'API_DPOP_PROOF_INVALID');
  // jose signs no token with such a header, so that the reader itself says it.
  const crit = await proof({ header: { crit: ['b64'], b64: true } }).catch(() => undefined);
  if (crit) await refused(send(crit), 'API_DPOP_PROOF_INVALID');
  const now = Math.floor(clock());
  for (const claims of [{ exp: 1 }, { exp: 'x' }, { nbf: now + 3600 }])
    await refused(send(proof({ claims })), 'API_DPOP_PROOF_INVALID');
  await send(proof({ claims: { exp: now + 60, nbf: now } }));
});

test('DPOP-01 a clock that is set forth and back makes no proof good again', async (t) => {
  const { proof, send, clock } = await startDpop(t);
  const once = await proof();
  await send(once);
  clock.advance(400);
  await send(proof());
  clock.advance(-400);
  await refused(send(once), 'API_DPOP_PROOF_INVALID');
});
