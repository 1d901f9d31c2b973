import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, principalOf } from '../src/index.ts';
import { keysOf } from './issuer.ts';
import { issuerFor, manualClock, refused, verifierFor } from './support.ts';

const inParallel = <T>(count: number, work: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, work));

test('API-12 remembered claims end with the token, with the maximum age, and on every look', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const now = Math.floor(clock());
  const verifier = verifierFor(issuer, { clock, claimsMaxAgeSeconds: 100 });
  const short = await issuer.token({ claims: { exp: now + 50, iat: undefined } });
  const long = await issuer.token({ claims: { exp: now + 5000 } });
  await verifier.verify(short);
  await verifier.verify(long);
  assert.ok(verifier.known(short) && verifier.known(long));
  clock.advance(51);
  assert.equal(verifier.known(short), undefined);
  assert.ok(verifier.known(long));
  clock.advance(30);
  await refused(verifier.verify(short), 'API_TOKEN_EXPIRED');
  clock.advance(20);
  assert.equal(verifier.known(long), undefined);
  await verifier.verify(long);
});

test('API-12 a second look costs no call to the authorization server, not even for keys', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const token = await issuer.token();
  const first = await verifier.verify(token);
  assert.equal(await verifier.verify(token), first);
  assert.deepEqual(issuer.counts, { discovery: 1, keys: 1, introspection: 0, userinfo: 0 });
});

test('API-13 two tokens that differ in one character share nothing', async (t) => {
  const issuer = await issuerFor(t);
  const other = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const token = await issuer.token();
  await verifier.verify(token);
  for (const at of [5, 200, token.length - 2]) {
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    assert.equal(verifier.known(changed), undefined);
    await refused(verifier.verify(changed), 'API_TOKEN_INVALID');
  }
  assert.equal(verifierFor(other).known(token), undefined);
  await refused(verifierFor(other).verify(token), 'API_TOKEN_INVALID');
});

test('API-21 one subject at two issuers is two principals', async (t) => {
  const [one, two] = [await issuerFor(t), await issuerFor(t)];
  const [first, second] = [
    await verifierFor(one).verify(await one.token()),
    await verifierFor(two).verify(await two.token()),
  ];
  assert.equal(first.userId, second.userId);
  assert.notEqual(principalOf(first), principalOf(second));
});

test('API-15 the cache is bounded, one user pushes nobody else out, and bad tokens push nobody out', async (t) => {
  const issuer = await issuerFor(t);
  await issuer.rotate(await keysOf('key-es', 'ES256'));
  const verifier = verifierFor(issuer, { claimsMaxEntries: 20, claimsMaxPerUser: 5 });
  const quiet = await issuer.token({ claims: { sub: 'quiet' } });
  await verifier.verify(quiet);
  const noisy = await inParallel(30, () => issuer.token({ claims: { sub: 'noisy' } }));
  for (const token of noisy) await verifier.verify(token);
  assert.equal(verifier.health.rememberedTokens, 6);
  assert.ok(verifier.known(quiet));
  assert.deepEqual(noisy.map((token) => verifier.known(token) !== undefined).slice(-6), [
    false,
    ...Array(5).fill(true),
  ]);
  for (let i = 0; i < 100; i += 1)
    await refused(verifier.verify(`${quiet.slice(0, -8)}AAAAAA${i % 10}A`), 'API_TOKEN_INVALID');
  assert.ok(verifier.known(quiet));
  for (let i = 0; i < 60; i += 1) {
    await verifier.verify(await issuer.token({ claims: { sub: `user-${i}` } }));
    assert.ok(verifier.known(quiet), 'what is in use stays');
  }
  assert.equal(verifier.health.rememberedTokens, 20);
});

test('a token of a withdrawn key is refused, remembered or not', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  const old = await issuer.token();
  await verifier.verify(old);
  await issuer.rotate(await keysOf('key-2'));
  clock.advance(11);
  await verifier.verify(await issuer.token());
  assert.equal(verifier.known(old), undefined);
  await refused(verifier.verify(old), 'API_TOKEN_INVALID');
});

