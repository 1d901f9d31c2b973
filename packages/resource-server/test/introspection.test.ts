import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessTokenVerifierSettings } from '../src/index.ts';
import { AUDIENCE, type Fault, type Issuer } from './issuer.ts';
import { issuerFor, manualClock, refused, verifierFor } from './support.ts';

const introspection = { clientId: 'the api', clientSecret: 's:cret' };

const good = {
  active: true,
  aud: AUDIENCE,
  sub: 'user-europe',
  client_id: 'desktop-app',
  scope: 'companies:read',
};

function verifierWith(issuer: Issuer, answer: unknown, settings: Partial<AccessTokenVerifierSettings> = {}) {
  issuer.answer('introspection', () => answer);
  return verifierFor(issuer, { introspection, ...settings });
}

test('an opaque token is checked by the server, once for a thousand requests', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierWith(issuer, { ...good, exp: Math.floor(Date.now() / 1000) + 600 });
  const all = await Promise.all(Array.from({ length: 1000 }, () => verifier.verify('opaque-token.7~+/==')));
  assert.equal(all[999]?.userId, 'user-europe');
  assert.deepEqual(all[0]?.scopes, ['companies:read']);
  assert.deepEqual(issuer.counts, { discovery: 1, keys: 0, introspection: 1, userinfo: 0 });
});

test('API-17 a server that refuses a token of no kind it knows says no to that token, and others are still asked about', async (t) => {
  const issuer = await issuerFor(t);
  let error = 'unsupported_token_type';
  const verifier = verifierWith(issuer, good, {
    fetch: async (address, init) =>
      String(init?.body).includes('junk') ? Response.json({ error }, { status: 400 }) : fetch(address, init),
  });
  for (let i = 0; i < 20; i += 1) await refused(verifier.verify(`junk-${i}`), 'API_TOKEN_INVALID');
  await verifier.verify('opaque-1');
  // Any other refusal may mean that our request is at fault: no answer about the token, and no outage either.
  for (error of ['invalid_request', '']) {
    for (let i = 0; i < 20; i += 1)
      await refused(verifier.verify(`junk-${error}-${i}`), 'API_CHECK_UNAVAILABLE');
    await verifier.verify(`opaque-${error}`);
  }
});

test('API-19 the credentials are in a header, never in an address or a message', async (t) => {
  const issuer = await issuerFor(t);
  await verifierWith(issuer, good).verify('opaque');
  const [request] = issuer.requests.filter(({ endpoint }) => endpoint === 'introspection');
  const basic = Buffer.from(request?.authorization?.split(' ')[1] ?? '', 'base64').toString();
  assert.equal(basic, 'the%20api:s%3Acret');
  assert.equal(request?.url, '/introspect');
  assert.deepEqual(Object.fromEntries(new URLSearchParams(request?.body)), {
    token: 'opaque',
    token_type_hint: 'access_token',
  });
  issuer.fail('error', ['introspection']);
  const error = await refused(
    verifierFor(issuer, { introspection }).verify('opaque'),
    'API_CHECK_UNAVAILABLE',
  );
  assert.ok(!error.reason.includes('cret') && !error.reason.includes('opaque'));
});

test('API-14 a revoked token stops working within a minute', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierWith(issuer, { ...good, exp: Math.floor(clock()) + 3600 }, { clock });
  await verifier.verify('opaque');
  issuer.answer('introspection', () => ({ active: false }));
  clock.advance(59);
  await verifier.verify('opaque');
  clock.advance(1);
  await refused(verifier.verify('opaque'), 'API_TOKEN_INVALID');
});

test('API-16 "not active" is remembered for two seconds, and only that long', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierWith(issuer, { active: false }, { clock });
  for (let i = 0; i < 10; i += 1) await refused(verifier.verify('opaque'), 'API_TOKEN_INVALID');
  assert.equal(issuer.counts.introspection, 1);
  issuer.answer('introspection', () => good);
  clock.advance(2.1);
  await verifier.verify('opaque');
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
  test(`API-17 an introspection endpoint that fails (${fault}) is 503 with an id, and is soon left alone`, async (t) => {
    const issuer = await issuerFor(t);
    const clock = manualClock();
    issuer.fail(fault, ['introspection']);
    const verifier = verifierWith(issuer, good, { clock, timeLimitSeconds: 0.5 });
    for (let i = 0; i < 20; i += 1) await refused(verifier.verify(`opaque-${i}`), 'API_CHECK_UNAVAILABLE');
    assert.equal(issuer.counts.introspection, 5);
    issuer.fail(undefined);
    clock.advance(11);
    await verifier.verify('opaque-1');
    await verifier.verify('opaque-2');
  });

test('API-17 an answer without "active", or with another type of it, is a fault of the server', async (t) => {
  const issuer = await issuerFor(t);
  for (const answer of [{}, { active: 'true' }, { active: 1 }, { ...good, active: null }])
    await refused(verifierWith(issuer, answer).verify('opaque'), 'API_CHECK_UNAVAILABLE');
});

test('API-18 active for another audience, client or issuer is not active for us', async (t) => {
  const issuer = await issuerFor(t);
  const verify = (answer: object, settings = {}) =>
    verifierWith(issuer, { ...good, ...answer }, settings).verify('opaque');
  await refused(verify({ aud: 'https://other.example' }), 'API_TOKEN_WRONG_AUDIENCE');
  await refused(verify({ aud: undefined }), 'API_TOKEN_INVALID');
  await refused(
    verify({ client_id: 'other' }, { allowedClients: ['desktop-app'] }),
    'API_CLIENT_NOT_ALLOWED',
  );
  await refused(verify({ iss: 'https://other.example' }), 'API_TOKEN_INVALID');
  await refused(verify({ exp: Math.floor(Date.now() / 1000) - 60 }), 'API_TOKEN_EXPIRED');
  await refused(verify({ token_type: 'Refresh' }), 'API_TOKEN_INVALID');
  await refused(verify({ token_type: 'DPoP' }), 'API_TOKEN_INVALID');
  await refused(verify({ cnf: { jkt: 'x' } }), 'API_TOKEN_BOUND');
});

test('API-07 what is no token, or a second spelling of a JWT, is refused before the server is asked', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierWith(issuer, good);
  const jwt = await issuer.token();
  for (const text of ['a b', 'a\tb', 'a=b', 'ä', '', `${jwt}=`, `${jwt}.x`])
    await refused(verifier.verify(text), 'API_TOKEN_INVALID');
  assert.equal(issuer.counts.introspection, 0);
  await verifier.verify(jwt);
  for (const text of ['eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn', 'eyJ0eXAi.QUJD', 'eyJ0eXAi'])
    await verifier.verify(text);
  assert.equal(issuer.counts.introspection, 4, 'encrypted tokens and opaque ones are for the server to read');
});
