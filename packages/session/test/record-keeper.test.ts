import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthError, memoryStore, type SessionRecord, type TokenStore } from '@deskauth/session';
import { codeOf, createBench } from './create-bench.ts';
import { createFakeAuthority } from './fake-authority.ts';
import { refreshCount, restarted, signedIn } from './rotation.ts';

const failing = (code: 'AUTH_STORE_UNAVAILABLE' | 'AUTH_STORE_UNREADABLE') => () =>
  Promise.reject(new AuthError(code, 'The store fails for this test.'));

async function load(store: TokenStore): Promise<SessionRecord> {
  const record = await store.load();
  assert.ok(record);
  return record;
}

test('REF-12 what could not be saved is saved at the next chance, and the fault is over', async () => {
  const store = memoryStore();
  const { save } = store;
  const { session, clock } = await signedIn({ ports: { store } });
  store.save = failing('AUTH_STORE_UNAVAILABLE');
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(session.storeFault?.code, 'AUTH_STORE_UNAVAILABLE');
  store.save = save;
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-3');
  assert.equal((await load(store)).tokens.accessToken, 'access-3');
  assert.equal(session.storeFault, undefined);
});

test('REF-12 REF-14 memory is ahead of the store, and another process has saved meanwhile: the newest wins', async () => {
  const bench = await signedIn();
  const { session, clock, store, authority } = bench;
  const { save } = store;
  store.save = failing('AUTH_STORE_UNAVAILABLE');
  clock.advance(301);
  await session.accessToken();
  const record = await load(store);
  const tokens = { ...record.tokens, accessToken: 'theirs', expiresAt: clock.now() + 600 };
  await save({ ...record, generation: record.generation + 5, tokens });
  store.save = save;
  clock.advance(301);
  assert.equal(await session.accessToken(), 'theirs');
  assert.equal(refreshCount(authority), 1);
});

test('REF-12 REF-14 memory is ahead of the store, and an older record is there: it is overwritten, not adopted', async () => {
  const { session, clock, store } = await signedIn();
  const { save } = store;
  const old = await load(store);
  store.save = failing('AUTH_STORE_UNAVAILABLE');
  clock.advance(301);
  await session.accessToken();
  store.save = save;
  await store.save(old);
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-3');
});

test('REF-12 a sign-in that could not be saved is not undone by the session before it', async () => {
  const { session, clock, store } = await signedIn();
  const { save } = store;
  store.save = failing('AUTH_STORE_UNAVAILABLE');
  await session.signIn({ prompt: 'select_account' }).finished;
  store.save = save;
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-3');
  assert.equal((await load(store)).tokens.accessToken, 'access-3');
});

test('REF-02 STORE-04 a store that cannot be read just now: nobody spends a token that may be spent already', async () => {
  const { session, clock, store, authority } = await signedIn();
  const { load: read } = store;
  store.load = failing('AUTH_STORE_UNAVAILABLE');
  clock.advance(301);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_STORE_UNAVAILABLE');
  assert.equal(refreshCount(authority), 0);
  assert.equal(session.state.status, 'signed-in');
  store.load = read;
  clock.advance(2);
  assert.equal(await session.accessToken(), 'access-2');
});

test('STORE-06 a record that was damaged and put aside: memory has the only copy and saves it again', async () => {
  const { session, clock, store } = await signedIn();
  const { load: read } = store;
  store.load = async () => {
    store.load = read;
    await store.clear();
    return failing('AUTH_STORE_UNREADABLE')();
  };
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal((await load(store)).tokens.accessToken, 'access-2');
});

test('STORE-10 a record that stays unreadable is another version’s: it is not overwritten, nothing is spent', async () => {
  const { session, clock, store, authority } = await signedIn();
  let saves = 0;
  store.save = async () => {
    saves += 1;
  };
  store.load = failing('AUTH_STORE_UNREADABLE');
  clock.advance(301);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_STORE_UNAVAILABLE');
  assert.equal(refreshCount(authority), 0);
  assert.equal(saves, 0);
});

test('REF-14 STORE-10 what another version of the package has added to the record is kept', async () => {
  const { session, clock, store } = await signedIn();
  await store.save({ ...(await load(store)), ofAnotherVersion: { kept: true } } as SessionRecord);
  clock.advance(301);
  await session.accessToken();
  assert.deepEqual((await store.load()) as unknown as { ofAnotherVersion: unknown }, {
    ...(await load(store)),
    ofAnotherVersion: { kept: true },
  });
});

test('REF-15 REF-09 a refusal is believed only when the store still holds the token that was refused', async () => {
  const { session, clock, store, authority } = await signedIn();
  clock.advance(301);
  authority.bend.token = async () => {
    // Somebody without our lock was faster.
    const record = await load(store);
    const tokens = {
      ...record.tokens,
      accessToken: 'theirs',
      refreshToken: 'theirs too',
      expiresAt: clock.now() + 300,
    };
    await store.save({ ...record, generation: record.generation + 1, tokens });
    return Response.json({ error: 'invalid_grant' }, { status: 400 });
  };
  assert.equal(await session.accessToken(), 'theirs');
  assert.equal((await load(store)).tokens.refreshToken, 'theirs too');
});

test('REF-26 an update that asks for more scope ends the session with the reason; less or the same goes on', async () => {
  const settings = { scope: 'openid companies:read companies:write' };
  const bench = await signedIn({ settings });
  for (const [scope, status] of [
    ['openid companies:read', 'signed-in'],
    ['companies:write openid companies:read', 'signed-in'],
    ['openid companies:read reports:read', 'expired'],
  ] as const) {
    const next = await restarted(bench, { settings: { scope } });
    const state = await next.session.restore();
    assert.equal(state.status, status, scope);
    if (state.status === 'expired') assert.equal(state.reason, 'scope-changed');
    if (state.status === 'expired') assert.equal(state.user.sub, 'user-1');
  }
});

test('REF-24 the session’s own end is told where the server tells it, and survives a refresh that does not', async () => {
  const bench = await signedIn();
  const { session, clock, authority } = bench;
  assert.equal(session.endsAt, undefined);
  authority.bend.token = (_request, honest) =>
    Response.json({ ...honest, authorization_expires_in: 864_000 });
  clock.advance(301);
  await session.accessToken();
  const endsAt = clock.now() + 864_000;
  assert.equal(session.endsAt, endsAt);
  delete authority.bend.token;
  clock.advance(301);
  await session.accessToken({ scope: 'a' });
  assert.equal(session.endsAt, endsAt);
  const next = await restarted(bench);
  await next.session.restore();
  assert.equal(next.session.endsAt, endsAt);
});

test('REF-24 without a refresh token the session ends with its access token, and the app is told', async () => {
  const authority = await createFakeAuthority();
  authority.bend.token = (_request, { refresh_token: _none, ...rest }) =>
    Response.json({ ...rest, expires_in: 1800 });
  const bench = await createBench({ authority });
  const { session, clock } = bench;
  await session.signIn().finished;
  const endsAt = clock.now() + 1800;
  assert.equal(session.endsAt, endsAt);
  const [warning] = session.warnings;
  assert.equal(warning?.code, 'no-refresh-token');
  assert.match(warning?.message ?? '', /ends when its access token does, in 30 minutes/);
  clock.advance(600);
  const next = await restarted(bench);
  await next.session.restore();
  assert.equal(next.session.endsAt, endsAt);
  assert.match(next.session.warnings[0]?.message ?? '', /in 20 minutes/);
  delete authority.bend.token;
  await session.signIn({ prompt: 'login' }).finished;
  assert.deepEqual([session.endsAt, session.warnings], [undefined, []]);
});
