import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeRedirect } from '@deskauth/session/testing';
import { addressOf, codeOf, createBench, settle } from './create-bench.ts';
import { createFakeAuthority } from './fake-authority.ts';
import { restarted, signedIn, until } from './rotation.ts';

const serverOf = (state: unknown) => (state as { server?: unknown }).server;
const endSession = 'https://login.example.com/end';
const withEndSession = (metadata: Record<string, unknown>) => ({
  ...metadata,
  end_session_endpoint: endSession,
});

/** Signed in at a server with RP-initiated logout; the sign-out answer goes to a redirect of its own. */
async function signedInThere(settings = {}) {
  const authority = await createFakeAuthority();
  authority.bend.discovery = withEndSession;
  const signOutRedirect = createFakeRedirect('http://127.0.0.1:1/signed-out');
  const bench = await signedIn({ authority, settings, ports: { signOutRedirect } });
  return { ...bench, signOutRedirect };
}

/** A fetch that answers revocations with these, one after the other, and then as the authority does. */
function revocationAnswers(
  authority: Awaited<ReturnType<typeof createFakeAuthority>>,
  answers: (() => Response)[],
) {
  const attempts: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (!String(input).endsWith('/revoke')) return authority.fetch(input, init);
    attempts.push(String(init?.body));
    const answer = answers.shift();
    return answer ? answer() : authority.fetch(input, init);
  };
  return { fetch, attempts };
}

test('OUT-01 OUT-02 a revocation that fails for now is made again, later, and signed out is signed out', async () => {
  const authority = await createFakeAuthority();
  const busy = () => new Response(null, { status: 503, headers: { 'retry-after': '120' } });
  const { fetch, attempts } = revocationAnswers(authority, [busy]);
  const { session, clock, store } = await signedIn({ authority, ports: { fetch } });
  await session.signOut();
  assert.deepEqual(serverOf(session.state), { tokens: 'pending', session: 'kept' });
  assert.equal(await store.load(), undefined);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SIGN_IN_REQUIRED');
  clock.advance(119);
  await settle();
  assert.equal(attempts.length, 1);
  clock.advance(2);
  await until(() => authority.revoked.length === 1);
  assert.deepEqual(authority.revoked, ['refresh-1']);
});

test('OUT-01 a page in the place of the answer revokes nothing: it is made again; an empty answer of any type will do', async () => {
  const html = { headers: { 'content-type': 'text/html; charset=utf-8' } };
  const authority = await createFakeAuthority();
  const { fetch } = revocationAnswers(authority, [() => new Response('<!doctype html><p>Welcome', html)]);
  const { session, clock } = await signedIn({ authority, ports: { fetch } });
  await session.signOut();
  assert.deepEqual(serverOf(session.state), { tokens: 'pending', session: 'kept' });
  clock.advance(600);
  await until(() => authority.revoked.length === 1);

  const other = await createFakeAuthority();
  const empty = revocationAnswers(other, [() => new Response('', html)]);
  const { session: second } = await signedIn({ authority: other, ports: { fetch: empty.fetch } });
  await second.signOut();
  assert.deepEqual(serverOf(second.state), { tokens: 'revoked', session: 'kept' });
});

test('OUT-01 a server that never comes back is asked a dozen times, then left alone', async () => {
  const authority = await createFakeAuthority();
  const { fetch, attempts } = revocationAnswers(
    authority,
    Array.from({ length: 50 }, () => () => Response.error()),
  );
  const { session, clock } = await signedIn({ authority, ports: { fetch } });
  await session.signOut();
  for (let minute = 0; minute < 60; minute += 1) {
    clock.advance(60);
    await settle();
  }
  assert.equal(attempts.length, 12);
});

test('OUT-01 the next sign-in gives up what is waiting: some servers would end the new session with the old token', async () => {
  const authority = await createFakeAuthority();
  const { fetch, attempts } = revocationAnswers(authority, [() => new Response(null, { status: 503 })]);
  const { session, clock } = await signedIn({ authority, ports: { fetch } });
  await session.signOut();
  await session.signIn().finished;
  clock.advance(3600);
  await settle();
  assert.equal(attempts.length, 1);
});

test('OUT-03 a server that knows neither the token nor its kind has nothing left to do', async () => {
  for (const answer of [
    () => new Response(null, { status: 200 }),
    () => Response.json({ error: 'unsupported_token_type' }, { status: 400 }),
  ]) {
    const authority = await createFakeAuthority();
    const { fetch, attempts } = revocationAnswers(authority, [answer]);
    const { session, clock } = await signedIn({ authority, ports: { fetch } });
    await session.signOut();
    assert.deepEqual(serverOf(session.state), { tokens: 'revoked', session: 'kept' });
    clock.advance(3600);
    await settle();
    assert.equal(attempts.length, 1);
  }
});

