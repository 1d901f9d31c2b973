import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fastify, { LogController } from 'fastify';
import { resourceServer } from '../src/fastify.ts';
import type { AccessTokenVerifierSettings } from '../src/index.ts';
import { AUDIENCE, assemble, type Endpoint, type Fault, keysOf } from './issuer.ts';
import { issuerFor, manualClock, verifierFor } from './support.ts';

/** An API as its callers and its operators see it, at a real issuer that counts every call. */
async function startApi(t: TestContext, settings: Partial<AccessTokenVerifierSettings> = {}) {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock, timeLimitSeconds: 0.5, ...settings });
  const log: string[] = [];
  const logger = { level: 'info', stream: { write: (line: string) => void log.push(line) } };
  const app = fastify({ logger, logController: new LogController({ disableRequestLogging: true }) });
  t.after(() => app.close());
  await app.register(resourceServer, { verifier });
  app.get('/companies', { config: { scope: 'companies:read' } }, ({ claims }) => claims.userId);
  const call = async (token: string) => {
    const { statusCode, headers, body } = await app.inject({
      url: '/companies',
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: statusCode, headers, body };
  };
  /** How often each status was answered. */
  const callAll = async (tokens: readonly string[]) => {
    const counts: Record<number, number> = {};
    for (const { status } of await Promise.all(tokens.map(call))) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };
  const report = () => t.diagnostic(`calls to the authorization server: ${JSON.stringify(issuer.counts)}`);
  return { issuer, clock, verifier, log, call, callAll, report };
}

const introspection = { clientId: 'the-api', clientSecret: 'hidden' };
const active = { active: true, aud: AUDIENCE, sub: 'user-europe', scope: 'openid companies:read' };
const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test('API-09 API-34 cold herd: 1,000 requests with one new token cost one check, one key fetch, one userinfo call', async (t) => {
  let ownCalls = 0;
  const ownClaims = async () => {
    ownCalls += 1;
    return {};
  };
  const { issuer, verifier, callAll, report } = await startApi(t, { userInfo: true, ownClaims });
  const token = await issuer.token({ claims: { scope: 'openid companies:read' } });
  assert.deepEqual(await callAll(repeat(1000, token)), { 200: 1000 });
  report();
  assert.deepEqual(issuer.counts, { discovery: 1, keys: 1, introspection: 0, userinfo: 1 });
  assert.deepEqual([verifier.counts.checks, ownCalls], [1, 1]);
});

test('API-34 cold herd with introspection: 1,000 requests with one new token cost one introspection, one userinfo call', async (t) => {
  const { issuer, verifier, callAll, report } = await startApi(t, { introspection, userInfo: true });
  issuer.answer('introspection', () => active);
  assert.deepEqual(await callAll(repeat(1000, 'opaque-token')), { 200: 1000 });
  report();
  assert.deepEqual(issuer.counts, { discovery: 1, keys: 0, introspection: 1, userinfo: 1 });
  assert.equal(verifier.counts.checks, 1);
});

test('API-09 10,000 unknown key ids in a minute: one key fetch per cooldown, valid callers are never refused', async (t) => {
  const { issuer, clock, verifier, call, report } = await startApi(t, { keysCooldownSeconds: 10 });
  const good = await issuer.token();
  assert.equal((await call(good)).status, 200);
  const payload = JSON.stringify({ iss: issuer.issuer, aud: AUDIENCE, sub: 'user-europe', exp: 9e9 });
  const refusals: Record<string, number> = {};
  for (let i = 0; i < 10_000; i += 1) {
    clock.advance(0.006);
    const unknown = assemble({ alg: 'RS256', typ: 'at+jwt', kid: `kid-${i}` }, payload);
    const code = await verifier.verify(unknown).then(
      () => 'accepted',
      (error) => error.code,
    );
    refusals[code] = (refusals[code] ?? 0) + 1;
    if (i % 500 === 0) assert.equal((await call(await issuer.token())).status, 200);
  }
  report();
  assert.deepEqual(refusals, { API_TOKEN_INVALID: 10_000 });
  assert.ok(issuer.counts.keys <= 7 && issuer.counts.keys >= 5, `${issuer.counts.keys} key fetches`);
  assert.equal(issuer.counts.discovery, 1);
  assert.equal((await call(good)).status, 200);
});

