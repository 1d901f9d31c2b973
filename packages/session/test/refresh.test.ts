import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSession, memoryLock, memoryStore } from '@deskauth/session';
import { createFakeBrowser, createFakeRedirect } from '@deskauth/session/testing';
import { codeOf, createBench, settle } from './create-bench.ts';

const apiUrl = 'https://api.example.com/v1/companies';

/** An API that accepts the access tokens named. */
function createApi(accepted: ReadonlySet<string>) {
  const seen: string[] = [];
  const api = (request: Request) => {
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
    seen.push(token);
    return accepted.has(token) ? Response.json({ ok: true }) : new Response('', { status: 401 });
  };
  return { api, seen };
}

async function signedIn(options: Parameters<typeof createBench>[0] = {}) {
  const bench = await createBench(options);
  await bench.session.signIn().finished;
  return bench;
}

test('REF-01 50 calls at expiry make one refresh', async () => {
  const { session, clock, authority } = await signedIn();
  clock.advance(301);
  const tokens = await Promise.all(Array.from({ length: 50 }, () => session.accessToken()));
  assert.deepEqual(new Set(tokens), new Set(['access-2']));
  assert.equal(authority.tokenRequests.length, 2);
});

test('REF-19 REF-01 a 401 means one refresh and one repetition, for 20 calls together', async () => {
  const { api, seen } = createApi(new Set(['access-2']));
  const { session, authority } = await signedIn({ api });
  const answers = await Promise.all(Array.from({ length: 20 }, () => session.fetch(apiUrl)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(authority.tokenRequests.length, 2);
  assert.equal(seen.filter((token) => token === 'access-2').length, 20);
});

test('REF-20 a second 401 is the caller’s', async () => {
  const { api, seen } = createApi(new Set());
  const { session } = await signedIn({ api });
  assert.equal((await session.fetch(apiUrl)).status, 401);
  assert.equal(seen.length, 2);
});

test('REF-21 a 403 is no reason to refresh', async () => {
  const { session, authority } = await signedIn({ api: () => new Response('', { status: 403 }) });
  assert.equal((await session.fetch(apiUrl)).status, 403);
  assert.equal(authority.tokenRequests.length, 1);
});

test('REF-19 a body that is a stream is sent once, a text is sent again', async () => {
  const bodies: string[] = [];
  const api = async (request: Request) => {
    bodies.push(await request.text());
    return new Response('', {
      status: request.headers.get('authorization') === 'Bearer access-2' ? 200 : 401,
    });
  };
  const { session } = await signedIn({ api });
  const stream = new Response('streamed').body;
  const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
  assert.equal((await session.fetch(apiUrl, init)).status, 401);
  assert.equal((await session.fetch(apiUrl, { method: 'POST', body: 'text' })).status, 200);
  assert.deepEqual(bodies, ['streamed', 'text', 'text']);
});

test('ELEC-21 SPA-10 the token is sent to the listed addresses only', async () => {
  const { api, seen } = createApi(new Set(['access-1']));
  const { session } = await signedIn({ api });
  const refused = [
    'https://evil.example/v1/companies',
    'https://api.example.com/v10',
    'https://api.example.com/v1/../admin',
    'https://api.example.com/v1/%2e%2e/admin',
    'https://api.example.com:444/v1/companies',
    'http://api.example.com/v1/companies',
    'https://api.example.com.evil.example/v1/',
  ];
  for (const url of refused) assert.equal(await codeOf(session.fetch(url)), 'AUTH_API_ADDRESS_REFUSED', url);
  assert.equal(seen.length, 0);
  assert.equal((await session.fetch(apiUrl)).status, 200);
});

test('REF-02 REF-14 the loser of a race between processes adopts what the winner saved', async () => {
  const winner = await signedIn();
  const { authority, store, clock } = winner;
  const loser = createSession(
    { issuer: authority.issuer, clientId: 'desktop' },
    {
      browser: createFakeBrowser(),
      redirect: createFakeRedirect(),
      store,
      lock: memoryLock(),
      clock,
      fetch: authority.fetch,
    },
  );
  await loser.restore();
  clock.advance(301);
  assert.equal(await winner.session.accessToken(), 'access-2');
  assert.equal(await loser.accessToken(), 'access-2');
  assert.equal(authority.tokenRequests.length, 2);
});

test('REF-09 invalid_grant ends the session once, with its user and reason, and empties the store', async () => {
  const { session, clock, authority, store } = await signedIn();
  authority.liveRefreshTokens.clear();
  clock.advance(301);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED');
  const { state } = session;
  assert.equal(state.status === 'expired' && state.reason, 'refresh-rejected');
  assert.equal(session.user?.sub, 'user-1');
  assert.equal(await store.load(), undefined);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED');
  assert.equal(authority.tokenRequests.length, 2);
});

test('REF-10 TOK-01 TOK-02 TOK-03 what is no refusal keeps the session and the refresh token', async () => {
  const html = { headers: { 'content-type': 'text/html' } };
  const faults: [string, () => Response | Promise<Response>][] = [
    ['AUTH_SERVER_UNAVAILABLE', () => new Response('<h1>Bad gateway</h1>', { status: 502, ...html })],
    ['AUTH_SERVER_UNAVAILABLE', () => Response.json({ error: 'server_error' }, { status: 500 })],
    ['AUTH_SERVER_UNAVAILABLE', () => Response.json({ error: 'slow_down' }, { status: 429 })],
    ['AUTH_SERVER_RESPONSE_INVALID', () => new Response('<h1>Welcome to the hotel</h1>', html)],
    ['AUTH_NETWORK', () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNRESET') }))],
  ];
  for (const [code, fault] of faults) {
    const { session, clock, authority, store } = await signedIn();
    clock.advance(301);
    authority.bend.token = fault;
    assert.equal(await codeOf(session.accessToken()), code);
    assert.equal(session.state.status === 'signed-in' && session.state.reason, 'offline', code);
    assert.equal((await store.load())?.tokens.refreshToken, 'refresh-1', code);
  }
});

test('REF-10 within the margin a token that is still good is used when the server is out of reach', async () => {
  const { session, clock, authority } = await signedIn();
  clock.advance(250);
  authority.bend.token = () => Promise.reject(new TypeError('fetch failed'));
  assert.equal(await session.accessToken(), 'access-1');
});

test('REF-11 a server that does not rotate: the old refresh token is kept', async () => {
  const { session, clock, authority, store } = await signedIn();
  clock.advance(301);
  authority.bend.token = (_request, { refresh_token: _rotated, ...rest }) => Response.json(rest);
  await session.accessToken();
  assert.equal((await store.load())?.tokens.refreshToken, 'refresh-1');
});

test('REF-12 STORE-08 a store that cannot save loses nothing while the app runs, and says so', async () => {
  const store = memoryStore();
  const { session, clock } = await signedIn({ ports: { store } });
  store.save = () => Promise.reject(new Error('ENOSPC'));
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(session.storeFault?.code, 'AUTH_STORE_UNAVAILABLE');
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-3');
});

test('REF-16 a refreshed ID token for another person ends the session', async () => {
  const { session, clock, authority } = await signedIn();
  clock.advance(301);
  authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: 'user-2' });
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SESSION_EXPIRED');
  assert.equal(session.state.status === 'expired' && session.state.reason, 'subject-changed');
});

test('REF-25 sign-out beats a running refresh: nothing comes back', async () => {
  const { session, clock, authority, store } = await signedIn();
  clock.advance(301);
  let release = () => {};
  authority.bend.token = async (_request, honest) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return Response.json(honest);
  };
  const waiting = codeOf(session.accessToken());
  await settle();
  const signedOut = session.signOut();
  release();
  await signedOut;
  assert.equal(await waiting, 'AUTH_SIGN_IN_REQUIRED');
  assert.equal(session.state.status, 'signed-out');
  assert.equal(await store.load(), undefined);
});

