import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUTH_ERRORS, type AuthError, isSameUser, parseSettings, type User } from '@deskauth/session';
import { addressOf, codeOf, createBench, settle } from './create-bench.ts';

const waiting = { person: () => {} };

test('AUTH-04 the state of one sign-in with the code of another is refused', async () => {
  const first = await createBench(waiting);
  const second = await createBench({ ...waiting, authority: first.authority });
  const [one, two] = [first.session.signIn(), second.session.signIn()];
  const answers = [
    first.authority.authorize(await addressOf(one)),
    first.authority.authorize(await addressOf(two)),
  ].map((address) => new URL(address));
  const mixed = new URL(answers[0] ?? '');
  mixed.searchParams.set('code', answers[1]?.searchParams.get('code') ?? '');
  await first.redirect.answer(mixed.href);
  assert.equal(await codeOf(one.finished), 'AUTH_ID_TOKEN_INVALID');
  assert.equal(await first.store.load(), undefined);
  two.cancel();
});

test('AUTH-05 two sign-ins finished in reverse order are never mixed', async () => {
  const first = await createBench(waiting);
  const second = await createBench({ ...waiting, authority: first.authority });
  const [one, two] = [first.session.signIn(), second.session.signIn()];
  const [addressOne, addressTwo] = [await addressOf(one), await addressOf(two)];
  // Each answer reaches both listeners, as when two apps wait on one machine.
  const answerTwo = first.authority.authorize(addressTwo);
  assert.equal((await first.redirect.answer(answerTwo)).kind, 'unknown');
  assert.equal((await second.redirect.answer(answerTwo)).kind, 'signed-in');
  const answerOne = first.authority.authorize(addressOne);
  assert.equal((await first.redirect.answer(answerOne)).kind, 'signed-in');
  await Promise.all([one.finished, two.finished]);
  assert.equal(first.authority.tokenRequests.length, 2);
});

test('AUTH-17 an answer by another channel is not ours', async () => {
  const { session, authority, redirect } = await createBench(waiting);
  const attempt = session.signIn();
  const honest = new URL(authority.authorize(await addressOf(attempt)));
  for (const place of [
    'com.example.app:/callback',
    'http://127.0.0.1:2/callback',
    'https://127.0.0.1:1/callback',
  ])
    assert.equal((await redirect.answer(`${place}${honest.search}`)).kind, 'unknown', place);
  assert.equal(attempt.state, 'waiting');
  assert.equal((await redirect.answer(honest.href)).kind, 'signed-in');
});

test('AUTH-21 another account takes the place only when the app agrees; unwanted tokens are given back', async () => {
  const asked: [string, string][] = [];
  const { session, authority } = await createBench({
    ports: {
      confirmAccountChange(next, before) {
        asked.push([next.sub, before.sub]);
        return next.sub === 'user-3';
      },
    },
  });
  await session.signIn().finished;
  await session.signIn({ prompt: 'login' }).finished;
  assert.deepEqual(asked, [], 'the same person is no change');

  authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: 'user-2' });
  assert.equal(await codeOf(session.signIn({ prompt: 'login' }).finished), 'AUTH_SIGN_IN_CANCELLED');
  assert.equal(session.user?.sub, 'user-1');
  await settle();
  assert.deepEqual(authority.revoked, ['refresh-3']);

  authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: 'user-3' });
  await session.signIn({ prompt: 'login' }).finished;
  assert.equal(session.user?.sub, 'user-3');
  assert.deepEqual(asked, [
    ['user-2', 'user-1'],
    ['user-3', 'user-1'],
  ]);
});

test('AUTH-16 the address of an error is not in the error', async () => {
  const { session, authority, redirect } = await createBench(waiting);
  const attempt = session.signIn();
  const answer = new URL(
    authority.authorize(await addressOf(attempt), {
      error: 'access_denied',
      error_uri: 'https://evil.example',
    }),
  );
  const outcome = await redirect.answer(answer.href);
  assert.ok(!JSON.stringify([outcome, session.state]).includes('evil.example'));
});

