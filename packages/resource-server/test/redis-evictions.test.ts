import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecondLevelStore } from '../src/index.ts';
import { quiet, saved, secret, startFleet } from './fleet.ts';
import { AUDIENCE } from './issuer.ts';
import { eventually, withoutRedis } from './redis-server.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

const real = { skip: withoutRedis, timeout: 60_000 };

test('API-14 a token revoked at one instance is refused at the other', real, async (t) => {
  const { issuer, instance } = await startFleet(t);
  const [here, there] = [instance(), instance()];
  const token = await issuer.token({ claims: { jti: 'one' } });
  for (const verifier of [here, there]) await verifier.verify(token);
  const startedAt = performance.now();
  await here.revoke({ tokenId: 'one' });
  await refused(here.verify(token), 'API_TOKEN_INVALID');
  await eventually(() => there.known(token) === undefined);
  t.diagnostic(`known at the other instance after ${(performance.now() - startedAt).toFixed(1)} ms`);
  await refused(there.verify(token), 'API_TOKEN_INVALID');
  await there.verify(await issuer.token());
});

test('OUT-08 API-14 a sign-out elsewhere survives a restart, of the API and of Redis', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t, { logoutClientId: 'api-client' });
  const token = await issuer.token({ claims: { sid: 'session-1' } });
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const logout = { aud: 'api-client', sid: 'session-1', sub: undefined, events };
  await instance().acceptLogoutToken(await issuer.token({ claims: logout, header: { typ: 'logout+jwt' } }));
  await refused(instance().verify(token), 'API_TOKEN_INVALID');
  await redis.stop();
  await redis.start();
  await refused(instance().verify(token), 'API_TOKEN_INVALID');
  await instance().verify(await issuer.token({ claims: { sid: 'session-2' } }));
});

test(
  'API-14 invalidate reaches every instance, and what was shared before it is not used',
  real,
  async (t) => {
    let regions = ['Europe'];
    const { issuer, redis, instance } = await startFleet(t, { ownClaims: () => ({ regions }) });
    const [here, there] = [instance(), instance()];
    const token = await issuer.token();
    for (const verifier of [here, there]) await verifier.verify(token);
    await saved(redis, 1);
    regions = ['Asia'];
    await here.invalidate('user-europe');
    assert.deepEqual((await here.verify(token)).own, { regions });
    await eventually(() => there.known(token) === undefined);
    assert.deepEqual((await there.verify(token)).own, { regions });
    assert.deepEqual((await instance().verify(token)).own, { regions });
  },
);

test(
  'API-14 Redis killed: each instance goes on alone, says so once, and catches up afterwards',
  real,
  async (t) => {
    const { issuer, redis, lines, instance } = await startFleet(t);
    const store = { timeLimitSeconds: 0.2, secret, log: { info: () => undefined, error: () => undefined } };
    const here = instance({ secondLevel: { ...store, store: redis.store() } });
    const logged: string[] = [];
    const log = (level: string) => (_: object, message: string) => void logged.push(`${level}: ${message}`);
    const there = instance({
      ownClaims: () => ({ regions: ['Europe'] }),
      secondLevel: { ...store, store: redis.store(), log: { info: log('info'), error: log('error') } },
    });
    const token = await issuer.token({ claims: { jti: 'one' } });
    for (const verifier of [here, there]) await verifier.verify(token);
    await redis.stop();
    assert.ok(there.known(token));
    for (let i = 0; i < 20; i += 1) await there.verify(await issuer.token());
    await here.revoke({ tokenId: 'one' });
    assert.equal(here.known(token), undefined);
    assert.equal(logged.length, 1);
    await redis.start();
    await eventually(() => there.known(token) === undefined);
    await refused(there.verify(token), 'API_TOKEN_INVALID');
    await eventually(async () => {
      await there.verify(await issuer.token());
      return logged.length > 1;
    });
    assert.deepEqual(
      logged.map((line) => line.slice(0, 6)),
      ['error:', 'info: '],
    );
    assert.deepEqual(lines, []);
  },
);

test(
  'API-14 Redis that accepts and never answers costs one time limit, not one per request',
  real,
  async (t) => {
    const { issuer, redis, instance } = await startFleet(t);
    const ownClaims = () => ({ regions: ['Europe'] });
    const log = { info: () => undefined, error: () => undefined };
    const verifier = instance({
      ownClaims,
      secondLevel: { store: redis.store(), secret, timeLimitSeconds: 0.3, log },
    });
    await verifier.verify(await issuer.token());
    redis.signal('SIGSTOP');
    t.after(() => redis.signal('SIGCONT'));
    const tokens = await Promise.all(Array.from({ length: 50 }, () => issuer.token()));
    await verifier.verify(tokens[0] ?? '');
    const waits: number[] = [];
    for (const token of tokens.slice(1)) {
      const startedAt = performance.now();
      await verifier.verify(token);
      waits.push(performance.now() - startedAt);
    }
    assert.ok(waits.filter((ms) => ms >= 299).length <= 5, String(waits));
  },
);

