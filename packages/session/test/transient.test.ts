import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf } from './create-bench.ts';
import { networkFault, refreshCount, restarted, signedIn } from './rotation.ts';

const html = (status: number, headers = {}) =>
  new Response('<h1>Hello</h1>', { status, headers: { 'content-type': 'text/html', ...headers } });

test('REF-10 ENV-03 ENV-05 TOK-02 TOK-03 TOK-08 what is no refusal keeps the session: the fault and then the rest', async () => {
  const faults: [string, string, () => Response | Promise<Response>][] = [
    ['a server fault', 'AUTH_SERVER_UNAVAILABLE', () => html(500)],
    ['a bad gateway', 'AUTH_SERVER_UNAVAILABLE', () => html(502)],
    ['maintenance', 'AUTH_SERVER_UNAVAILABLE', () => html(503)],
    [
      'invalid_grant under a 500',
      'AUTH_SERVER_UNAVAILABLE',
      () => Response.json({ error: 'invalid_grant' }, { status: 500 }),
    ],
    ['too many', 'AUTH_SERVER_UNAVAILABLE', () => Response.json({ error: 'slow_down' }, { status: 429 })],
    ['a captive portal', 'AUTH_SERVER_RESPONSE_INVALID', () => html(200)],
    [
      'a captive portal that redirects',
      'AUTH_SERVER_RESPONSE_INVALID',
      () => html(302, { location: 'http://hotel.example/' }),
    ],
    ['a network that wants a sign-in', 'AUTH_SERVER_UNAVAILABLE', () => html(511)],
    ['no name', 'AUTH_NETWORK', networkFault('ENOTFOUND')],
    ['no route', 'AUTH_NETWORK', networkFault('ENETUNREACH')],
    ['a reset', 'AUTH_NETWORK', networkFault('ECONNRESET')],
    ['a certificate of a proxy', 'AUTH_NETWORK', networkFault('SELF_SIGNED_CERT_IN_CHAIN')],
    [
      'the app is not known (a setting)',
      'AUTH_CLIENT_REJECTED',
      () => Response.json({ error: 'invalid_client' }, { status: 401 }),
    ],
  ];
  for (const [name, code, fault] of faults) {
    const { session, clock, authority, store } = await signedIn();
    clock.advance(301);
    authority.bend.token = fault;
    assert.equal(await codeOf(session.accessToken()), code, name);
    assert.equal(session.state.status === 'signed-in' && session.state.reason, 'offline', name);
    assert.equal((await store.load())?.tokens.refreshToken, 'refresh-1', name);
  }
});

test('REF-09 REF-18 TOK-09 dead refresh tokens, however the server says it', async () => {
  const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' };
  const ways: [string, number, () => Response][] = [
    ['invalid_grant', 1, () => Response.json({ error: 'invalid_grant' }, { status: 400 })],
    ['invalid_grant with 403', 1, () => Response.json({ error: 'invalid_grant' }, { status: 403 })],
    ['401 with invalid_token', 1, () => Response.json({ error: 'invalid_token' }, { status: 401 })],
    ['401 with a challenge', 1, () => new Response(null, { status: 401, headers: challenge })],
    ['400 without a body, twice', 2, () => new Response(null, { status: 400 })],
    ['400 with HTML, twice', 2, () => html(400)],
    ['a code with status 200', 1, () => Response.json({ error: 'bad_refresh_token' })],
    ['a second factor is due', 1, () => Response.json({ error: 'interaction_required' }, { status: 400 })],
    ['a code from the settings', 1, () => Response.json({ error: 'token_retired' }, { status: 400 })],
  ];
  for (const [name, requests, answer] of ways) {
    const { session, clock, authority, store } = await signedIn({
      settings: { refreshRefusals: ['token_retired'] },
    });
    clock.advance(301);
    authority.bend.token = answer;
    assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED', name);
    const { state } = session;
    assert.equal(state.status === 'expired' && state.reason, 'refresh-rejected', name);
    assert.match(
      state.status === 'expired' ? (state.error?.message ?? '') : '',
      /somebody else has used/,
      name,
    );
    assert.equal(refreshCount(authority), requests, name);
    assert.equal(await store.load(), undefined, name);
  }
});

