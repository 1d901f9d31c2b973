import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, codeOf, createBench, settle } from './create-bench.ts';

test('one sign-in: browser, code, tokens, user, state', async () => {
  const { session, authority, browser, redirect, store } = await createBench();
  const seen: string[] = [];
  session.onChange((state) => seen.push(state.status === 'signing-in' ? state.step : state.status));

  const user = await session.signIn().finished;

  assert.equal(user.displayName, 'User One');
  assert.deepEqual(seen, ['opening', 'waiting', 'exchanging', 'signed-in']);
  assert.deepEqual(session.user, user);
  assert.equal((await store.load())?.tokens.refreshToken, 'refresh-1');
  assert.equal(redirect.openCount, 0);
  const request = new URL(browser.opened[0] ?? '').searchParams;
  assert.equal(request.get('code_challenge_method'), 'S256');
  assert.equal(request.get('prompt'), 'consent');
  const [exchange] = authority.tokenRequests;
  assert.equal(exchange?.get('redirect_uri'), request.get('redirect_uri'));
});

test('AUTH-18 state, nonce and verifier are new for each attempt and have 256 bits', async () => {
  const { session, browser, authority } = await createBench();
  await session.signIn().finished;
  await session.signIn({ prompt: 'login' }).finished;
  const values = browser.opened.flatMap((url) => {
    const request = new URL(url).searchParams;
    return [request.get('state') ?? '', request.get('nonce') ?? ''];
  });
  values.push(...authority.tokenRequests.map((request) => request.get('code_verifier') ?? ''));
  assert.equal(new Set(values).size, 6);
  for (const value of values) assert.ok(Buffer.from(value, 'base64url').length >= 32, value);
});

test('AUTH-19 the verifier is neither in the address nor in the state', async () => {
  const { session, browser, authority } = await createBench();
  const states: string[] = [];
  session.onChange((state) => states.push(JSON.stringify(state)));
  await session.signIn().finished;
  const verifier = authority.tokenRequests[0]?.get('code_verifier') ?? '';
  assert.ok(verifier.length >= 43);
  assert.ok(![...browser.opened, ...states].some((text) => text.includes(verifier)));
});

test('AUTH-01 AUTH-02 AUTH-14 answers with another state, or none, are told so and change nothing', async () => {
  const { session, authority, redirect } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  const honest = authority.authorize(await addressOf(attempt));
  for (const change of ['state=other', '', `state=${'x'.repeat(5000)}`]) {
    const forged = new URL(honest);
    forged.search = change;
    assert.deepEqual(await redirect.answer(forged.href), { kind: 'unknown' });
  }
  assert.equal(attempt.state, 'waiting');
  assert.equal(authority.tokenRequests.length, 0);
  assert.equal((await redirect.answer(honest)).kind, 'signed-in');
});

test('AUTH-04 AUTH-11 an answer with two states is not ours', async () => {
  const { session, authority, redirect } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  const honest = authority.authorize(await addressOf(attempt));
  assert.equal((await redirect.answer(`${honest}&state=again`)).kind, 'unknown');
  attempt.cancel();
});

test('AUTH-07 the answer of another issuer ends the attempt before any token request', async () => {
  const { session, authority, redirect } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  await addressOf(attempt);
  const answer = redirect.answer(
    authority.authorize(await addressOf(attempt), { iss: 'https://evil.example' }),
  );
  assert.equal(await codeOf(attempt.finished), 'AUTH_RESPONSE_INVALID');
  assert.equal((await answer).kind, 'failed');
  assert.equal(authority.tokenRequests.length, 0);
});

test('AUTH-08 an answer without iss is refused where the server promises one', async () => {
  const { session, authority, redirect } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  await addressOf(attempt);
  const answer = new URL(authority.authorize(await addressOf(attempt)));
  answer.searchParams.delete('iss');
  redirect.answer(answer.href);
  assert.notEqual(await codeOf(attempt.finished), 'no error');
  assert.equal(authority.tokenRequests.length, 0);
});

test('AUTH-13 tokens in the front channel are refused', async () => {
  const { session, authority, redirect, store } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  await addressOf(attempt);
  redirect.answer(`${authority.authorize(await addressOf(attempt))}&access_token=stolen`);
  assert.equal(await codeOf(attempt.finished), 'AUTH_RESPONSE_INVALID');
  assert.equal(await store.load(), undefined);
});

test('AUTH-15 each authorization error has its own outcome', async () => {
  const expected: Record<string, string> = {
    access_denied: 'AUTH_ACCESS_DENIED',
    login_required: 'AUTH_INTERACTION_REQUIRED',
    temporarily_unavailable: 'AUTH_SERVER_UNAVAILABLE',
    something_else: 'AUTH_REQUEST_REJECTED',
  };
  for (const [error, code] of Object.entries(expected)) {
    const { session, authority, redirect } = await createBench({ person: () => {} });
    const attempt = session.signIn();
    await addressOf(attempt);
    const url = new URL(
      authority.authorize(await addressOf(attempt), { error, error_description: 'Because.' }),
    );
    url.searchParams.delete('code');
    redirect.answer(url.href);
    assert.equal(await codeOf(attempt.finished), code);
    const { state } = session;
    assert.equal(state.status === 'signed-out' && state.error?.errorDescription, 'Because.');
  }
});

