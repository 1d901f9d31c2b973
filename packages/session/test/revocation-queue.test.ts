import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore } from '@deskauth/session';
import { settle } from './create-bench.ts';
import { createFakeAuthority, type FakeAuthority } from './fake-authority.ts';
import { restarted, signedIn, until } from './rotation.ts';

const settings = { revokeLaterSeconds: 3600 };
const serverOf = (state: unknown) => (state as { server?: unknown }).server;

/** The way to the server, which can be cut for revocations. */
function createWay(authority: FakeAuthority) {
  const way = { isCut: true, attempts: 0 };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (!String(input).endsWith('/revoke')) return authority.fetch(input, init);
    way.attempts += 1;
    if (way.isCut) throw new TypeError('fetch failed');
    return authority.fetch(input, init);
  };
  return Object.assign(way, { fetch });
}

/** Signed out while the server is out of reach. */
async function signedOutOffline(more = settings) {
  const authority = await createFakeAuthority();
  const way = createWay(authority);
  const ports = { fetch: way.fetch, revocationStore: memoryStore() };
  const bench = await signedIn({ authority, settings: more, ports });
  await bench.session.signOut();
  assert.deepEqual(serverOf(bench.session.state), { tokens: 'pending', session: 'kept' });
  return { ...bench, way, ports };
}

test('OUT-01 what could not be revoked is kept without the person, and revoked at the next start', async () => {
  const bench = await signedOutOffline();
  const { session, authority, way, ports, store } = bench;
  assert.equal(await store.load(), undefined);
  const kept = await ports.revocationStore.load();
  assert.equal(kept?.tokens.refreshToken, 'refresh-1');
  assert.doesNotMatch(JSON.stringify(kept), /User One|user-1|access-1|eyJ/);
  session.close();

  const offline = await restarted(bench, { settings, ports });
  await offline.session.restore();
  await until(() => way.attempts === 2);
  assert.ok(await ports.revocationStore.load());
  offline.session.close();

  way.isCut = false;
  const next = await restarted(bench, { settings, ports });
  assert.equal((await next.session.restore()).status, 'signed-out');
  await until(() => authority.revoked.length === 1);
  assert.deepEqual(authority.revoked, ['refresh-1']);
  await until(async () => (await ports.revocationStore.load()) === undefined);
});

test('OUT-01 STORE-17 unless the app asks for it, nothing is kept of a session that was signed out', async () => {
  const { ports } = await signedOutOffline({ revokeLaterSeconds: 0 });
  assert.equal(await ports.revocationStore.load(), undefined);
});

test('OUT-01 a revocation that succeeds later is told in the state, and nothing of it is left', async () => {
  const { session, way, ports, clock } = await signedOutOffline();
  way.isCut = false;
  clock.advance(60);
  await until(() => (serverOf(session.state) as { tokens: string }).tokens === 'revoked');
  assert.equal(await ports.revocationStore.load(), undefined);
});

test('OUT-01 after its time a token is forgotten, not revoked', async () => {
  const bench = await signedOutOffline();
  bench.session.close();
  bench.way.isCut = false;
  bench.clock.jump(3601);
  const next = await restarted(bench, { settings, ports: bench.ports });
  await next.session.restore();
  await until(async () => (await bench.ports.revocationStore.load()) === undefined);
  assert.deepEqual(bench.authority.revoked, []);
});

test('OUT-01 the next sign-in, in whichever process, gives up what is waiting', async () => {
  const bench = await signedOutOffline();
  bench.session.close();
  const next = await restarted(bench, { settings, ports: bench.ports });
  await next.session.signIn().finished;
  assert.equal(await bench.ports.revocationStore.load(), undefined);
  bench.way.isCut = false;
  bench.clock.advance(3000);
  await settle();
  assert.deepEqual(bench.authority.revoked, []);
});

test('OUT-01 signing out once more goes on with what is waiting, and says how it went', async () => {
  const bench = await signedOutOffline();
  bench.session.close();
  bench.way.isCut = false;
  const next = await restarted(bench, { settings, ports: bench.ports });
  await next.session.restore();
  await next.session.signOut();
  assert.deepEqual(serverOf(next.session.state), { tokens: 'revoked', session: 'kept' });
  assert.deepEqual(bench.authority.revoked, ['refresh-1']);
});

test('OUT-01 STORE-08 a place that cannot be used stops no sign-out: the token waits in memory', async () => {
  const authority = await createFakeAuthority();
  const way = createWay(authority);
  const full = () => Promise.reject(new Error('ENOSPC'));
  const revocationStore = { load: full, save: full, clear: full };
  const { session, clock } = await signedIn({
    authority,
    settings,
    ports: { fetch: way.fetch, revocationStore },
  });
  await session.signOut();
  assert.deepEqual(serverOf(session.state), { tokens: 'pending', session: 'kept' });
  way.isCut = false;
  clock.advance(60);
  await until(() => authority.revoked.length === 1);
});
