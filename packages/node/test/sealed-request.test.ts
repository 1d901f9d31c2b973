import assert from 'node:assert/strict';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { createLinkInbox, createNodeSession, type ReportingTokenStore, schemeRedirect } from '@deskauth/node';
import type { AuthorizationRequest, Session } from '@deskauth/session';
import { buildRecord } from '@deskauth/session/testing';
import { contentOf, type Machine, makeMachine, namesIn, noKeyring } from './store-fixture.ts';

const request: AuthorizationRequest = {
  ...{ url: 'https://login.example.com/authorize', redirectUri: 'com.example.app:/callback' },
  ...{ state: 'state-1', codeVerifier: 'verifier-canary', scope: 'openid', nonce: 'nonce-canary' },
  ...{ issuer: 'https://login.example.com', clientId: 'desktop', expiresAt: 4_000_000_000 },
};

/** The place for requests of a store that has one. */
function requestsOf({ requests }: ReportingTokenStore) {
  assert.ok(requests);
  return requests;
}

test('STORE-01 LINK-10 a pending sign-in is sealed on disk, and given to another run once', async (t) => {
  const machine = await makeMachine(t);
  await requestsOf(machine.openStore()).save(request);
  assert.doesNotMatch(await contentOf(machine.directory), /canary|state-1|com\.example/);
  const next = requestsOf(machine.openStore());
  assert.equal(await next.take('another'), undefined);
  assert.equal(await next.take('state-1', ({ issuer }) => issuer === 'https://other.example.com'), undefined);
  const takes = await Promise.all([next.take('state-1'), requestsOf(machine.openStore()).take('state-1')]);
  assert.deepEqual(
    takes.filter((taken) => taken !== undefined),
    [request],
  );
  assert.deepEqual(await namesIn(machine.directory), []);
});

test('LINK-10 the last one counts, and one with a loopback redirect is not kept at all', async (t) => {
  const requests = requestsOf((await makeMachine(t)).openStore());
  await requests.save(request);
  await requests.save({ ...request, state: 'state-2' });
  assert.equal(await requests.take('state-1'), undefined);
  await requests.save({ ...request, state: 'state-3', redirectUri: 'http://127.0.0.1:8001/callback' });
  assert.equal(await requests.take('state-2'), undefined);
  assert.equal(await requests.take('state-3'), undefined);
});

test('STORE-02 without a keyring nothing is written; where it fails, no sign-in does', async (t) => {
  const machine = await makeMachine(t);
  const memory = requestsOf(machine.openStore({ keyring: noKeyring }));
  await memory.save(request);
  assert.equal(await memory.take('state-1'), undefined);
  assert.deepEqual(await namesIn(machine.directory), []);

  const locked = requestsOf(machine.openStore());
  await locked.save(request);
  machine.keyring.key = new Uint8Array(32);
  assert.equal(await requestsOf(machine.openStore()).take('state-1'), undefined);
});

test('STORE-12 a request is no session and a session is no request, wherever their files are put', async (t) => {
  const machine = await makeMachine(t);
  const store = machine.openStore();
  await store.save(buildRecord());
  await requestsOf(store).save(request);
  const [session, pending] = [await machine.fileOf('.session'), await machine.fileOf('.request')];
  const kept = join(machine.directory, 'kept');
  await copyFile(session, kept);
  await copyFile(pending, session);
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNREADABLE' });
  await rename(kept, pending);
  assert.equal(await requestsOf(machine.openStore()).take('state-1'), undefined);
});

test('STORE-17 sign-out leaves no pending sign-in behind', async (t) => {
  const machine = await makeMachine(t);
  const store = machine.openStore();
  await requestsOf(store).save(request);
  await store.clear();
  assert.deepEqual(await namesIn(machine.directory), []);
});

/** One run of an app whose answers come by links. */
function startApp(machine: Machine, { issuer }: DevAuthority, dpop: 'off' | 'required') {
  const links = createLinkInbox({ scheme: 'com.deskauth.sample' });
  const opened: string[] = [];
  const session = createNodeSession({
    ...{ appName: 'Companies', issuer, clientId: 'deskauth-desktop', allowHttp: true, dpop },
    ...{ directory: machine.directory, store: machine.openStore({ issuer }) },
    redirect: schemeRedirect({ links }),
    browser: { open: async (url) => void opened.push(url) },
  });
  return { session, links, opened };
}

const untilStatus = (session: Session, status: string) =>
  new Promise<void>((resolve) => {
    session.onChange((state) => state.status === status && resolve());
  });

async function startAuthority(t: TestContext): Promise<DevAuthority> {
  const authority = await startDevAuthority({ port: 0 });
  t.after(() => authority.stop());
  return authority;
}

for (const dpop of ['off', 'required'] as const)
  test(`LINK-10 LINK-11 an app that was ended during a sign-in finishes it when the link starts it (dpop ${dpop})`, async (t) => {
    const machine = await makeMachine(t);
    const authority = await startAuthority(t);
    const first = startApp(machine, authority, dpop);
    const attempt = first.session.signIn();
    attempt.finished.catch(() => {});
    while (first.opened.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    first.session.close();
    const person = { username: 'europe', password: 'deskauth' };
    const { redirectTo } = await createHttpBrowser().signIn(first.opened[0] ?? '', person);

    const next = startApp(machine, authority, dpop);
    t.after(() => next.session.close());
    next.links.push(redirectTo);
    const signedIn = untilStatus(next.session, 'signed-in');
    await next.session.restore();
    await signedIn;
    assert.equal(next.session.user?.displayName, 'Europe Analyst');
    assert.deepEqual(next.opened, []);
    assert.equal((await namesIn(machine.directory)).filter((name) => name.endsWith('.request')).length, 0);
  });
