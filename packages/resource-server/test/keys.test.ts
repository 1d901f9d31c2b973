import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fault, keysOf } from './issuer.ts';
import { issuerFor, manualClock, refused, verifierFor } from './support.ts';

const times = <T>(count: number, work: () => Promise<T>) =>
  Promise.allSettled(Array.from({ length: count }, work));

test('API-09 a flood of unknown key ids costs one key fetch per cooldown, and known keys stay valid', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  const flood = async () => {
    const key = { ...(await keysOf('foreign', 'ES256')), kid: crypto.randomUUID() };
    return verifier.verify(await issuer.token({ key }));
  };
  await verifier.verify(await issuer.token());
  assert.equal(issuer.counts.keys, 1);
  for (let round = 0; round < 3; round += 1) {
    clock.advance(11);
    const outcomes = await times(100, flood);
    assert.ok(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.status === 401));
    assert.equal(issuer.counts.keys, 2 + round);
    await verifier.verify(await issuer.token());
  }
});

test('API-32 a rotated key is picked up with the first token, without a refusal', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  await verifier.verify(await issuer.token());
  await issuer.rotate(await keysOf('key-2'), await keysOf('key-1'));
  clock.advance(11);
  const token = await issuer.token();
  const outcomes = await times(50, () => verifier.verify(token));
  assert.ok(outcomes.every((outcome) => outcome.status === 'fulfilled'));
  assert.equal(issuer.counts.keys, 2);
});

test('API-32 right after a key fetch a token that is younger than it, of a key that is not known, is 503 and not 401', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  await verifier.verify(await issuer.token());
  await issuer.rotate(await keysOf('key-2'), await keysOf('key-1'));
  const young = await issuer.token({ claims: { iat: Math.floor(Date.now() / 1000) + 2 } });
  for (const _ of [1, 2, 3]) {
    const { status, detail } = await refused(verifier.verify(young), 'API_CHECK_UNAVAILABLE');
    assert.deepEqual([status, detail.retryAfterSeconds], [503, 10]);
  }
  await refused(verifier.verify(await issuer.token()), 'API_TOKEN_INVALID');
  assert.equal(issuer.counts.keys, 1, 'nobody can provoke more fetches');
  clock.advance(11);
  await verifier.verify(young);
  const unknown = { key: { ...(await keysOf('key-2')), kid: 'nobody' } };
  const junk = await issuer.token({ ...unknown, claims: { iat: Math.floor(Date.now() / 1000) - 5 } });
  await refused(verifier.verify(junk), 'API_TOKEN_INVALID');
});

test('API-32 a withdrawn key is refused once the key set is older than its maximum, after a quiet night too', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  const old = await issuer.token();
  await verifier.verify(old);
  await issuer.rotate(await keysOf('key-2'));
  clock.advance(601);
  await refused(verifier.verify(old), 'API_TOKEN_INVALID');
});

for (const fault of [
  'down',
  'hang',
  'drip',
  'error',
  'html',
  'redirect',
  'huge',
  'truncated',
  'array',
] satisfies Fault[])
  for (const endpoint of ['discovery', 'keys'] as const)
    test(`API-10 API-11 the ${endpoint} endpoint (${fault}) at the first request: 503 with an id, not 401`, async (t) => {
      const issuer = await issuerFor(t);
      issuer.fail(fault, [endpoint]);
      const clock = manualClock();
      const verifier = verifierFor(issuer, { clock, timeLimitSeconds: 0.3 });
      const token = await issuer.token();
      const outcomes = await times(20, () => verifier.verify(token));
      const errors = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
      assert.deepEqual([...new Set(errors.map((error) => error?.code))], ['API_CHECK_UNAVAILABLE']);
      assert.equal(errors[0].status, 503);
      await refused(verifier.verify(token), 'API_CHECK_UNAVAILABLE');
      assert.equal(issuer.counts[endpoint], 1, 'callers share one fetch, and a pause follows a failed one');
      assert.equal(issuer.followed(), 0);
      issuer.fail(undefined);
      clock.advance(2);
      await verifier.verify(token);
    });

test('API-10 the last good keys carry through an outage up to the limit; then 503; then it heals', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock, timeLimitSeconds: 0.3, keysOutageLimitSeconds: 3600 });
  const token = await issuer.token({ claims: { exp: Math.floor(clock()) + 20_000 } });
  await verifier.verify(token);
  issuer.fail('down');
  clock.advance(700);
  await verifier.verify(token);
  assert.match(verifier.health.failure ?? '', /keys/);
  clock.advance(2000);
  await verifier.verify(token);
  clock.advance(1000);
  await refused(verifier.verify(token), 'API_CHECK_UNAVAILABLE');
  issuer.fail(undefined);
  clock.advance(60);
  await verifier.verify(token);
  assert.equal(verifier.health.failure, undefined);
});

test('API-10 a token with an unknown key id during an outage is not judged: 503', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock });
  await verifier.verify(await issuer.token());
  issuer.fail('error', ['keys']);
  clock.advance(11);
  const fresh = await issuer.token({ key: await keysOf('key-2') });
  await refused(verifier.verify(fresh), 'API_CHECK_UNAVAILABLE');
  await refused(verifier.verify(fresh), 'API_CHECK_UNAVAILABLE');
  assert.equal(issuer.counts.keys, 2);
});

test('API-11 a jku, jwk or x5u in the header of a token is never followed', async (t) => {
  const issuer = await issuerFor(t);
  const trap = await issuerFor(t);
  const foreign = { ...(await keysOf('foreign')), kid: 'foreign' };
  const header = { jku: `${trap.issuer}/keys`, x5u: `${trap.issuer}/keys`, jwk: { kty: 'RSA' } };
  await refused(
    verifierFor(issuer).verify(await issuer.token({ key: foreign, header })),
    'API_TOKEN_INVALID',
  );
  assert.deepEqual(trap.counts, { discovery: 0, keys: 0, introspection: 0, userinfo: 0 });
});

test('API-11 metadata of another issuer, or with endpoints in our own network, is refused with both names', async (t) => {
  const issuer = await issuerFor(t);
  issuer.answer('discovery', () => ({ issuer: `${issuer.issuer}/`, jwks_uri: `${issuer.issuer}/keys` }));
  const mismatch = await refused(verifierFor(issuer).verify(await issuer.token()), 'API_CHECK_UNAVAILABLE');
  assert.ok(
    mismatch.reason.includes(`"${issuer.issuer}/"`) && mismatch.reason.includes(`"${issuer.issuer}"`),
  );
  for (const jwks_uri of ['file:///etc/passwd', 'http://169.254.169.254/', 'http://issuer.example/keys', 7]) {
    issuer.answer('discovery', () => ({ issuer: issuer.issuer, jwks_uri }));
    await refused(verifierFor(issuer).verify(await issuer.token()), 'API_CHECK_UNAVAILABLE');
  }
  assert.equal(issuer.counts.keys, 0);
});

test('API-10 a key set without a usable key is a fault of the server, not of the token', async (t) => {
  const issuer = await issuerFor(t);
  for (const keys of [
    [],
    [{ kty: 'oct', k: 'AAAA' }],
    [null],
    [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
    'keys',
  ]) {
    issuer.answer('keys', () => ({ keys }));
    await refused(verifierFor(issuer).verify(await issuer.token()), 'API_CHECK_UNAVAILABLE');
  }
});
