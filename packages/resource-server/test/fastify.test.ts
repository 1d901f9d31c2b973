import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import { answerFrameworkErrors, resourceServer } from '../src/fastify.ts';
import type { AccessTokenVerifierSettings } from '../src/index.ts';
import { issuerFor, verifierFor } from './support.ts';

/** A small API on a real port, its issuer, and every line that it logged. */
async function startApi(t: TestContext, settings: Partial<AccessTokenVerifierSettings> = {}) {
  const issuer = await issuerFor(t);
  const lines: string[] = [];
  const verifier = verifierFor(issuer, settings);
  const app = fastify({
    logger: { stream: { write: (line: string) => void lines.push(line) } },
    frameworkErrors: answerFrameworkErrors(verifier),
  });
  await app.register(resourceServer, { verifier });
  app.get('/companies', { config: { scope: 'companies:read' } }, ({ claims }) => ({ user: claims.userId }));
  app.post('/companies', { config: { scope: ['companies:read', 'companies:write'] } }, () => 'written');
  app.get('/payments', { config: { stepUp: { acr: ['mfa'], maxAgeSeconds: 300 } } }, () => 'paid');
  app.get('/healthz', { config: { public: true } }, () => 'ok');
  app.get('/careless', { config: { public: true } }, ({ claims }) => claims.userId);
  app.get('/fail', () => Promise.reject(new Error('password of the database: hunter2')));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  const call = async (path: string, token?: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...init.headers },
    });
  const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { issuer, app, url, call, lines, logged };
}

test('a good token reaches the handler with claims', async (t) => {
  const { issuer, call } = await startApi(t);
  const response = await call('/companies', await issuer.token());
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { user: 'user-europe' });
});

test('API-01 no token, another scheme, an empty one: 401 with a bare challenge', async (t) => {
  const { call } = await startApi(t);
  const others = ['Basic dXNlcjpwdw==', 'bearerx y', 'constructor eyJ', '__proto__ eyJ', 'x Bearer eyJ'];
  for (const authorization of [undefined, '', 'Bearer', 'Bearer ', ...others]) {
    const response = await call(
      '/companies',
      undefined,
      authorization === undefined ? {} : { headers: { authorization } },
    );
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="https://api.deskauth.example"');
    assert.equal(((await response.json()) as { code: string }).code, 'API_TOKEN_MISSING');
  }
});

test('the scheme may be written in any case', async (t) => {
  const { issuer, call } = await startApi(t);
  const authorization = `bEARER ${await issuer.token()}`;
  assert.equal((await call('/companies', undefined, { headers: { authorization } })).status, 200);
});

test('API-02 a token in the query or in the body is refused, and the log holds the name only', async (t) => {
  const { issuer, call, lines } = await startApi(t);
  const token = await issuer.token();
  const inQuery = await call(`/companies?access_token=${token}`, token);
  assert.equal(inQuery.status, 400);
  assert.match(inQuery.headers.get('www-authenticate') ?? '', /error="invalid_request"/);
  const body = new URLSearchParams({ access_token: token });
  assert.equal((await call('/companies', undefined, { method: 'POST', body })).status, 401);
  const ours = lines.filter((line) => !line.includes('"incoming request"'));
  assert.ok(ours.some((line) => line.includes('access_token')));
  assert.ok(ours.every((line) => !line.includes(token.slice(0, 40))));
});

test('API-02 A07 no spelling of an address that fastify refuses, and none that no route has, brings a secret into the log', async (t) => {
  const { issuer, call, lines, logged } = await startApi(t);
  const token = await issuer.token();
  for (const path of [
    '/%?access_token=canary',
    '/companies%zz?code=canary',
    '/none%3Faccess_token=canary',
    '/x#canary',
  ])
    assert.ok((await call(path, token)).status >= 400, path);
  await call('/companies', token, {
    method: 'POST',
    body: '{canary',
    headers: { 'content-type': 'application/json' },
  });
  await call('/companies', token, {
    method: 'POST',
    body: 'x',
    headers: { 'content-type': 'canary/canary' },
  });
  assert.ok(
    lines.every((line) => !line.includes('canary') || line.includes('"incoming request"')),
    lines.join(''),
  );
  assert.ok(logged().some(({ reason }) => reason === 'FST_ERR_BAD_URL'));
});

