import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser, signInOverHttp } from '@deskauth/dev-authority/testing';
import { createNodeSession, keyringStore, memoryStore, type NodeSessionSettings } from '@deskauth/node';
import { type SampleApi, startSampleApi } from '@deskauth/sample-api';
import { createHome } from './cli-bench.ts';

// An authorization server and an API that both want bound tokens, and nonces in the proofs.

const person = { username: 'europe', password: 'deskauth', followRedirect: true };
const scope = 'openid profile offline_access companies:read';
let authority: DevAuthority;
let api: SampleApi;
let directory: string;

before(async () => {
  const redirectUris = ['http://127.0.0.1/callback'];
  const people = {
    clientId: 'people',
    name: 'People',
    type: 'native',
    callsApi: false,
    redirectUris,
  } as const;
  authority = await startDevAuthority({ port: 0, dpopNonces: true, clients: [people] });
  const { issuer, apiAudience: audience } = authority;
  const port = await freePort();
  const dpop = { origin: `http://127.0.0.1:${port}`, required: true, nonceSeconds: 60 };
  api = await startSampleApi({ port, issuer, audience, allowHttp: true, logLevel: 'silent', dpop });
  assert.equal(api.url, dpop.origin);
  directory = await mkdtemp(join(tmpdir(), 'deskauth-dpop-'));
});
after(async () => {
  await api?.stop();
  await authority?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The API has to know its own address before it listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** A run of an app on this machine; `asked` are its requests with their answers. */
function startApp(settings: Partial<NodeSessionSettings> = {}) {
  const asked: string[] = [];
  const browser = createHttpBrowser();
  const owner = { appName: 'Bound', issuer: authority.issuer, clientId: 'deskauth-desktop', directory };
  const refused = () => Promise.reject(new Error('there is no keyring in this test'));
  const keyring = { load: refused, create: refused, remove: async () => {} };
  const store = keyringStore({ ...owner, weakerStorage: 'allow', keyring });
  const session = createNodeSession({
    ...{ ...owner, scope, store, allowHttp: true, dpop: 'required', apiAddresses: [api.url] },
    resource: authority.apiAudience,
    browser: { open: async (url) => void browser.signIn(url, person).catch(() => {}) },
    async fetch(input, init) {
      const response = await fetch(input, init);
      const { pathname } = new URL(input instanceof Request ? input.url : String(input));
      asked.push(`${pathname} ${response.status}`);
      return response;
    },
    ...settings,
  });
  return { session, store, asked };
}

const count = (asked: readonly string[], what: string) => asked.filter((one) => one === what).length;

test('TOK-16 DPOP-12 REF-22 sign-in, calls, renewal and the next start at a server and an API with nonces', async () => {
  const { session, asked } = startApp({ pushedAuthorization: 'always' });
  await session.signIn().finished;
  assert.deepEqual([count(asked, '/par 400'), count(asked, '/par 201')], [1, 1]);
  assert.deepEqual([count(asked, '/token 400'), count(asked, '/token 200')], [0, 1]);

  const url = `${api.url}/api/companies?page=1`;
  for (let calls = 0; calls < 2; calls += 1) assert.equal((await session.fetch(url)).status, 200);
  assert.deepEqual([count(asked, '/api/companies 401'), count(asked, '/api/companies 200')], [1, 2]);

  await session.expire('access-token');
  assert.equal((await session.fetch(url)).status, 200);
  assert.deepEqual([count(asked, '/token 400'), count(asked, '/token 200')], [0, 2]);

  const { session: next, asked: askedNext } = startApp();
  assert.equal((await next.restore()).status, 'signed-in');
  assert.equal((await next.fetch(url)).status, 200);
  assert.deepEqual(askedNext, ['/api/companies 401', '/api/companies 200']);
  await next.signOut();
});

test('TOK-15 DPOP-09 a stolen access token and a stolen refresh token are worth nothing', async () => {
  const { session, store } = startApp();
  await session.signIn().finished;
  const authorization = `Bearer ${await session.accessToken()}`;
  const stolen = await fetch(`${api.url}/api/companies`, { headers: { authorization } });
  assert.equal(stolen.status, 401);

  const { refreshToken = '' } = (await store.load())?.tokens ?? {};
  const spend = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'deskauth-desktop' };
  const body = new URLSearchParams(spend);
  const refused = await fetch(`${authority.issuer}/token`, { method: 'POST', body });
  assert.equal(refused.status, 400);
  const { access_token: granted } = (await refused.json()) as Record<string, unknown>;
  assert.equal(granted, undefined);
  await session.signOut();
});

test('TOK-16 the userinfo endpoint gets a proof for this token', async () => {
  const settings = { clientId: 'people', scope: 'openid profile', store: memoryStore(), resource: [] };
  const { session, asked } = startApp({ ...settings, userInfo: 'endpoint' });
  await session.signIn().finished;
  assert.equal(session.user?.displayName, 'Europe Analyst');
  assert.equal(asked.at(-1), '/userinfo 200');
});

test('AUTH-22 a code that was asked for with a key cannot be exchanged without it', async () => {
  const { session } = startApp({
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.delete('dpop');
      return fetch(input, { ...init, headers });
    },
  });
  await assert.rejects(session.signIn().finished, { code: 'AUTH_CODE_REJECTED' });
});

test('TOK-15 a server that turns to bearer tokens at a refresh is refused', async () => {
  let isBent = false;
  const { session } = startApp({
    async fetch(input, init) {
      const response = await fetch(input, init);
      const isTokens = String(input).endsWith('/token') && response.ok;
      if (!isBent || !isTokens) return response;
      return Response.json({ ...((await response.json()) as object), token_type: 'Bearer' });
    },
  });
  await session.signIn().finished;
  await session.expire('access-token');
  isBent = true;
  await assert.rejects(session.fetch(`${api.url}/api/companies`), { code: 'AUTH_TOKEN_RESPONSE_INVALID' });
  assert.equal(session.state.status, 'signed-in');
  isBent = false;
  session.resume();
  assert.equal((await session.fetch(`${api.url}/api/companies`)).status, 200);
  await session.signOut();
});

test('ENV-07 DPOP-12 deskauth login --dpop, then call', async () => {
  const home = await createHome();
  try {
    const { issuer } = authority;
    const running = home.start([
      ...['login', '--issuer', issuer, '--client-id', 'deskauth-cli', '--scope', scope],
      ...['--allow-http', '--no-browser', '--dpop'],
    ]);
    await signInOverHttp(await running.address, person);
    assert.equal((await running.finished).code, 0);
    const list = await home.run(['call', `${api.url}/api/companies`]);
    assert.equal(list.code, 0, list.stderr);
    assert.ok(JSON.parse(list.stdout).length > 0);
  } finally {
    await home.remove();
  }
});
