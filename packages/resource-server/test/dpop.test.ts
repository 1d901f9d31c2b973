import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';
import { resourceServer } from '../src/fastify.ts';
import {
  ApiError,
  createMemoryReplayStore,
  type DpopSettings,
  type TokenPresentation,
  verifyRequest,
} from '../src/index.ts';
import { keysOf } from './issuer.ts';
import { issuerFor, manualClock, refused, verifierFor } from './support.ts';

const origin = 'https://api.deskauth.example';

interface ProofParts {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly nonce?: string;
}

/** A verifier that takes DPoP, a token bound to the client's key, and the client that makes proofs with it. */
async function startDpop(t: TestContext, dpop: Partial<DpopSettings> = {}, alg = 'ES256') {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock, dpop: { origin, ...dpop } });
  const client = await keysOf('client', alg);
  const jwk = await exportJWK(client.pair.publicKey);
  const jkt = await calculateJwkThumbprint(jwk);
  const tokenWith = (cnf: unknown = { jkt }) =>
    issuer.token({ claims: { cnf, exp: Math.floor(clock()) + 3600 } });
  const token = await tokenWith();
  const proof = ({ claims = {}, header = {}, nonce }: ProofParts = {}) => {
    const ath = createHash('sha256').update(token).digest('base64url');
    const usual = {
      htm: 'GET',
      htu: `${origin}/companies`,
      jti: crypto.randomUUID(),
      iat: Math.floor(clock()),
      ath,
      nonce,
    };
    const signed = new SignJWT({ ...usual, ...claims }).setProtectedHeader({
      alg,
      typ: 'dpop+jwt',
      jwk,
      ...header,
    });
    return signed.sign(client.pair.privateKey);
  };
  const send = async (
    made: string | Promise<string> | undefined,
    more: Partial<TokenPresentation> = {},
    text = token,
  ) =>
    verifier.verify(text, {
      scheme: 'DPoP',
      method: 'GET',
      url: '/companies?page=2',
      proof: await made,
      ...more,
    });
  return { issuer, clock, verifier, client, jwk, jkt, token, tokenWith, proof, send };
}

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
  for (let i = 0; i < 4; i += 1) assert.equal(store.claim('noisy', `${i}`), true);
  assert.throws(() => store.claim('noisy', 'one too many'), /full/);
  assert.equal(store.claim('quiet', '0'), true);
  assert.equal(store.claim('noisy', '0'), false);
  clock.advance(61);
  assert.equal(store.claim('noisy', '0'), false, 'still there in the older generation');
  clock.advance(120);
  assert.equal(store.claim('noisy', '0'), true);

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

test('DPOP-12 a nonce of ours is asked for, accepted for two spans, and refused when old', async (t) => {
  const { proof, send, verifier, clock } = await startDpop(t, { nonceSeconds: 300 });
  const error = await refused(send(proof()), 'API_DPOP_NONCE_REQUIRED');
  assert.match(verifier.challenge(error) ?? '', /DPoP realm="[^"]+", error="use_dpop_nonce"/);
  const nonce = verifier.dpopNonce() ?? '';
  await send(proof({ nonce }));
  clock.advance(299);
  await send(proof({ nonce }));
  clock.advance(301);
  await refused(send(proof({ nonce })), 'API_DPOP_NONCE_REQUIRED');
  await refused(send(proof({ nonce: 'forged' })), 'API_DPOP_NONCE_REQUIRED');
});

test('DPOP-14 a proof that was minted ahead by injected code is useless without the nonce of its time', async (t) => {
  const { proof, send, verifier, clock } = await startDpop(t, { nonceSeconds: 60 });
  const ahead = Math.floor(clock()) + 3600;
  const minted = await proof({ nonce: verifier.dpopNonce() ?? '', claims: { iat: ahead } });
  await refused(send(minted), 'API_DPOP_PROOF_INVALID');
  clock.advance(3590);
  await refused(send(minted), 'API_DPOP_NONCE_REQUIRED');
});

test('DPOP-12 instances with one secret accept the nonces of each other', async (t) => {
  const nonceSecret = 'a secret that all instances share';
  const one = await startDpop(t, { nonceSeconds: 300, nonceSecret });
  const two = await startDpop(t, { nonceSeconds: 300, nonceSecret });
  await two.send(two.proof({ nonce: one.verifier.dpopNonce() ?? '' }));
});

test('DPOP-13 over HTTP: the scheme in any case, challenges for both schemes, and the next nonce with each answer', async (t) => {
  const { proof, token, verifier, issuer, clock } = await startDpop(t, { nonceSeconds: 300 });
  const api = fastify();
  t.after(() => api.close());
  await api.register(resourceServer, { verifier });
  api.get('/companies', ({ claims }) => claims.userId);
  const url = await api.listen({ port: 0, host: '127.0.0.1' });
  const call = (headers: Record<string, string>) => fetch(`${url}/companies`, { headers });

  const anonymous = await call({});
  assert.match(
    anonymous.headers.get('www-authenticate') ?? '',
    /^Bearer realm="[^"]+", DPoP realm="[^"]+", algs="ES256 /,
  );
  const first = await call({ authorization: `dpop ${token}`, dpop: await proof() });
  assert.equal(first.status, 401);
  const nonce = first.headers.get('dpop-nonce') ?? '';
  const second = await call({
    authorization: `DPOP ${token}`,
    dpop: await proof({ nonce }),
  });
  assert.deepEqual(
    [second.status, await second.text(), second.headers.get('dpop-nonce')],
    [200, 'user-europe', nonce],
  );
  const stolen = await call({ authorization: `Bearer ${token}` });
  assert.match(
    stolen.headers.get('www-authenticate') ?? '',
    /^Bearer realm="[^"]+", error="invalid_token".*, DPoP /,
  );
  const expired = await issuer.token({ claims: { exp: Math.floor(clock()) - 60 } });
  const late = await call({
    authorization: `DPoP ${expired}`,
    dpop: await proof({ nonce }),
  });
  assert.match(late.headers.get('www-authenticate') ?? '', /DPoP realm="[^"]+", error="invalid_token"/);
});

test('an API may insist on bound tokens', async (t) => {
  const { issuer, verifier, proof, send } = await startDpop(t, { required: true });
  const bearer = await issuer.token();
  const error = await refused(verifier.verify(bearer), 'API_DPOP_REQUIRED');
  assert.equal(verifier.known(bearer), undefined);
  assert.match(verifier.challenge(error) ?? '', /^DPoP realm/);
  await send(proof());
});

test('an API without DPoP settings does not know the scheme', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const request = { scheme: 'DPoP', method: 'GET', url: '/', proof: 'x' } as const;
  const error = await refused(verifier.verify(await issuer.token(), request), 'API_TOKEN_MISSING');
  assert.equal(verifier.challenge(error), 'Bearer realm="https://api.deskauth.example"');
  assert.ok(error instanceof ApiError);
});
