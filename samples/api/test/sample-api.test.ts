import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSampleApi } from '@deskauth/sample-api';
import { loadSampleSettings, requireSampleSettings } from '../src/settings.ts';
import { api, folder, get, jwk, settingsFor, tokenFor } from './running-api.ts';

const json = async (path: string, token: string) => JSON.parse((await get(path, token)).text);

test('companies are filtered by the regions of the user', async () => {
  const regions = async (sub: string) => {
    const companies: { region: string }[] = await json('/api/companies', await tokenFor(sub));
    return [...new Set(companies.map(({ region }) => region))];
  };
  assert.deepEqual(await regions('user-europe'), ['Europe']);
  assert.deepEqual(await regions('user-global'), ['Europe', 'USA', 'Asia']);
  assert.deepEqual(await regions('somebody'), []);
  assert.deepEqual(await regions('__proto__'), []);
});

test('transactions belong to a company that the user may see; any other id is not found', async () => {
  const europe = await tokenFor('user-europe');
  const { company, transactions } = await json('/api/companies/1/transactions', europe);
  assert.equal(company.region, 'Europe');
  assert.ok(transactions.length >= 3 && transactions.every(({ amount }: { amount: number }) => amount > 0));
  const hidden = await get('/api/companies/4/transactions', europe);
  const absent = await get('/api/companies/999/transactions', europe);
  const shape = ({ status, text }: { status: number; text: string }) => [
    status,
    JSON.parse(text).code,
    JSON.parse(text).message,
  ];
  assert.deepEqual(shape(hidden), shape(absent));
  assert.equal(hidden.status, 404);
  assert.equal((await get('/api/companies/4/transactions', await tokenFor('user-global'))).status, 200);
});

test('API-20 each address asks for its own scope', async () => {
  const narrow = await tokenFor('user-europe', 'companies:read');
  assert.equal((await get('/api/companies', narrow)).status, 200);
  assert.equal((await get('/api/companies/1/transactions', narrow)).status, 403);
});

test('user info joins the token with our own data', async () => {
  const info = await json('/api/userinfo', await tokenFor('user-global'));
  assert.deepEqual(info, {
    userId: 'user-global',
    name: 'Global Manager',
    regions: ['Europe', 'USA', 'Asia'],
  });
});

test('API-24 the quick-start address and health; the rest is closed', async () => {
  assert.equal(
    (await get('/private', await tokenFor('somebody'))).text,
    'Only authenticated users can read this message',
  );
  assert.equal((await get('/healthz')).status, 200);
  for (const path of [
    '/private',
    '/api/companies',
    '/api/companies/1/transactions',
    '/api/userinfo',
    '/api/%63ompanies',
  ])
    assert.equal((await get(path)).status, 401, path);
  const unknown = await get('/api/unknown');
  assert.deepEqual([unknown.status, JSON.parse(unknown.text).code], [404, 'API_NOT_FOUND']);
});

test('API-24 API-26 without a web app nobody can tell by the answer which addresses exist', async (t) => {
  const bare = await startSampleApi(settingsFor());
  t.after(() => bare.stop());
  const answer = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(bare.url + path, { headers });
    const { id, at, ...body } = (await response.json()) as Record<string, unknown>;
    return { status: response.status, challenge: response.headers.get('www-authenticate'), body };
  };
  const known = await answer('/api/companies');
  assert.equal(known.status, 401);
  for (const path of [
    '/',
    '/nothing',
    '/index.html',
    '/api',
    '/settings.json',
    '/healthz/../src/main.ts',
    '//x',
  ])
    assert.deepEqual(await answer(path), known, path);
  const authorization = `Bearer ${await tokenFor('user-europe')}`;
  const unknown = await answer('/absent-page', { authorization });
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'API_NOT_FOUND']);
  assert.ok(!JSON.stringify(unknown).includes('absent'));
  const malformed = await answer('/%');
  assert.deepEqual([malformed.status, malformed.body.code], [400, 'API_REQUEST_INVALID']);
});

test('A10 the signing keys are relayed to pages, without a token; 503 with an id when they cannot be had', async (t) => {
  const relayed = await get('/jwks', undefined, { origin: 'https://app.example.com' });
  assert.deepEqual(JSON.parse(relayed.text), { keys: [jwk] });
  assert.equal(relayed.headers.get('access-control-allow-origin'), 'https://app.example.com');
  assert.equal(relayed.headers.get('cache-control'), 'public, max-age=300');
  const alone = await startSampleApi(settingsFor({ issuer: 'http://127.0.0.1:9' }));
  t.after(() => alone.stop());
  const failed = await fetch(`${alone.url}/jwks`);
  const body = (await failed.json()) as Record<string, unknown>;
  assert.deepEqual([failed.status, body.code], [503, 'API_CHECK_UNAVAILABLE']);
  assert.notEqual(failed.headers.get('cache-control'), 'public, max-age=300');
});

