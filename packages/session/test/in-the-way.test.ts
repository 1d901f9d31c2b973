import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { memoryLock, type RefreshLock, type SessionWarning } from '@deskauth/session';
import { addressOf, codeOf, createBench, settle } from './create-bench.ts';
import { createFakeAuthority } from './fake-authority.ts';
import { lostAnswer, rotate, signedIn, until } from './rotation.ts';

test('OUT-01 OUT-06 AUTH-24 a listener of the app that fails stops neither a sign-in nor a cancel nor a sign-out', async () => {
  const warnings: SessionWarning[] = [];
  const onWarning = (warning: SessionWarning) => void warnings.push(warning);
  const { session, redirect, store, authority } = await createBench({
    person: () => {},
    ports: { onWarning },
  });
  const heard: string[] = [];
  session.onChange(() => {
    throw new Error('Object has been destroyed');
  });
  session.onChange(({ status }) => void heard.push(status));
  const cancelled = session.signIn();
  await addressOf(cancelled);
  cancelled.cancel();
  assert.equal(await codeOf(cancelled.finished), 'AUTH_SIGN_IN_CANCELLED');
  await until(() => redirect.openCount === 0);
  const attempt = session.signIn();
  void redirect.answer(authority.authorize(await addressOf(attempt)));
  await attempt.finished;
  await session.signOut();
  assert.equal(await store.load(), undefined);
  assert.deepEqual(authority.revoked, ['refresh-1']);
  assert.equal(heard.at(-1), 'signed-out');
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['listener-failed'],
  );
  assert.match(warnings[0]?.message ?? '', /Object has been destroyed/);
});

/** A lock that another process has, until it lets go. */
function takenLock() {
  const inner = memoryLock();
  let letGo = () => {};
  let waiting = 0;
  const lock: RefreshLock = {
    hold(work, signal) {
      waiting += 1;
      return inner.hold(work, signal);
    },
  };
  void inner.hold(
    () =>
      new Promise<void>((resolve) => {
        letGo = resolve;
      }),
  );
  return { lock, letGo: () => letGo(), isWaitedFor: () => waiting > 0 };
}

for (const end of ['cancel', 'deadline', 'sign-out', 'another sign-in'])
  test(`AUTH-24 CLI-10 TOK-21 while another process holds the lock a sign-in can still be ended (${end}), and its tokens are given back`, async () => {
    const { lock, letGo, isWaitedFor } = takenLock();
    const ports = { lock };
    const { session, clock, redirect, store, authority } = await createBench({ person: () => {}, ports });
    const attempt = session.signIn();
    void redirect.answer(authority.authorize(await addressOf(attempt)));
    await until(isWaitedFor);
    assert.equal(attempt.state, 'exchanging');
    if (end === 'cancel') attempt.cancel();
    if (end === 'deadline') clock.advance(601);
    if (end === 'sign-out') void session.signOut();
    if (end === 'another sign-in') session.signIn({ prompt: 'login' });
    assert.match(await codeOf(attempt.finished), /CANCELLED|TIMED_OUT|SUPERSEDED/);
    await until(() => authority.revoked.length === 1);
    assert.deepEqual(authority.revoked, ['refresh-1']);
    letGo();
    await settle();
    assert.equal(await store.load(), undefined);
  });

test('TOK-21 a question of the app that fails leaves no tokens behind', async () => {
  const confirmAccountChange = () => Promise.reject(new Error('the window is gone'));
  const bench = await signedIn({ ports: { confirmAccountChange } });
  bench.authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: 'somebody-else' });
  await codeOf(bench.session.signIn({ prompt: 'login' }).finished);
  await until(() => bench.authority.revoked.length === 1);
  assert.deepEqual(bench.authority.revoked, ['refresh-2']);
  assert.equal(await bench.session.accessToken(), 'access-1');
});

test('SUP-01 SUP-02 a server that quotes what it was sent puts no secret into an error, a state or a message', async () => {
  const authority = await createFakeAuthority();
  const { session, redirect, clock } = await createBench({ authority, person: () => {} });
  const quote = (names: readonly string[]) => (request: URLSearchParams) => {
    const error_description = `Not known: ${names.map((name) => request.get(name)).join(' and ')}. Sorry.`;
    return Response.json({ error: 'invalid_grant', error_description }, { status: 400 });
  };
  const told: unknown[] = [];
  session.onChange((state) => told.push(state));
  authority.bend.token = quote(['code', 'code_verifier']);
  const attempt = session.signIn();
  told.push(await redirect.answer(authority.authorize(await addressOf(attempt))));
  told.push(await attempt.finished.catch((error: unknown) => error));
  const verifier = authority.tokenRequests[0]?.get('code_verifier') ?? '?';
  delete authority.bend.token;
  const second = session.signIn();
  void redirect.answer(authority.authorize(await addressOf(second)));
  await second.finished;
  authority.bend.token = quote(['refresh_token']);
  clock.advance(7200);
  told.push(await session.accessToken().catch((error: unknown) => error));
  const text = told.map((value) => inspect(value, { depth: 10 }) + JSON.stringify(value)).join();
  assert.match(text, /Not known: … and …\. Sorry/);
  for (const secret of ['code-1', verifier, 'refresh-1']) assert.ok(!text.includes(secret), secret);
});

test('REF-04 REF-08 a clock that is set back after a lost answer ends no session whose access token is still good', async () => {
  const { session, authority, clock } = await signedIn();
  const { faults } = rotate(authority, clock);
  clock.advance(250);
  faults.push(lostAnswer);
  assert.equal(await session.accessToken(), 'access-1');
  clock.jump(-3600);
  clock.advance(20);
  assert.equal(await session.accessToken(), 'access-1');
  assert.equal(session.state.status, 'signed-in');
});

test('D13 a caller who does not want to wait any more is let go while the token is renewed, with the reason of its own', async () => {
  const { session, authority, clock } = await signedIn({ api: () => new Response('data') });
  let answer: (() => void) | undefined;
  authority.bend.token = (_request, honest) =>
    new Promise<Response>((resolve) => {
      answer = () => resolve(Response.json(honest));
    });
  clock.advance(7200);
  const asked = new AbortController();
  const call = session.fetch('https://api.example.com/v1/x', { signal: asked.signal });
  const patient = session.fetch('https://api.example.com/v1/x');
  await until(() => answer !== undefined);
  const reason = new Error('navigated away');
  asked.abort(reason);
  await assert.rejects(call, reason);
  answer?.();
  assert.equal((await patient).status, 200);
  await assert.rejects(
    session.fetch('https://api.example.com/v1/x', { signal: AbortSignal.abort('gone') }),
    (error) => error === 'gone',
  );
});
