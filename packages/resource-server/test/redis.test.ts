import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecondLevelStore } from '../src/index.ts';
import { createRedisReplayStore } from '../src/redis.ts';
import { quiet, saved, secret, startFleet } from './fleet.ts';
import { AUDIENCE } from './issuer.ts';
import { startRedis, withoutRedis } from './redis-server.ts';
import { refused, verifierFor } from './support.ts';

const real = { skip: withoutRedis, timeout: 60_000 };
const introspection = { clientId: 'the-api', clientSecret: 'hidden' };

test(
  'API-34 what one instance asked about a token, the others and the next run do not ask again',
  real,
  async (t) => {
    let ownCalls = 0;
    const ownClaims = ({ userId }: { userId: string }) => {
      ownCalls += 1;
      return { regions: [userId], since: new Date(0), nothing: undefined };
    };
    const { issuer, redis, instance } = await startFleet(t, { introspection, userInfo: true, ownClaims });
    const first = await instance().verify('opaque-token');
    await saved(redis, 2);
    const second = instance();
    assert.deepEqual(await second.verify('opaque-token'), first);
    assert.equal(second.counts.secondLevelHits, 2);
    assert.deepEqual([issuer.counts.introspection, issuer.counts.userinfo, ownCalls], [1, 1, 1]);
    assert.deepEqual(first.own, { regions: ['user-europe'], since: '1970-01-01T00:00:00.000Z' });
    const changed = instance({
      secondLevel: { store: redis.store(), secret, version: '2', timeLimitSeconds: 5, log: quiet },
    });
    await changed.verify('opaque-token');
    assert.deepEqual([issuer.counts.introspection, ownCalls], [2, 2]);
  },
);

test('API-34 the hit rate after a restart is 1', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t, { introspection, timeLimitSeconds: 30 });
  const tokens = Array.from({ length: 200 }, (_, i) => `opaque-token-${i}`);
  const before = instance();
  await Promise.all(tokens.map((token) => before.verify(token)));
  await saved(redis, tokens.length);
  const after = instance();
  await Promise.all(tokens.map((token) => after.verify(token)));
  t.diagnostic(`hit rate after a restart: ${after.counts.secondLevelHits / tokens.length}`);
  assert.equal(after.counts.secondLevelHits, tokens.length);
  assert.equal(issuer.counts.introspection, tokens.length);
});

test('API-12 a signature is verified by every instance: Redis alone lets nobody in', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t, { userInfo: true });
  const token = await issuer.token({ claims: { scope: 'openid' } });
  await instance().verify(token);
  await saved(redis, 1);
  const second = instance();
  await second.verify(token);
  assert.deepEqual([issuer.counts.userinfo, issuer.counts.keys, second.counts.checks], [1, 2, 1]);
});

test('API-13 in Redis no token and no claim can be read, and names are digests', real, async (t) => {
  const { issuer, redis, instance } = await startFleet(t, { introspection, userInfo: true });
  const verifier = instance();
  const token = await issuer.token();
  await verifier.verify(token);
  await saved(redis, 2);
  await verifier.revoke({ subject: 'user-europe', sessionId: 'session-1', tokenId: 'token-1' });
  await verifier.invalidate('user-europe');
  const seen = await redis.dump();
  const words = [
    'user-europe',
    'Analyst',
    AUDIENCE,
    issuer.issuer,
    'session-1',
    'token-1',
    'companies',
    secret,
  ];
  for (const word of [...words, token, token.slice(-40)])
    for (const spelling of [
      word,
      Buffer.from(word).toString('base64url').slice(0, -1),
      Buffer.from(word).toString('hex'),
    ])
      assert.ok(!seen.includes(spelling), word);
  const names = seen.match(/^deskauth:.*$/gm) ?? [];
  assert.equal(names.length, 3);
  for (const name of names) assert.match(name, /^deskauth:[\w-]{43}$/);
});