test('OUT-04 OUT-07 sign-out at the server: hint, state, redirect; foreign answers are told so; then it has ended', async () => {
  const { session, browser, signOutRedirect, store } = await signedInThere();
  const idToken = (await store.load())?.tokens.idToken;
  const signedOut = session.signOut({ atServer: true });
  assert.equal(session.state.status, 'signed-out');
  await until(() => browser.opened.length === 2);
  assert.equal(await store.load(), undefined);
  const request = new URL(browser.opened[1] ?? '');
  assert.equal(request.origin + request.pathname, endSession);
  assert.equal(request.searchParams.get('id_token_hint'), idToken);
  assert.equal(request.searchParams.get('client_id'), 'desktop');
  const back = request.searchParams.get('post_logout_redirect_uri') ?? '';
  assert.equal(back, 'http://127.0.0.1:1/signed-out');
  for (const query of ['', '?state=other', '?state=', '?STATE=x'])
    assert.deepEqual(await signOutRedirect.answer(back + query), { kind: 'unknown' });
  assert.equal(session.state.status, 'signed-out');
  const ours = await signOutRedirect.answer(`${back}?state=${request.searchParams.get('state')}`);
  assert.deepEqual(ours, { kind: 'signed-out' });
  await signedOut;
  assert.deepEqual(serverOf(session.state), { tokens: 'revoked', session: 'ended' });
  assert.equal(signOutRedirect.openCount, 0);
});

test('OUT-04 a browser that does not come back: signed out all the same, port free, said so', async () => {
  const { session, browser, clock, signOutRedirect } = await signedInThere();
  const signedOut = session.signOut({ atServer: true });
  await until(() => browser.opened.length === 2);
  clock.advance(120);
  await signedOut;
  assert.deepEqual(serverOf(session.state), { tokens: 'revoked', session: 'unconfirmed' });
  assert.equal(signOutRedirect.openCount, 0);
});

test('OUT-04 the next sign-in does not wait for the browser to come back from a sign-out', async () => {
  const { session, browser, signOutRedirect } = await signedInThere();
  const signedOut = session.signOut({ atServer: true });
  await until(() => browser.opened.length === 2);
  await session.signIn({ prompt: 'login' }).finished;
  await signedOut;
  assert.equal(signOutRedirect.openCount, 0);
  assert.equal(session.state.status, 'signed-in');
});

test('OUT-05 an ID token that is long and long expired is sent as the hint it is', async () => {
  const { session, browser, store, clock } = await signedInThere();
  const record = await store.load();
  assert.ok(record);
  const idToken = `${'x'.repeat(6000)}.y.z`;
  await store.save({ ...record, tokens: { ...record.tokens, idToken } });
  await session.restore();
  clock.jump(30 * 24 * 3600);
  void session.signOut({ atServer: true });
  await until(() => browser.opened.length === 2);
  assert.equal(new URL(browser.opened[1] ?? '').searchParams.get('id_token_hint'), idToken);
  session.close();
});

test('OUT-07 a server without an end session endpoint: its session is kept, and the next sign-in can ask again', async () => {
  const { session, browser } = await signedIn();
  await session.signOut({ atServer: true });
  assert.deepEqual(serverOf(session.state), { tokens: 'revoked', session: 'kept' });
  for (const prompt of ['login', 'select_account'] as const) {
    await session.signIn({ prompt }).finished;
    assert.match(new URL(browser.opened.at(-1) ?? '').searchParams.get('prompt') ?? '', new RegExp(prompt));
  }
});

test('OUT-07 vendor dialects are data', async () => {
  const dialects = [
    {
      address: 'https://shop.auth.example/logout',
      parameters: { client_id: '{clientId}', logout_uri: '{redirectUri}' },
      expected:
        'https://shop.auth.example/logout?client_id=desktop&logout_uri=http%3A%2F%2F127.0.0.1%3A1%2Fsigned-out',
    },
    {
      address: 'https://tenant.example/v2/logout',
      parameters: { client_id: '{clientId}', returnTo: '{redirectUri}' },
      expected:
        'https://tenant.example/v2/logout?client_id=desktop&returnTo=http%3A%2F%2F127.0.0.1%3A1%2Fsigned-out',
    },
  ];
  for (const { expected, ...signOutRequest } of dialects) {
    const { session, browser, signOutRedirect } = await signedInThere({ signOutRequest });
    const signedOut = session.signOut({ atServer: true });
    await until(() => browser.opened.length === 2);
    assert.equal(browser.opened[1], expected);
    // A dialect without a state gets none back.
    await signOutRedirect.answer('http://127.0.0.1:1/signed-out');
    await signedOut;
    assert.deepEqual(serverOf(session.state), { tokens: 'revoked', session: 'ended' });
  }
});