test('A07 a caller who has gone before the answer has a line in the log too', async (t) => {
  const { issuer, call, logged } = await startApi(t);
  issuer.delay(0.3);
  const gone = call('/companies', await issuer.token(), { signal: AbortSignal.timeout(100) });
  await assert.rejects(gone);
  const isTold = () => logged().some(({ msg, aborted }) => msg === 'request' && aborted === true);
  while (!isTold()) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('two Authorization headers are refused', async (t) => {
  const { issuer, app } = await startApi(t);
  const token = await issuer.token();
  const { connect } = await import('node:net');
  const socket = connect((app.server.address() as { port: number }).port, '127.0.0.1');
  socket.end(
    `GET /companies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nauthorization: Bearer x\r\nConnection: close\r\n\r\n`,
  );
  const answer = (await socket.setEncoding('utf8').toArray()).join('');
  assert.match(answer, /^HTTP\/1.1 400 /);
});

test('API-20 scopes are compared whole', async (t) => {
  const { issuer, call } = await startApi(t);
  const status = async (claims: Record<string, unknown>) =>
    (await call('/companies', await issuer.token({ claims }))).status;
  for (const scope of [
    'companies',
    'companies:readwrite',
    'xcompanies:read',
    'companies:read,other',
    '',
    undefined,
  ])
    assert.equal(await status({ scope }), 403, String(scope));
  assert.equal(await status({ scope: undefined, scp: ['companies:read'] }), 200);
  assert.equal(await status({ scope: ['companies:read other'] }), 403);
  assert.equal(await status({ scope: { 'companies:read': true } }), 401);
  const partial = await call('/companies', await issuer.token(), { method: 'POST' });
  assert.equal(partial.status, 403);
  assert.match(
    partial.headers.get('www-authenticate') ?? '',
    /error="insufficient_scope", error_description="[^"]+", scope="companies:read companies:write"$/,
  );
});

test('API-31 a sign-in that is too old or too weak is told what is wanted', async (t) => {
  const { issuer, call } = await startApi(t);
  const now = Math.floor(Date.now() / 1000);
  const pay = async (claims: Record<string, unknown>) => call('/payments', await issuer.token({ claims }));
  assert.equal((await pay({ acr: 'mfa', auth_time: now - 200 })).status, 200);
  const weak = [{}, { acr: 'mfa' }, { acr: 'pwd', auth_time: now }, { acr: 'mfa', auth_time: now - 301 }];
  for (const claims of [...weak, { acr: 'mfa', auth_time: `${now}` }, { acr: 'mfa', auth_time: now + 900 }]) {
    const response = await pay(claims);
    assert.equal(response.status, 401);
    const challenge = response.headers.get('www-authenticate') ?? '';
    assert.match(challenge, /error="insufficient_user_authentication".*acr_values="mfa", max_age="300"$/);
  }
});

test('API-24 everything is closed unless a route opens itself', async (t) => {
  const { issuer, call } = await startApi(t);
  assert.equal((await call('/healthz')).status, 200);
  for (const path of [
    '/unknown',
    '/COMPANIES',
    '/companies/',
    '//companies',
    '/healthz/../companies',
    '/fail',
  ])
    assert.equal((await call(path)).status, 401, path);
  const override = { method: 'POST', headers: { 'x-http-method-override': 'GET' } };
  assert.equal((await call('/companies', await issuer.token(), override)).status, 403);
  assert.equal((await call('/unknown', await issuer.token())).status, 404);
  assert.equal((await call('/careless', await issuer.token())).status, 500);
});

test('API-26 a failure shows an id and no reason; the log has the reason under the id', async (t) => {
  const { issuer, call, logged } = await startApi(t);
  const response = await call('/fail', await issuer.token());
  assert.equal(response.status, 500);
  const text = await response.text();
  const body = JSON.parse(text);
  assert.deepEqual(Object.keys(body).sort(), ['area', 'at', 'code', 'id', 'message']);
  assert.equal(body.code, 'API_FAILED');
  assert.match(body.id, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
  assert.ok(!text.includes('hunter2') && !text.includes('fail('));
  const line = logged().find(({ errorId, reason }) => errorId === body.id && reason);
  assert.match(String(line?.reason), /hunter2/);
});

test('API-26 a refused token gives no reason away either, and never its own text', async (t) => {
  const { issuer, call, lines, logged } = await startApi(t);
  const token = await issuer.token({ claims: { aud: 'https://secret-project.example' } });
  const response = await call('/companies', token);
  const text = (await response.text()) + response.headers.get('www-authenticate');
  assert.ok(!text.includes('secret-project'));
  assert.ok(logged().some(({ reason }) => String(reason).includes('secret-project')));
  assert.ok(lines.every((line) => !line.includes(token.slice(-40)) && !line.includes(token.slice(0, 40))));
});

test('API-10 an outage is 503 with Retry-After and without a challenge', async (t) => {
  const { issuer, call } = await startApi(t);
  issuer.fail('error');
  const response = await call('/companies', await issuer.token());
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('www-authenticate'), null);
  assert.ok(Number(response.headers.get('retry-after')) > 0);
  assert.equal(((await response.json()) as { area: string }).area, 'authorization-server');
});

test('API-10 without a logger the console says why there was a 5xx, and nothing else', async (t) => {
  const issuer = await issuerFor(t);
  issuer.fail('error');
  const token = await issuer.token();
  const { mock } = t.mock.method(console, 'log', () => {});
  const statusOf = async (logger: boolean | { level: string }) => {
    const app = fastify({ logger });
    t.after(() => app.close());
    await app.register(resourceServer, { verifier: verifierFor(issuer) });
    app.get('/', () => 'never');
    await app.inject('/');
    return (await app.inject({ url: '/', headers: { authorization: `Bearer ${token}` } })).statusCode;
  };
  assert.deepEqual([await statusOf({ level: 'silent' }), mock.callCount()], [503, 0]);
  assert.deepEqual([await statusOf(false), mock.callCount()], [503, 1]);
  const { level, code, errorId } = JSON.parse(String(mock.calls[0]?.arguments[0]));
  assert.deepEqual([level, code, typeof errorId], ['error', 'API_CHECK_UNAVAILABLE', 'string']);
});

test('a request of the wrong form keeps its 4xx and gets a code', async (t) => {
  const { issuer, call } = await startApi(t);
  const token = await issuer.token({ claims: { scope: 'companies:read companies:write' } });
  const headers = { 'content-type': 'application/json' };
  const response = await call('/companies', token, { method: 'POST', headers, body: '{"a":' });
  assert.equal(response.status, 400);
  assert.equal(((await response.json()) as { code: string }).code, 'API_REQUEST_INVALID');
});

test('the request log says who, what and how long, follows the caller, and keeps secrets out', async (t) => {
  const { issuer, call, logged, lines } = await startApi(t);
  const token = await issuer.token();
  const response = await call('/companies?secret=7', token, { headers: { 'x-correlation-id': 'story-1' } });
  assert.equal(response.headers.get('x-correlation-id'), 'story-1');
  const forged = await call('/companies', token, { headers: { 'x-correlation-id': 'a "b" {c}' } });
  assert.equal(forged.headers.get('x-correlation-id'), null);
  await call('/companies', 'bad-token');
  const [good, , bad] = logged().filter(({ msg }) => msg === 'request');
  const { user, client, method, route, status, ms, correlationId } = good ?? {};
  assert.deepEqual(
    { user, client, method, route, status, correlationId },
    {
      user: 'user-europe',
      client: 'desktop-app',
      method: 'GET',
      route: '/companies',
      status: 200,
      correlationId: 'story-1',
    },
  );
  assert.equal(typeof ms, 'number');
  assert.equal(bad?.code, 'API_TOKEN_INVALID');
  assert.ok(bad?.errorId);
  assert.ok(lines.every((line) => !line.includes(token.slice(-40))));
});