test('API-32 keys rotated under load: no 401, for tokens of the old key and of the new one', async (t) => {
  const { issuer, clock, callAll, report } = await startApi(t);
  const old = await Promise.all(Array.from({ length: 100 }, () => issuer.token()));
  assert.deepEqual(await callAll(old), { 200: 100 });
  const published = [await keysOf('key-1')];
  for (const kid of ['key-2', 'key-3', 'key-4']) {
    clock.advance(15);
    const before = await issuer.token();
    published.unshift(await keysOf(kid));
    await issuer.rotate(...published);
    const fresh = await Promise.all(Array.from({ length: 100 }, () => issuer.token()));
    const mixed = fresh.flatMap((token, i) => [token, old[i] ?? '', before]);
    assert.deepEqual(await callAll(mixed), { 200: 300 });
  }
  report();
  assert.equal(issuer.counts.keys, 4);
});

test('API-32 a removed key is refused after the age limit of the key set, remembered tokens too', async (t) => {
  const { issuer, clock, call, report } = await startApi(t, { keysMaxAgeSeconds: 600 });
  const exp = Math.floor(clock()) + 7200;
  const old = await issuer.token({ claims: { exp } });
  assert.equal((await call(old)).status, 200);
  await issuer.rotate(await keysOf('key-2'));
  clock.advance(601);
  assert.equal((await call(old)).status, 401);
  for (let i = 0; i < 5; i += 1) {
    clock.advance(60);
    assert.equal((await call(old)).status, 401);
  }
  assert.equal((await call(await issuer.token({ claims: { exp } }))).status, 200);
  report();
});

const FAULTS: readonly Fault[] = [
  'down',
  'hang',
  'drip',
  'error',
  'html',
  'redirect',
  'huge',
  'truncated',
  'array',
];

/** What an API of each kind needs of its server for a token that it has not seen. */
const NEEDS: readonly {
  readonly settings: Partial<AccessTokenVerifierSettings>;
  readonly endpoint: Endpoint;
}[] = [
  { settings: {}, endpoint: 'discovery' },
  { settings: {}, endpoint: 'keys' },
  { settings: { userInfo: true }, endpoint: 'userinfo' },
  { settings: { introspection }, endpoint: 'introspection' },
];

for (const { settings, endpoint } of NEEDS)
  test(`API-10 API-17 API-26 ${endpoint} cut off, hanging or lying: 503 with an id that is in the log, never 401, nobody in`, async (t) => {
    for (const fault of FAULTS) {
      const { issuer, log, call } = await startApi(t, { ...settings, timeLimitSeconds: 0.3 });
      issuer.answer('introspection', () => active);
      issuer.fail(fault, [endpoint]);
      const token = await issuer.token({ claims: { scope: 'openid companies:read' } });
      const { status, headers, body } = await call(token);
      assert.equal(status, 503, `${fault}: ${body}`);
      assert.ok(Number(headers['retry-after']) > 0);
      const { id, code, area } = JSON.parse(body);
      assert.deepEqual([code, area], ['API_CHECK_UNAVAILABLE', 'authorization-server']);
      const line = log.find((one) => one.includes(id)) ?? '';
      assert.match(JSON.parse(line).reason, /https?:\/\/127\.0\.0\.1/, fault);
      assert.ok(!log.join('').includes(token) && !body.includes('127.0.0.1'));
      assert.equal(issuer.followed(), 0);
    }
  });