test('AUTH-06 AUTH-24 nobody answers: the attempt times out and frees its port', async () => {
  const { session, clock, redirect } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  await addressOf(attempt);
  assert.equal(redirect.openCount, 1);
  clock.advance(600);
  assert.equal(await codeOf(attempt.finished), 'AUTH_SIGN_IN_TIMED_OUT');
  await settle();
  assert.equal(redirect.openCount, 0);
  assert.equal(attempt.state, 'timed-out');
});

test('AUTH-24 cancel ends the attempt at once, and the next one works', async () => {
  const { session, redirect } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  attempt.cancel();
  assert.equal(attempt.state, 'cancelled');
  assert.equal(await codeOf(attempt.finished), 'AUTH_SIGN_IN_CANCELLED');
  await settle();
  assert.equal(redirect.openCount, 0);
  assert.equal(session.state.status, 'signed-out');
});

test('D10 N05 an answer that arrives together with the cancel is told that the sign-in was cancelled', async () => {
  const { session, authority, redirect } = await createBench({ person: () => {} });
  const attempt = session.signIn();
  const address = await addressOf(attempt);
  attempt.cancel();
  const outcome = await redirect.answer(authority.authorize(address));
  assert.equal(outcome.kind === 'failed' && outcome.error.code, 'AUTH_SIGN_IN_CANCELLED');
  assert.equal(authority.tokenRequests.length, 0);
});

test('TOK-21 tokens that arrive after cancel are given back, not kept', async () => {
  const bench = await createBench({ person: () => {} });
  const { session, authority, redirect, store } = bench;
  const attempt = session.signIn();
  await addressOf(attempt);
  authority.bend.token = (_request, honest) => {
    attempt.cancel();
    return Response.json(honest);
  };
  redirect.answer(authority.authorize(await addressOf(attempt)));
  assert.equal(await codeOf(attempt.finished), 'AUTH_SIGN_IN_CANCELLED');
  while (authority.revoked.length === 0) await settle();
  assert.deepEqual(authority.revoked, ['refresh-1']);
  assert.equal(await store.load(), undefined);
  assert.equal(session.state.status, 'signed-out');
});

test('OPEN-09 a second click shows the same attempt again; other options supersede it', async () => {
  const { session, browser } = await createBench({ person: () => {} });
  const first = session.signIn();
  await addressOf(first);
  assert.equal(session.signIn(), first);
  assert.deepEqual(browser.opened, [first.url, first.url]);
  const second = session.signIn({ prompt: 'select_account' });
  assert.equal(await codeOf(first.finished), 'AUTH_SIGN_IN_SUPERSEDED');
  assert.notEqual(second, first);
  assert.equal(session.state.status, 'signing-in');
  second.cancel();
});

test('OPEN-07 a browser that does not open leaves the attempt waiting, with its address and the reason', async () => {
  const person = () => Promise.reject(new Error('no browser'));
  const { session, redirect, authority } = await createBench({ person });
  const attempt = session.signIn();
  await addressOf(attempt);
  assert.equal(attempt.state, 'waiting');
  assert.equal(session.state.status === 'signing-in' && session.state.error?.code, 'AUTH_BROWSER_NOT_OPENED');
  redirect.answer(authority.authorize(await addressOf(attempt)));
  await attempt.finished;
});

test('a sign-in that fails leaves the former session as it was', async () => {
  const { session, authority } = await createBench();
  await session.signIn().finished;
  authority.bend.token = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
  assert.equal(await codeOf(session.signIn({ prompt: 'login' }).finished), 'AUTH_CODE_REJECTED');
  assert.equal(session.state.status, 'signed-in');
  assert.equal(await session.accessToken(), 'access-1');
});

test('SUP-01 SUP-02 no secret in any error or state, whatever the server answers', async () => {
  const bench = await createBench({ person: () => {} });
  const { session, authority, redirect } = bench;
  authority.bend.token = (request) =>
    Response.json({ error: 'invalid_grant', echoed: request.get('code') }, { status: 400 });
  const attempt = session.signIn();
  await addressOf(attempt);
  const outcome = await redirect.answer(authority.authorize(await addressOf(attempt)));
  const error = await attempt.finished.catch((reason: Error) => reason);
  const { inspect } = await import('node:util');
  const text = [inspect(error, { depth: 10 }), JSON.stringify(outcome), JSON.stringify(session.state)].join();
  const secrets = ['code-1', authority.tokenRequests[0]?.get('code_verifier') ?? '?'];
  for (const secret of secrets) assert.ok(!text.includes(secret), text);
});
