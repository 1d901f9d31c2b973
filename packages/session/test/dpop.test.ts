import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionRecord } from '@deskauth/session';
import { codeOf, createBench } from './create-bench.ts';
import { readProof, signedInBound } from './dpop-api.ts';

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers });

test('AUTH-22 the code is bound to the key before it is made, and every token request proves the key', async () => {
  const { authority, browser, clock, session, store } = await signedInBound();
  clock.advance(301);
  await session.accessToken();
  const [exchange, refresh] = await Promise.all(authority.proofs.map(readProof));
  const asked = new URL(browser.opened[0] ?? '').searchParams;
  assert.equal(asked.get('dpop_jkt'), exchange?.thumbprint);
  assert.equal(refresh?.thumbprint, exchange?.thumbprint);
  assert.equal(exchange?.payload.htu, 'https://login.example.com/token');
  assert.equal(exchange?.payload.htm, 'POST');
  assert.equal(exchange?.payload.ath, undefined);
  assert.notEqual(exchange?.payload.jti, refresh?.payload.jti);
  assert.ok(exchange?.jwk && !('d' in exchange.jwk));
  const record = await store.load();
  assert.equal(record?.version, 2);
  assert.equal(record?.tokens.tokenType, 'DPoP');
  const { d, ...publicPart } = record?.tokens.dpopKey?.privateKey ?? {};
  assert.ok(d);
  assert.equal(publicPart.x, exchange?.jwk?.x);
});

test('TOK-15 every sign-in has a key of its own', async () => {
  const { authority, session } = await signedInBound();
  await session.signIn().finished;
  const [first, second] = await Promise.all(authority.proofs.map(readProof));
  assert.notEqual(first?.thumbprint, second?.thumbprint);
});

test('a proof has the time of the server where the clock of this machine is wrong', async () => {
  const { authority } = await createBench();
  const ahead = Math.floor(Date.now() / 1000) + 7200;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await authority.fetch(input, init);
    response.headers.set('date', new Date(ahead * 1000).toUTCString());
    return response;
  };
  const { session, clock } = await createBench({
    authority,
    settings: { dpop: 'required' },
    ports: { fetch },
  });
  await codeOf(session.signIn().finished);
  const { payload } = await readProof(authority.proofs[0]);
  assert.ok(Math.abs(Number(payload.iat) - ahead) < 5, `${payload.iat} by a clock that says ${clock.now()}`);
});

const offers: readonly [string, unknown, string | undefined][] = [
  ['off', ['ES256'], undefined],
  ['when-offered', undefined, undefined],
  ['when-offered', ['RS512'], undefined],
  ['when-offered', 'ES256', undefined],
  ['when-offered', ['RS256', 'ES256'], 'ES256'],
  ['required', ['Ed25519', 'ES384'], 'Ed25519'],
  ['required', ['ES384'], 'ES384'],
  ['required', undefined, 'ES256'],
];

test('TOK-15 whether tokens are bound, and how, is decided by settings and metadata', async () => {
  for (const [dpop, listed, expected] of offers) {
    const { session, authority } = await createBench({ settings: { dpop: dpop as 'off' } });
    authority.bend.discovery = (honest) => ({ ...honest, dpop_signing_alg_values_supported: listed });
    await session.signIn().finished;
    const proof = authority.proofs[0];
    assert.equal(proof ? (await readProof(proof)).alg : undefined, expected, `${dpop} ${listed}`);
  }
});

test('TOK-15 a server that takes no proof of ours is refused before the browser is opened', async () => {
  const { session, authority, browser } = await createBench({ settings: { dpop: 'required' } });
  authority.bend.discovery = (honest) => ({ ...honest, dpop_signing_alg_values_supported: ['RS512'] });
  assert.equal(await codeOf(session.signIn().finished), 'AUTH_DISCOVERY_FAILED');
  assert.equal(browser.opened.length, 0);
});

test('TOK-15 a sign-in that is answered with a bearer token is refused', async () => {
  for (const dpop of ['required', 'when-offered'] as const) {
    const { session, authority, store } = await createBench({ settings: { dpop } });
    authority.bend.discovery = (honest) => ({ ...honest, dpop_signing_alg_values_supported: ['ES256'] });
    authority.bend.token = (_form, honest) => json({ ...honest, token_type: 'Bearer' });
    assert.equal(await codeOf(session.signIn().finished), 'AUTH_TOKEN_RESPONSE_INVALID');
    assert.equal(await store.load(), undefined);
  }
});