test('A12 the token may be in a cookie where the settings say so, with a header against forged requests', async (t) => {
  const other = await startSampleApi(settingsFor({ tokenCookie: { name: 'token' } }));
  t.after(() => other.stop());
  const cookie = `token=${await tokenFor('user-europe')}`;
  const call = async (url: string, headers: Record<string, string>) =>
    (await fetch(`${url}/private`, { headers })).status;
  assert.equal(await call(other.url, { cookie, 'x-deskauth-csrf': '1' }), 200);
  assert.equal(await call(other.url, { cookie }), 403);
  assert.equal(await call(api.url, { cookie, 'x-deskauth-csrf': '1' }), 401);
});

test('A02 the settings choose introspection; a secret in a bad setting is not shown', async (t) => {
  const introspection = { clientId: 'the-api', clientSecret: 'hidden-secret' };
  const asking = await startSampleApi(settingsFor({ introspection }));
  t.after(() => asking.stop());
  const headers = { authorization: 'Bearer opaque' };
  assert.equal(
    (await fetch(`${asking.url}/private`, { headers })).status,
    503,
    'this server has no introspection',
  );
  const bad = { clientID: 'the-api', clientSecret: 'hidden-secret' } as never;
  assert.throws(
    () => requireSampleSettings(settingsFor({ introspection: bad })),
    (error: Error) =>
      /"introspection\.clientID": expected one of/.test(error.message) && !error.message.includes('hidden'),
  );
});

test('API-26 a rehearsed failure shows an error id, and only where settings allow it', async (t) => {
  const token = await tokenFor('user-europe');
  const failed = await get('/api/companies', token, { 'x-deskauth-rehearse': 'fail' });
  assert.equal(failed.status, 500);
  assert.match(JSON.parse(failed.text).id, /^[0-9A-Z-]{19}$/);
  const strict = await startSampleApi(settingsFor());
  t.after(() => strict.stop());
  const headers = { 'x-deskauth-rehearse': 'fail', authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${strict.url}/api/companies`, { headers })).status, 200);
});

test('API-25 only listed origins may read answers, and a wildcard is refused', async () => {
  const preflight = async (origin: string) => {
    const headers = { origin, 'access-control-request-method': 'GET' };
    const response = await fetch(`${api.url}/api/companies`, { method: 'OPTIONS', headers });
    return [response.status, response.headers.get('access-control-allow-origin')];
  };
  assert.deepEqual(await preflight('https://app.example.com'), [204, 'https://app.example.com']);
  assert.deepEqual(await preflight('https://evil.example'), [401, null]);
  const refused = await get('/api/companies', undefined, { origin: 'https://app.example.com' });
  assert.equal(refused.headers.get('access-control-allow-origin'), 'https://app.example.com');
  assert.equal(refused.headers.get('access-control-allow-credentials'), null);
  assert.throws(() => requireSampleSettings(settingsFor({ origins: ['*'] })), /key "origins": .*every page/);
});

test('the web app is served, with headers that keep browsers in check', async () => {
  const page = await get('/');
  assert.match(page.text, /Companies/);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
  assert.equal((await get('/..%2f..%2fetc/passwd')).status, 404);
  assert.equal((await get('/api/companies')).headers.get('cache-control'), 'no-store');
});

test('a bad settings file is named with its key and what was expected', async () => {
  const file = join(folder, 'settings.json');
  const load = async (text: string) => writeFile(file, text).then(() => loadSampleSettings(file));
  const start = file.replaceAll('.', '\\.');
  await assert.rejects(load('{'), new RegExp(`^Error: ${start}: `));
  await assert.rejects(
    load('{"issuer":"x","audience":"y","port":"3701"}'),
    /key "port": expected a port, 0 to 65535, got "3701"/,
  );
  await assert.rejects(load('{"audience":"y"}'), /key "issuer": expected .*, got nothing/);
  await assert.rejects(load('{"issuer":"x","audience":"y","prot":1}'), /key "prot" is not known/);
  await assert.rejects(loadSampleSettings(join(folder, 'absent.json')), /absent\.json: .*ENOENT/);
});

test('a taken port means the next free one', async (t) => {
  const other = createNetServer();
  t.after(() => other.close());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const second = await startSampleApi(settingsFor({ port }));
  t.after(() => second.stop());
  assert.ok(Number(new URL(second.url).port) > port);
});