test('a token of a withdrawn key is refused at the latest when the keys are too old, if every request is a hit', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  const old = await issuer.token();
  await verifier.verify(old);
  await issuer.rotate(await keysOf('key-2'));
  clock.advance(601);
  await refused(verifier.verify(old), 'API_TOKEN_INVALID');
});

test('API-34 userinfo is asked once per token, joined, and not trusted about another user', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer, { userInfo: true });
  const token = await issuer.token({ claims: { scope: 'openid companies:read' } });
  const all = await inParallel(50, () => verifier.verify(token));
  assert.equal(all[0]?.userInfo?.name, 'Europe Analyst');
  assert.equal(issuer.counts.userinfo, 1);
  assert.equal(
    issuer.requests.find(({ endpoint }) => endpoint === 'userinfo')?.authorization,
    `Bearer ${token}`,
  );
  assert.equal((await verifier.verify(await issuer.token())).userInfo, undefined);
  assert.equal(issuer.counts.userinfo, 1, 'a token without openid has no userinfo');
  const other = await issuer.token({ claims: { sub: 'user-global', scope: 'openid' } });
  await refused(verifier.verify(other), 'API_CHECK_UNAVAILABLE');
});

test('API-34 a userinfo endpoint that fails is 503, and nothing half-made is remembered', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer, { userInfo: true });
  const token = await issuer.token({ claims: { scope: 'openid' } });
  issuer.fail('error', ['userinfo']);
  await refused(verifier.verify(token), 'API_CHECK_UNAVAILABLE');
  issuer.fail(undefined);
  assert.equal((await verifier.verify(token)).userInfo?.name, 'Europe Analyst');
});

test('the own claims of the application are loaded once per token, and again after invalidate', async (t) => {
  const issuer = await issuerFor(t);
  let loads = 0;
  const verifier = verifierFor(issuer, {
    ownClaims: async ({ userId }) => ({ userId, loads: ++loads }),
  });
  const token = await issuer.token();
  await inParallel(20, () => verifier.verify(token));
  assert.deepEqual((await verifier.verify(token)).own, { userId: 'user-europe', loads: 1 });
  verifier.invalidate('somebody-else');
  assert.deepEqual((await verifier.verify(token)).own, { userId: 'user-europe', loads: 1 });
  verifier.invalidate('user-europe');
  assert.deepEqual((await verifier.verify(token)).own, { userId: 'user-europe', loads: 2 });
});

test('claims that were loading while their user was invalidated are not remembered', async (t) => {
  const issuer = await issuerFor(t);
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const verifier = verifierFor(issuer, { ownClaims: () => gate.then(() => ({})) });
  const token = await issuer.token();
  const running = verifier.verify(token);
  await new Promise((resolve) => setTimeout(resolve, 50));
  verifier.invalidate('user-europe');
  open();
  await running;
  assert.equal(verifier.known(token), undefined);
});

test('own claims that cannot be loaded are 503 with an id per request; a refusal of the application passes', async (t) => {
  const issuer = await issuerFor(t);
  let failure: Error = new Error('connection to the database lost');
  const verifier = verifierFor(issuer, { ownClaims: () => Promise.reject(failure) });
  const token = await issuer.token();
  const outcomes = await Promise.allSettled([verifier.verify(token), verifier.verify(token)]);
  const errors = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as ApiError);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['API_CLAIMS_UNAVAILABLE', 'API_CLAIMS_UNAVAILABLE'],
  );
  assert.notEqual(errors[0]?.id, errors[1]?.id);
  assert.match(errors[0]?.reason ?? '', /database/);
  failure = new ApiError('API_CLIENT_NOT_ALLOWED', 'The account is closed.');
  await refused(verifier.verify(token), 'API_CLIENT_NOT_ALLOWED');
});