test('API-14 messages that a stranger puts into the log are ignored', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t);
  const [here, there] = [instance(), instance()];
  const token = await issuer.token();
  await there.verify(token);
  await here.revoke({ tokenId: 'another' });
  const client = redis.connect();
  const [log = ''] = await client.keys('*');
  await client.xadd(
    log,
    '*',
    'message',
    '{"origin":"x","message":{"at":9e9,"revocation":{"subject":"user-europe"}}}',
  );
  await client.xadd(log, '*', 'other', 'x');
  await here.revoke({ tokenId: 'last' });
  const last = await issuer.token({ claims: { jti: 'last' } });
  await eventually(() =>
    there.verify(last).then(
      () => false,
      () => true,
    ),
  );
  assert.ok(there.known(token));
});

test('API-14 instances of two versions, as in a deployment, know the same revocations', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t);
  const shared = { secret, timeLimitSeconds: 5, log: quiet };
  const token = await issuer.token({ claims: { jti: 'one' } });
  await instance().revoke({ tokenId: 'one' });
  for (const more of [
    { secondLevel: { ...shared, store: redis.store(), version: '2' } },
    { userInfo: true },
    { audience: [AUDIENCE, 'https://other.example'] },
  ])
    await refused(instance(more).verify(token), 'API_TOKEN_INVALID');
});

test('API-14 a revoked token id is refused however the clocks are', real, async (t) => {
  const { issuer, instance } = await startFleet(t);
  const token = await issuer.token({ claims: { jti: 'one' } });
  const behind = instance({ clock: () => Date.now() / 1000 - 25 });
  await behind.revoke({ tokenId: 'one' });
  for (const verifier of [behind, instance()]) await refused(verifier.verify(token), 'API_TOKEN_INVALID');
});

test(
  'API-14 an instance that keeps revocations for a shorter time shortens nothing for others',
  real,
  async (t) => {
    const { issuer, instance } = await startFleet(t);
    const token = await issuer.token({ claims: { jti: 'one' } });
    await instance().revoke({ tokenId: 'one' });
    const brief = instance({ revocationsMaxAgeSeconds: 1, claimsMaxAgeSeconds: 1 });
    for (const tokenId of ['two', 'three']) await brief.revoke({ tokenId });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await refused(instance().verify(token), 'API_TOKEN_INVALID');
  },
);

test('API-14 over a slow way each revocation is sent once, and all arrive', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t);
  const sent: string[] = [];
  const direct = redis.store();
  const slow: SecondLevelStore = {
    ...direct,
    async publish(log, message, maxAgeSeconds) {
      sent.push(message);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await direct.publish(log, message, maxAgeSeconds);
    },
  };
  const here = instance({ secondLevel: { store: slow, secret, timeLimitSeconds: 0.2, log: quiet } });
  const there = instance();
  const tokens = await Promise.all(['one', 'two'].map((jti) => issuer.token({ claims: { jti } })));
  for (const token of tokens) await there.verify(token);
  for (const tokenId of ['one', 'two']) await here.revoke({ tokenId });
  await eventually(() => tokens.every((token) => there.known(token) === undefined));
  assert.equal(sent.length, 2);
});

test('API-14 a log that begins anew with smaller ids is read from its beginning', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t);
  const there = instance();
  const token = await issuer.token({ claims: { jti: 'one' } });
  await there.verify(token);
  await instance().revoke({ tokenId: 'other' });
  const client = redis.connect();
  const [log = ''] = await client.keys('*');
  await client.call('XADD', log, `${Date.now() + 3_600_000}-0`, 'message', 'not one of ours');
  await new Promise((resolve) => setTimeout(resolve, 200));
  await client.flushall();
  await instance().revoke({ tokenId: 'one' });
  await eventually(() => there.known(token) === undefined);
});

test('a store that cannot be subscribed to is away, and ends no process', async (t) => {
  const issuer = await issuerFor(t);
  const store: SecondLevelStore = {
    get: async () => undefined,
    set: async () => undefined,
    publish: async () => undefined,
    subscribe: () => Promise.reject(new Error('no such command')),
  };
  const verifier = verifierFor(issuer, { secondLevel: { store, secret, log: quiet } });
  await new Promise((resolve) => setImmediate(resolve));
  await verifier.verify(await issuer.token());
});

test(
  'claims of the application that cannot be shared are its own fault, and frozen where they can',
  real,
  async (t) => {
    let own: object = { amount: 1n };
    const { issuer, instance } = await startFleet(t, { ownClaims: () => own as never });
    const verifier = instance();
    const token = await issuer.token();
    await refused(verifier.verify(token), 'API_CLAIMS_UNAVAILABLE');
    own = { regions: ['Europe'] };
    const claims = await verifier.verify(token);
    assert.ok(Object.isFrozen(claims.own) && Object.isFrozen((claims.own as { regions: object }).regions));
  },
);