test('TOK-15 a refresh that falls back to a bearer token is refused; the session and its refresh token stay', async () => {
  // What the settings say now does not loosen what was bound before.
  const bound = await signedInBound();
  const { authority, store, clock } = bound;
  const { session } = await createBench({ authority, settings: { dpop: 'off' }, ports: { store, clock } });
  await session.restore();
  authority.bend.token = (_form, honest) => json({ ...honest, token_type: 'Bearer' });
  clock.advance(301);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_TOKEN_RESPONSE_INVALID');
  assert.equal(session.state.status, 'signed-in');
  const record = await store.load();
  assert.deepEqual([record?.tokens.accessToken, record?.tokens.refreshToken], ['access-1', 'refresh-2']);
  delete authority.bend.token;
  clock.advance(60);
  assert.equal(await session.accessToken(), 'access-3');
  assert.equal((await store.load())?.tokens.tokenType, 'DPoP');
});

test('TOK-16 the token endpoint’s nonce is used, remembered, and taken from every answer', async () => {
  const { authority, session, clock } = await createBench({ settings: { dpop: 'required' } });
  let wanted = 'n-1';
  authority.bend.token = async (_form, honest) => {
    const { payload } = await readProof(authority.proofs.at(-1));
    if (payload.nonce !== wanted) return json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': wanted });
    wanted = `n-${authority.proofs.length}`;
    return json(honest, 200, { 'dpop-nonce': wanted });
  };
  await session.signIn().finished;
  clock.advance(301);
  await session.accessToken();
  const proofs = await Promise.all(authority.proofs.map(readProof));
  assert.deepEqual(
    proofs.map(({ payload }) => payload.nonce),
    [undefined, 'n-1', 'n-2'],
  );
  assert.equal(new Set(proofs.map(({ payload }) => payload.jti)).size, 3);
});

test('TOK-16 a server that always wants another nonce is asked twice; a session survives it', async () => {
  const { authority, session, clock, store } = await signedInBound();
  authority.bend.token = () =>
    json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': `n-${authority.proofs.length}` });
  clock.advance(301);
  const before = await store.load();
  assert.equal(await codeOf(session.accessToken()), 'AUTH_CLIENT_REJECTED');
  assert.equal(authority.proofs.length, 3);
  assert.equal(session.state.status, 'signed-in');
  const after = await store.load();
  assert.equal(after?.tokens.refreshToken, before?.tokens.refreshToken);
  assert.equal(after?.refreshIntent, undefined);
});

type Loss = readonly [string, (record: SessionRecord) => SessionRecord];

const withTokens = (record: SessionRecord, tokens: object) =>
  ({ ...record, tokens: { ...record.tokens, ...tokens } }) as SessionRecord;

const losses: readonly Loss[] = [
  ['no key', (record) => withTokens(record, { dpopKey: undefined })],
  ['half a key', (record) => withTokens(record, { dpopKey: { alg: 'ES256', privateKey: { kty: 'EC' } } })],
  ['a key of another kind', (record) => withTokens(record, { dpopKey: { alg: 'XX', privateKey: {} } })],
  [
    'bound to nothing, though the settings demand it',
    (record) => ({ ...withTokens(record, { tokenType: 'Bearer', dpopKey: undefined }), version: 1 }),
  ],
];

for (const [name, lose] of losses)
  test(`REF-22 ${name}: the session ends with its reason, and the next sign-in is a clean one`, async () => {
    const { authority, store } = await signedInBound();
    await store.save(lose((await store.load()) as SessionRecord));
    const { session } = await createBench({ authority, settings: { dpop: 'required' }, ports: { store } });
    const asked = authority.requests.length;
    const state = await session.restore();
    assert.equal(state.status === 'expired' && state.reason, 'no-key');
    assert.equal(session.user?.sub, 'user-1');
    assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED');
    assert.equal(authority.requests.length, asked);
  });

test('REF-22 a key that another process has lost meanwhile ends the session without a request', async () => {
  const { session, authority, store, clock } = await signedInBound();
  const record = (await store.load()) as SessionRecord;
  await store.save(withTokens({ ...record, generation: 2 }, { accessToken: 'newer', dpopKey: undefined }));
  clock.advance(301);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED');
  const { state } = session;
  assert.equal(state.status === 'expired' && state.reason, 'no-key');
  assert.equal(authority.tokenRequests.length, 1);
});

test('REF-22 after a lost key somebody signs in again, with another key', async () => {
  const { session, authority, store } = await signedInBound();
  await store.save(withTokens((await store.load()) as SessionRecord, { dpopKey: undefined }));
  await session.restore();
  assert.equal(session.state.status, 'expired');
  await session.signIn().finished;
  assert.equal(session.state.status, 'signed-in');
  assert.equal(await session.accessToken(), 'access-2');
  assert.ok((await store.load())?.tokens.dpopKey);
  assert.equal(authority.proofs.length, 2);
});
