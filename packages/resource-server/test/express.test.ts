import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import express from 'express';
import { apiErrorHandler, claimsOf, requireAccessToken, requireScope } from '../src/express.ts';
import { ApiError } from '../src/index.ts';
import { startDpop } from './dpop-client.ts';
import { issuerFor, verifierFor } from './support.ts';

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A small Express API, its issuer, and what it logged. */
async function startApi(t: TestContext) {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const lines: Record<string, unknown>[] = [];
  const write = (record: object, message: string) => void lines.push({ ...record, message });
  const log = { info: write, error: write };
  const app = express();
  app.use('/api', requireAccessToken(verifier, { log }));
  app.get('/api/companies', requireScope('companies:read'), (request, response) => {
    response.json({ user: claimsOf(request).userId });
  });
  app.get('/api/write', requireScope('companies:write'), (_request, response) => void response.end());
  app.post('/api/companies', express.json(), (_request, response) => void response.end());
  app.get('/api/fail', () => Promise.reject(new Error('password of the database: hunter2')));
  app.get('/api/hidden', () => Promise.reject(new ApiError('API_NOT_FOUND', 'not theirs')));
  app.get('/open', (request, response) => void response.end(claimsOf(request).userId));
  app.use(apiErrorHandler(verifier, log));
  const url = await listen(t, app);
  const call = async (path: string, token?: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...init.headers },
    });
  return { issuer, call, lines };
}

test('Express: a good token reaches the handler with claims, remembered or not', async (t) => {
  const { issuer, call, lines } = await startApi(t);
  const token = await issuer.token();
  for (const _ of [1, 2]) {
    const response = await call('/api/companies?secret=7', token, {
      headers: { 'x-correlation-id': 'story-1' },
    });
    assert.deepEqual([response.status, await response.json()], [200, { user: 'user-europe' }]);
    assert.equal(response.headers.get('x-correlation-id'), 'story-1');
  }
  const { ms, ...line } = lines[0] ?? {};
  assert.equal(typeof ms, 'number');
  assert.deepEqual(line, {
    ...{ method: 'GET', route: '/api/companies', status: 200, user: 'user-europe', client: 'desktop-app' },
    ...{ correlationId: 'story-1', message: 'request' },
  });
});

test('API-01 API-02 API-10 API-20 Express: refusals are the same as with fastify', async (t) => {
  const { issuer, call } = await startApi(t);
  const answer = async (path: string, token?: string) => {
    const response = await call(path, token);
    const body = (await response.json()) as { code: string };
    return [
      response.status,
      body.code,
      response.headers.get('www-authenticate')?.match(/error="(\w+)"/)?.[1],
    ];
  };
  assert.deepEqual(await answer('/api/companies'), [401, 'API_TOKEN_MISSING', undefined]);
  assert.deepEqual(await answer('/api/companies?access_token=x'), [
    400,
    'API_TOKEN_MISPLACED',
    'invalid_request',
  ]);
  assert.deepEqual(await answer('/api/companies', 'a.b.c'), [401, 'API_TOKEN_INVALID', 'invalid_token']);
  assert.deepEqual(await answer('/api/write', await issuer.token()), [
    403,
    'API_SCOPE_INSUFFICIENT',
    'insufficient_scope',
  ]);
  assert.deepEqual(await answer('/api/hidden', await issuer.token()), [404, 'API_NOT_FOUND', undefined]);
  const { issuer: dead, call: callDead } = await startApi(t);
  dead.fail('error');
  const outage = await callDead('/api/companies', await dead.token());
  assert.deepEqual([outage.status, outage.headers.get('www-authenticate')], [503, null]);
});

test('API-26 Express: a failure shows an id and no reason; the log has it', async (t) => {
  const { issuer, call, lines } = await startApi(t);
  const response = await call('/api/fail', await issuer.token());
  const text = await response.text();
  assert.equal(response.status, 500);
  assert.ok(!text.includes('hunter2'));
  assert.match(
    String(lines.find(({ errorId, reason }) => errorId === JSON.parse(text).id && reason)?.reason),
    /hunter2/,
  );
  const headers = { 'content-type': 'application/json' };
  const malformed = await call('/api/companies', await issuer.token(), {
    method: 'POST',
    headers,
    body: '{',
  });
  assert.deepEqual(
    [malformed.status, ((await malformed.json()) as { code: string }).code],
    [400, 'API_REQUEST_INVALID'],
  );
  assert.equal(
    (await call('/open')).status,
    500,
    'claims on an unguarded route are a mistake, not an anonymous user',
  );
});

test('the middleware needs nothing of Express', async (t) => {
  const issuer = await issuerFor(t);
  const check = requireAccessToken(verifierFor(issuer), {
    logRequests: false,
    log: { info() {}, error() {} },
  });
  const url = await listen(t, (request, response) =>
    check(request, response, () => response.end(claimsOf(request).userId)),
  );
  assert.equal((await fetch(url)).status, 401);
  const headers = { authorization: `Bearer ${await issuer.token()}` };
  assert.equal(await (await fetch(url, { headers })).text(), 'user-europe');
});

test('Express: a guard behind a guard lets pass what passed, and asks for no second proof', async (t) => {
  const { verifier, proof, token } = await startDpop(t);
  const router = express.Router().use(requireAccessToken(verifier));
  router.get('/companies', (request, response) => void response.end(claimsOf(request).userId));
  const app = express().use('/', requireAccessToken(verifier, { logRequests: false }), router);
  const url = await listen(t, app);
  const headers = { authorization: `DPoP ${token}`, dpop: await proof() };
  const response = await fetch(`${url}/companies`, { headers });
  assert.deepEqual([response.status, await response.text()], [200, 'user-europe']);
});

test('Express: an answer that somebody in front gave meanwhile is left alone', async (t) => {
  const { verifier, proof, token, issuer } = await startDpop(t, { nonceSeconds: 300 });
  const app = express();
  app.use((_request, response, next) => {
    setTimeout(() => response.status(503).end('too slow'), 20);
    next();
  });
  let passed = 0;
  app.use(requireAccessToken(verifier, { logRequests: false, log: { info: () => {}, error: () => {} } }));
  app.use(() => {
    passed += 1;
  });
  const url = await listen(t, app);
  issuer.delay(0.2);
  const good = { authorization: `DPoP ${token}`, dpop: await proof({ nonce: verifier.dpopNonce() ?? '' }) };
  const forged = { ...good, authorization: `DPoP ${token.slice(0, -8)}AAAAAAAA` };
  const statuses = [good, forged].map(
    async (headers) => (await fetch(`${url}/companies`, { headers })).status,
  );
  assert.deepEqual(await Promise.all(statuses), [503, 503]);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(passed, 0);
});

test('Express: what a bound token lacks stands in the challenge of its scheme', async (t) => {
  const { verifier, proof, token } = await startDpop(t);
  const app = express().use(requireAccessToken(verifier, { logRequests: false }), requireScope('admin'));
  const url = await listen(t, app);
  const headers = { authorization: `DPoP ${token}`, dpop: await proof() };
  const challenge = (await fetch(`${url}/companies`, { headers })).headers.get('www-authenticate') ?? '';
  assert.match(challenge, /^Bearer realm="[^"]+", DPoP realm="[^"]+", error="insufficient_scope"/);
});