test(
  'API-13 a value that was changed, moved to another token, or put there by a stranger is ignored',
  real,
  async (t) => {
    const { issuer, redis, instance } = await startFleet(t, { introspection });
    await instance().verify('token-of-the-manager');
    await saved(redis, 1);
    const client = redis.connect();
    const [manager = ''] = await client.keys('deskauth:*');
    const good = String(await client.get(manager));
    issuer.answer('introspection', () => ({ active: false }));
    await instance().verify('token-of-the-manager');
    const [header, , nonce, text, tag] = good.split('.');
    const flip = (part = '') => (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
    const bad = [
      [header, '', flip(nonce), text, tag],
      [header, '', nonce, flip(text), tag],
      [header, '', nonce, text, flip(tag)],
      [Buffer.from('{"alg":"none"}').toString('base64url'), '', nonce, text, tag],
    ].map((parts) => parts.join('.'));
    for (const value of [...bad, '', 'x', '{"value":{"active":true},"askedAt":0,"diesAt":9e9}']) {
      await client.set(manager, value);
      await refused(instance().verify('token-of-the-manager'), 'API_TOKEN_INVALID');
    }
    await client.del(manager);
    issuer.answer('introspection', () => ({ active: true, aud: AUDIENCE, sub: 'user-global' }));
    await instance().verify('token-of-somebody');
    await saved(redis, 1);
    const [somebody = ''] = await client.keys('deskauth:*');
    await client.set(somebody, good);
    assert.equal((await instance().verify('token-of-somebody')).userId, 'user-global');
  },
);

test(
  'API-12 API-18 what another instance was told is judged anew: time, audience, client',
  real,
  async (t) => {
    const { redis, instance } = await startFleet(t, { introspection });
    await instance().verify('opaque');
    await saved(redis, 1);
    let ahead = 30;
    const aging = instance({ clock: () => Date.now() / 1000 + ahead });
    await aging.verify('opaque');
    assert.ok(aging.known('opaque'));
    assert.equal(aging.counts.introspections, 0);
    ahead = 61;
    assert.equal(aging.known('opaque'), undefined, 'passing it on made the answer no younger');
    const later = () => Date.now() / 1000 + 61;
    const asksAgain = instance({ clock: later });
    await asksAgain.verify('opaque');
    assert.equal(asksAgain.counts.introspections, 1);
    await refused(instance({ allowedClients: ['desktop-app'] }).verify('opaque'), 'API_CLIENT_NOT_ALLOWED');
  },
);

test('a secret that is too short is refused without being shown', () => {
  const store = {} as SecondLevelStore;
  const make = (secondLevel: object) =>
    verifierFor({ issuer: 'https://login.example.com' } as never, { secondLevel: secondLevel as never });
  assert.throws(
    () => make({ store, secret: 'short-one' }),
    (error: Error) => /secondLevel\.secret.*32/.test(error.message) && !error.message.includes('short-one'),
  );
  assert.throws(() => make({ store, secret, timeLimitSeconds: 0 }), /secondLevel\.timeLimitSeconds/);
});
test(
  'DPOP-01 DPOP-02 proofs are seen once by all instances; without Redis, or when full, none is let in',
  real,
  async (t) => {
    const redis = await startRedis(t);
    const [here, there] = [1, 2].map(() =>
      createRedisReplayStore(redis.connect(), { maxProofsPerKey: 3, timeLimitSeconds: 0.5 }),
    );
    const claims = await Promise.all(
      [1, 2, 3, 4].map((i) => (i % 2 ? here : there)?.claim('key', 'proof', 120)),
    );
    assert.equal(claims.filter(Boolean).length, 1);
    assert.equal(await here?.claim('another key', 'proof', 120), true);
    for (const id of ['b', 'c']) assert.equal(await there?.claim('key', id, 120), true);
    await assert.rejects(async () => here?.claim('key', 'd', 120), /full/);
    const client = redis.connect();
    for (const name of await client.keys('*')) assert.ok((await client.ttl(name)) > 0);
    await redis.stop();
    await assert.rejects(async () => here?.claim('key', 'e', 120));
  },
);