test('TOK-02 TOK-03 how long to wait is in the error, at most an hour', async () => {
  const inAMinute = () => new Date(Date.now() + 60_000).toUTCString();
  for (const [status, stated, expected] of [
    [503, '120', 120],
    [429, '999999', 3600],
    [503, inAMinute(), 60],
    [503, 'soon', undefined],
    [503, '-5', undefined],
  ] as const) {
    const { session, authority } = await createBench();
    authority.bend.token = () =>
      new Response('{}', {
        status,
        headers: {
          'retry-after': stated,
          date: new Date().toUTCString(),
          'content-type': 'application/json',
        },
      });
    const error = (await session.signIn().finished.catch((reason: unknown) => reason)) as AuthError;
    assert.equal(error.code, 'AUTH_SERVER_UNAVAILABLE');
    const told = error.toJSON().retryAfterSeconds;
    // A date is rounded to whole seconds on both sides.
    if (expected === 60) assert.ok(told !== undefined && Math.abs(told - 60) <= 1, String(told));
    else assert.equal(told, expected);
    assert.equal(authority.tokenRequests.length, 1);
  }
});

test('TOK-02 a code is sent again only while it surely never left', async () => {
  for (const [code, expected, sent] of [
    ['ECONNREFUSED', 'no error', 3],
    ['ENOTFOUND', 'no error', 3],
    // Chromium has words in the place of codes.
    ['net::ERR_INTERNET_DISCONNECTED', 'no error', 3],
    ['net::ERR_NAME_NOT_RESOLVED', 'no error', 3],
    ['net::ERR_CONNECTION_RESET', 'AUTH_NETWORK', 1],
    ['ECONNRESET', 'AUTH_NETWORK', 1],
    ['UND_ERR_SOCKET', 'AUTH_NETWORK', 1],
  ] as const) {
    const { authority } = await createBench();
    let tries = 0;
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (!String(input).endsWith('/token')) return authority.fetch(input, init);
      tries += 1;
      const cause = Object.assign(new Error(code), code.startsWith('net::') ? {} : { code });
      const fault = new TypeError('fetch failed', { cause });
      return tries < 3 ? Promise.reject(fault) : authority.fetch(input, init);
    };
    const { session, clock } = await createBench({ authority, ports: { fetch } });
    const ended = codeOf(session.signIn().finished);
    const ticking = setInterval(() => clock.advance(1), 2);
    assert.equal(await ended, expected, code);
    clearInterval(ticking);
    assert.equal(tries, sent, code);
  }
});

test('TOK-18 a client secret in an app is warned of, and said to be none', async () => {
  const told: string[] = [];
  const { session } = await createBench({
    settings: { clientSecret: 'not-so-secret' },
    ports: { onWarning: ({ message }) => told.push(message) },
  });
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /whoever has the app has it/);
  assert.ok(!told[0]?.includes('not-so-secret'));
  assert.equal(session.warnings[0]?.code, 'client-secret');
});

test('TOK-19 no answer is taken from a cache or left in one', async () => {
  const { authority } = await createBench();
  const modes = new Set<string | undefined>();
  const fetch: typeof globalThis.fetch = (input, init) => {
    modes.add(init?.cache);
    return authority.fetch(input, init);
  };
  const { session } = await createBench({ authority, ports: { fetch } });
  await session.signIn().finished;
  assert.deepEqual(modes, new Set(['no-store']));
});

test('TOK-08 no setting switches the checks of TLS off', () => {
  const settings = parseSettings({ issuer: 'https://login.example.com', clientId: 'desktop' });
  assert.deepEqual(
    Object.keys(settings).filter((key) => /tls|cert|reject|insecure|verify/i.test(key)),
    [],
  );
});

test('IDT-28 a person is issuer and subject, whatever the e-mail address says', () => {
  const person = (issuer: string, sub: string): User => ({
    ...{ issuer, sub, displayName: 'Europe Analyst' },
    claims: { sub, email: 'europe@example.com', email_verified: true },
  });
  const one = person('https://login.example.com', 'user-1');
  assert.equal(isSameUser(one, person('https://login.example.com', 'user-2')), false);
  assert.equal(isSameUser(one, person('https://login.example.net', 'user-1')), false);
  assert.equal(isSameUser(one, { ...one, claims: { sub: 'user-1', email: 'other@example.com' } }), true);
});

test('AUTH-15 every error says whether the session stays and what to do next', () => {
  for (const [code, { next }] of Object.entries(AUTH_ERRORS)) assert.match(next, /^[A-Z].*\.$/, code);
});