test('REF-26 a saved session of another client is not used', async () => {
  const { store, authority } = await signedIn();
  const { session } = await createBench({ authority, ports: { store }, settings: { clientId: 'renamed' } });
  const state = await session.restore();
  assert.equal(state.status === 'signed-out' && state.reason, 'settings-changed');
});

test('restore asks nobody, and the first call finds out', async () => {
  const { store, authority } = await signedIn();
  const later = await createBench({ authority, ports: { store } });
  const before = authority.requests.length;
  const state = await later.session.restore();
  assert.equal(state.status === 'signed-in' && state.reason, 'restored');
  assert.equal(authority.requests.length, before);
  assert.equal(await later.session.accessToken(), 'access-1');
});

test('OUT-01 sign-out works without the server, and tells it when it can', async () => {
  const { session, authority, store } = await signedIn();
  await session.signOut();
  assert.deepEqual(authority.revoked, ['refresh-1']);
  assert.equal(await store.load(), undefined);

  const offline = await signedIn();
  const reachable = { value: true };
  const fetch: typeof globalThis.fetch = (...args) =>
    reachable.value ? offline.authority.fetch(...args) : Promise.reject(new TypeError('fetch failed'));
  const other = await signedIn({ authority: offline.authority, ports: { fetch } });
  reachable.value = false;
  await other.session.signOut();
  assert.equal(other.session.state.status, 'signed-out');
  assert.equal(await other.store.load(), undefined);
});

test('expire: a corrupted access token is really sent, refused and renewed', async () => {
  const { api, seen } = createApi(new Set(['access-1', 'access-2']));
  const { session } = await signedIn({ api });
  await session.expire('access-token');
  assert.equal((await session.fetch(apiUrl)).status, 200);
  assert.equal(seen.length, 2);
  assert.notEqual(seen[0], 'access-1');
  await session.expire('session');
  assert.equal(await codeOf(session.fetch(apiUrl)), 'AUTH_SESSION_EXPIRED');
});

test('TOK-12 TOK-13 lifetimes: unstated is short, absurd is clamped', async () => {
  for (const [expiresIn, lifetime] of [
    [undefined, 300],
    [1e15, 86_400],
    [0, 0],
  ] as const) {
    const bench = await createBench();
    bench.authority.bend.token = (_request, honest) => Response.json({ ...honest, expires_in: expiresIn });
    await bench.session.signIn().finished;
    const record = await bench.store.load();
    assert.equal((record?.tokens.expiresAt ?? 0) - bench.clock.now(), lifetime);
  }
});