/** The server answers the next token request when it is told to. */
function holdRefresh(authority: Awaited<ReturnType<typeof createFakeAuthority>>) {
  let answer: (() => void) | undefined;
  authority.bend.token = async (_request, honest) => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return Response.json(honest);
  };
  return { isHeld: () => answer !== undefined, now: () => answer?.() };
}

test('REF-25 sign-out beats a refresh that hangs: at once, nothing is left, the late answer is given back', async () => {
  const { session, clock, authority, store } = await signedIn();
  clock.advance(301);
  const refresh = holdRefresh(authority);
  const waiting = codeOf(session.accessToken());
  await until(() => refresh.isHeld());
  await session.signOut();
  assert.equal(await waiting, 'AUTH_SIGN_IN_REQUIRED');
  assert.equal(await store.load(), undefined);
  refresh.now();
  await until(() => authority.revoked.length === 2);
  assert.deepEqual(authority.revoked, ['refresh-1', 'refresh-2']);
  assert.equal(await store.load(), undefined);
  assert.equal(session.state.status, 'signed-out');
});

test('REF-25 OUT-06 sign-out beats a refresh that hangs in another process, which finds out before it saves', async () => {
  const first = await signedIn();
  const { clock, authority, store } = first;
  const second = await restarted(first);
  await second.session.restore();
  clock.advance(301);
  const refresh = holdRefresh(authority);
  const waiting = codeOf(second.session.accessToken());
  await until(() => refresh.isHeld());
  await first.session.signOut();
  refresh.now();
  assert.equal(await waiting, 'AUTH_SIGN_IN_REQUIRED');
  assert.equal(await store.load(), undefined);
  assert.equal(second.session.state.status === 'signed-out' && second.session.state.reason, 'elsewhere');
});

test('REF-15 OUT-06 sign-out waits for a lock, and a session that was signed in meanwhile is not wiped', async () => {
  const first = await signedIn();
  let unlock = () => {};
  const held = new Promise<void>((resolve) => {
    unlock = resolve;
  });
  const lock = { hold: async <T>(work: () => Promise<T>) => held.then(work) };
  const second = await restarted(first, { ports: { lock } });
  await second.session.restore();
  const signedOut = second.session.signOut();
  await until(async () => (await first.store.load()) === undefined);
  await first.session.signIn({ prompt: 'login' }).finished;
  unlock();
  await signedOut;
  assert.equal((await first.store.load())?.tokens.accessToken, 'access-2');
});

test('OUT-06 a sign-in that is being finished when the person signs out is not kept', async () => {
  const bench = await createBench({ person: () => {} });
  const { session, authority, redirect, store } = bench;
  const attempt = session.signIn();
  await addressOf(attempt);
  const load = store.load;
  store.load = async () => {
    // The answer is being kept: the person signs out now.
    store.load = load;
    void session.signOut();
    return load();
  };
  void redirect.answer(authority.authorize(await addressOf(attempt)));
  assert.equal(await codeOf(attempt.finished), 'AUTH_SIGN_IN_CANCELLED');
  await settle();
  assert.equal(await store.load(), undefined);
  assert.equal(session.state.status, 'signed-out');
});

test('OUT-06 an answer that comes back after sign-out finds nobody waiting', async () => {
  const { session, redirect, authority, browser } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  const url = await addressOf(attempt);
  await session.signOut();
  assert.equal(await codeOf(attempt.finished), 'AUTH_SIGN_IN_CANCELLED');
  await until(() => redirect.openCount === 0);
  assert.equal(browser.opened.length, 1);
  assert.equal(session.state.status, 'signed-out');
  assert.ok(authority.authorize(url));
});

test('OUT-09 REF-27 REF-23 two accounts, each with its store: one signs out or expires, the other is untouched', async () => {
  const one = await signedIn();
  const other = await signedIn({ authority: one.authority });
  await one.session.signOut();
  assert.equal(await one.store.load(), undefined);
  assert.equal(await other.session.accessToken(), 'access-2');
  assert.equal((await other.store.load())?.tokens.refreshToken, 'refresh-2');
  other.clock.advance(301);
  assert.equal(await other.session.accessToken(), 'access-3');
});

test('OUT-06 a session whose record is gone from the shared store is signed out elsewhere', async () => {
  const { session, store } = await createBench();
  await session.signIn().finished;
  await store.clear();
  await session.restore();
  assert.deepEqual(session.state, { status: 'signed-out', reason: 'elsewhere' });
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SIGN_IN_REQUIRED');
});