test('REF-10 a 400 without a reason that does not come twice ends nothing', async () => {
  const { session, clock, authority } = await signedIn();
  clock.advance(301);
  authority.bend.token = () => {
    delete authority.bend.token;
    authority.liveRefreshTokens.add('refresh-1');
    return html(400);
  };
  assert.equal(await session.accessToken(), 'access-3');
});

test('REF-10 a thousand calls while offline make few requests; the way back needs no person', async () => {
  const { session, clock, authority, browser } = await signedIn();
  clock.advance(301);
  authority.bend.token = networkFault('ENETUNREACH');
  for (let call = 0; call < 1000; call += 1) {
    assert.equal(await codeOf(session.accessToken()), 'AUTH_NETWORK');
    clock.advance(3.6);
  }
  // An hour at no more than one request a minute, and the first ones closer together.
  assert.ok(refreshCount(authority) <= 130, `${refreshCount(authority)} requests`);
  assert.equal(session.state.status, 'signed-in');
  assert.equal(browser.opened.length, 1);
  delete authority.bend.token;
  authority.liveRefreshTokens.add('refresh-1');
  clock.advance(60);
  assert.match(await session.accessToken(), /^access-/);
});

test('REF-10 a thousand calls at one moment while offline are one request', async () => {
  const { session, clock, authority } = await signedIn();
  clock.advance(301);
  authority.bend.token = networkFault('ENETUNREACH');
  const calls = Array.from({ length: 500 }, () => codeOf(session.accessToken()));
  await Promise.all(calls);
  for (let call = 0; call < 500; call += 1) await codeOf(session.accessToken());
  assert.equal(refreshCount(authority), 1);
});

test('TOK-02 TOK-03 REF-10 Retry-After is honoured, with a limit', async () => {
  for (const [asked, waited] of [
    ['120', 120],
    ['1000000', 3600],
  ] as const) {
    const { session, clock, authority } = await signedIn();
    clock.advance(301);
    authority.bend.token = () => html(503, { 'retry-after': asked });
    await codeOf(session.accessToken());
    clock.advance(waited - 1);
    await codeOf(session.accessToken());
    assert.equal(refreshCount(authority), 1);
    clock.advance(2);
    await codeOf(session.accessToken());
    assert.equal(refreshCount(authority), 2);
  }
});

test('REF-10 the network is back: resume ends the wait', async () => {
  const { session, clock, authority } = await signedIn();
  clock.advance(301);
  authority.bend.token = networkFault('ENETUNREACH');
  await codeOf(session.accessToken());
  delete authority.bend.token;
  authority.liveRefreshTokens.add('refresh-1');
  assert.equal(await codeOf(session.accessToken()), 'AUTH_NETWORK');
  session.resume();
  assert.match(await session.accessToken(), /^access-/);
});

test('REF-10 ENV-05 an app that is started offline is signed in, unverified, and says why', async () => {
  const before = await signedIn();
  before.clock.advance(301);
  const offline = await restarted(before, { ports: { fetch: networkFault('EAI_AGAIN') } });
  const state = await offline.session.restore();
  assert.equal(state.status === 'signed-in' && state.verified, false);
  assert.equal(await codeOf(offline.session.accessToken()), 'AUTH_NETWORK');
  const { state: later } = offline.session;
  assert.equal(later.status === 'signed-in' && later.reason, 'offline');
  assert.equal(later.status === 'signed-in' && later.error?.code, 'AUTH_NETWORK');
  assert.equal((await before.store.load())?.tokens.refreshToken, 'refresh-1');
});

test('REF-20 an API that refuses every token makes one refresh a minute, not one per call', async () => {
  const { session, authority, clock } = await signedIn({ api: () => new Response('', { status: 401 }) });
  for (let call = 0; call < 20; call += 1)
    assert.equal((await session.fetch('https://api.example.com/v1/companies')).status, 401);
  assert.equal(refreshCount(authority), 1);
  clock.advance(61);
  await session.fetch('https://api.example.com/v1/companies');
  assert.equal(refreshCount(authority), 2);
});
