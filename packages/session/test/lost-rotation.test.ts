import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore } from '@deskauth/session';
import { codeOf } from './create-bench.ts';
import { lostAnswer, neverSent, refreshCount, restarted, rotate, signedIn, until } from './rotation.ts';

const withGrace = { settings: { refreshGraceSeconds: 30 } };

test('REF-04 a lost answer within the grace is asked for once more, and the call does not notice', async () => {
  const { session, clock, authority } = await signedIn(withGrace);
  const { faults } = rotate(authority, clock, 30);
  clock.advance(301);
  faults.push(lostAnswer);
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(refreshCount(authority), 2);
});

test('REF-04 one replay and no more: then the call fails, the session stays, and the next one goes on', async () => {
  const { session, clock, authority } = await signedIn(withGrace);
  const { faults } = rotate(authority, clock, 30);
  clock.advance(301);
  faults.push(lostAnswer, lostAnswer);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_NETWORK');
  assert.equal(refreshCount(authority), 2);
  assert.equal(session.state.status, 'signed-in');
  clock.advance(2);
  assert.equal(await session.accessToken(), 'access-2');
});

test('REF-04 without grace a token in doubt is not sent while the access token is good, then once', async () => {
  const { session, clock, authority } = await signedIn();
  const { faults } = rotate(authority, clock);
  clock.advance(250);
  faults.push(lostAnswer);
  assert.equal(await session.accessToken(), 'access-1');
  clock.advance(40);
  assert.equal(await session.accessToken(), 'access-1');
  assert.equal(refreshCount(authority), 1);
  clock.advance(20);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED');
  assert.equal(session.state.status === 'expired' && session.state.reason, 'lost-rotation');
  assert.equal(refreshCount(authority), 2);
});

test('REF-04 without grace, a server that does not care about the old token keeps the session', async () => {
  const { session, clock, authority } = await signedIn();
  const { faults } = rotate(authority, clock, Number.POSITIVE_INFINITY);
  clock.advance(301);
  faults.push(lostAnswer);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_NETWORK');
  clock.advance(2);
  assert.equal(await session.accessToken(), 'access-2');
});

test('REF-04 a request that never left leaves no doubt: a later refusal is a plain one', async () => {
  const { session, clock, authority, store } = await signedIn();
  const { faults } = rotate(authority, clock);
  clock.advance(301);
  faults.push(neverSent);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_NETWORK');
  assert.equal((await store.load())?.refreshIntent, undefined);
  authority.liveRefreshTokens.clear();
  clock.advance(2);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED');
  assert.equal(session.state.status === 'expired' && session.state.reason, 'refresh-rejected');
});

test('REF-13 REF-04 a crash between sending and saving: the next start recovers within the grace, unasked', async () => {
  const bench = await signedIn(withGrace);
  rotate(bench.authority, bench.clock, 30);
  bench.clock.advance(250);
  // The process dies as the answer arrives: its last save does not happen.
  const record = await bench.store.load();
  assert.ok(record);
  bench.store.save = async () => {};
  await bench.session.accessToken();
  const store = memoryStore();
  await store.save({ ...record, refreshIntent: { startedAt: bench.clock.now() } });

  bench.clock.advance(5);
  const next = await restarted({ ...bench, store }, withGrace);
  const state = await next.session.restore();
  assert.equal(state.status === 'signed-in' && state.reason, 'restored');
  await until(async () => (await store.load())?.tokens.accessToken === 'access-2');
  assert.equal(await next.session.accessToken(), 'access-2');
  assert.equal((await store.load())?.refreshIntent, undefined);
});

test('REF-13 REF-04 the same crash without grace: the access token is used to its end, then the reason is told', async () => {
  const bench = await signedIn();
  rotate(bench.authority, bench.clock);
  bench.clock.advance(250);
  const record = await bench.store.load();
  assert.ok(record);
  bench.store.save = async () => {};
  await bench.session.accessToken();
  const store = memoryStore();
  await store.save({ ...record, refreshIntent: { startedAt: bench.clock.now() } });

  const next = await restarted({ ...bench, store });
  await next.session.restore();
  assert.equal(await next.session.accessToken(), 'access-1');
  bench.clock.advance(51);
  assert.equal(await codeOf(next.session.accessToken()), 'AUTH_SESSION_EXPIRED');
  assert.equal(next.session.state.status === 'expired' && next.session.state.reason, 'lost-rotation');
});

test('REF-13 REF-16 tokens that cannot be used still rotate: the new refresh token is kept', async () => {
  const { session, clock, authority, store } = await signedIn();
  clock.advance(301);
  authority.bend.idTokenClaims = (claims) => ({ ...claims, aud: 'somebody-else' });
  assert.equal(await codeOf(session.accessToken()), 'AUTH_ID_TOKEN_INVALID');
  assert.equal((await store.load())?.tokens.refreshToken, 'refresh-2');
  delete authority.bend.idTokenClaims;
  clock.advance(2);
  assert.equal(await session.accessToken(), 'access-3');
});

test('an answer without an access token has the next refresh token all the same: it is kept', async () => {
  const { session, authority, clock, store } = await signedIn();
  clock.advance(10_000);
  authority.bend.token = (_request, { access_token: _missing, ...honest }) => Response.json(honest);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_TOKEN_RESPONSE_INVALID');
  assert.equal((await store.load())?.tokens.refreshToken, 'refresh-2');
  delete authority.bend.token;
  clock.advance(600);
  assert.match(await session.accessToken(), /^access-/);
});

test('REF-04 the error of a lost rotation says what was lost, and suspects nobody', async () => {
  const { session, authority, clock } = await signedIn({ settings: { refreshGraceSeconds: 0 } });
  clock.advance(10_000);
  authority.bend.token = lostAnswer;
  await codeOf(session.accessToken());
  authority.bend.token = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
  clock.advance(600);
  await codeOf(session.accessToken());
  const { state } = session;
  assert.equal(state.status === 'expired' && state.reason, 'lost-rotation');
  assert.match(
    (state.status === 'expired' && state.error?.message) || '',
    /answer to an earlier renewal was lost/,
  );
});