test('API-10 through an outage remembered tokens and tokens of known keys pass; the rest is 503, with few calls', async (t) => {
  const { issuer, clock, call, callAll, report } = await startApi(t);
  const known = await issuer.token({ claims: { exp: Math.floor(clock()) + 7200 } });
  const fresh = await Promise.all(
    Array.from({ length: 50 }, () => issuer.token({ claims: { exp: Math.floor(clock()) + 7200 } })),
  );
  const foreign = await issuer.token({
    key: await keysOf('key-9'),
    claims: { exp: Math.floor(clock()) + 7200 },
  });
  assert.equal((await call(known)).status, 200);
  issuer.fail('hang');
  const before = issuer.counts.keys;
  clock.advance(3000);
  assert.deepEqual(await callAll([known, ...fresh]), { 200: 51 });
  clock.advance(11);
  assert.deepEqual(await callAll(repeat(50, foreign)), { 503: 50 });
  report();
  assert.ok(issuer.counts.keys - before <= 3);
  clock.advance(1_000_000);
  assert.equal((await call(await issuer.token({ claims: { exp: Math.floor(clock()) + 60 } }))).status, 503);
});

test('API-15 a flood of 5,000 bad signatures pushes no good token out and costs the server nothing', async (t) => {
  const { issuer, verifier, call, report } = await startApi(t, { claimsMaxEntries: 10 });
  const good = await Promise.all(['a', 'b', 'c'].map((sub) => issuer.token({ claims: { sub } })));
  for (const token of good) assert.equal((await call(token)).status, 200);
  const [header, payload] = (await issuer.token()).split('.');
  for (let i = 0; i < 5000; i += 1) {
    const signature = Buffer.alloc(256, i).toString('base64url');
    const code = await verifier.verify(`${header}.${payload}.${signature}`).then(
      () => 'accepted',
      (error) => error.code,
    );
    assert.equal(code, 'API_TOKEN_INVALID');
  }
  report();
  for (const token of good) assert.ok(verifier.known(token));
  assert.deepEqual(issuer.counts, { discovery: 1, keys: 1, introspection: 0, userinfo: 0 });
});

test('API-05 a token without exp, or with an exp that is no time, is refused, warm and cold', async (t) => {
  const { issuer, call } = await startApi(t);
  for (const exp of [undefined, null, '9999999999', true, [9e9], -1, 0]) {
    const token = await issuer.token({ claims: { exp: exp as number } }).catch(() => undefined);
    if (token) for (let i = 0; i < 2; i += 1) assert.equal((await call(token)).status, 401, String(exp));
  }
});

test('API-29 DPOP-09 a token that is bound to a key is refused as a bearer token, warm and cold', async (t) => {
  const { issuer, call } = await startApi(t);
  for (const cnf of [
    { jkt: 'x' },
    { 'x5t#S256': 'x' },
    { jkt: 'x', 'x5t#S256': 'x' },
    { kid: 'x' },
    {},
    null,
    'x',
  ]) {
    const token = await issuer.token({ claims: { cnf } });
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await call(token);
      assert.deepEqual([status, JSON.parse(body).code], [401, 'API_TOKEN_BOUND'], JSON.stringify(cnf));
    }
  }
});

test('API-17 an introspection endpoint that dies under load is left alone, and found again', async (t) => {
  const { issuer, clock, callAll, report } = await startApi(t, { introspection });
  issuer.answer('introspection', () => active);
  issuer.fail('error', ['introspection']);
  const tokens = Array.from({ length: 10 }, (_, i) => `opaque-${i}`);
  for (let round = 0; round < 10; round += 1) assert.deepEqual(await callAll(tokens), { 503: 10 });
  report();
  assert.ok(issuer.counts.introspection <= 10);
  issuer.fail(undefined);
  clock.advance(11);
  assert.deepEqual(await callAll(['opaque-0']), { 200: 1 });
  assert.deepEqual(await callAll(tokens), { 200: 10 });
});
