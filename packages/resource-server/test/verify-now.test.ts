import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fastify } from 'fastify';
import { requireAccessToken } from '../src/express.ts';
import { resourceServer } from '../src/fastify.ts';
import { type AccessTokenVerifier, ApiError } from '../src/index.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

test('API-12 a new token is checked at once where nobody has to be asked, and by a promise where somebody has', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const first = verifier.verifyNow(await issuer.token());
  assert.ok(first instanceof Promise, 'the keys have to be fetched');
  await first;
  const token = await issuer.token({ claims: { jti: 'two' } });
  const claims = verifier.verifyNow(token);
  assert.ok(!(claims instanceof Promise));
  assert.equal(claims.userId, 'user-europe');
  assert.equal(verifier.verifyNow(token), claims);
  assert.deepEqual(issuer.counts, { discovery: 1, keys: 1, introspection: 0, userinfo: 0 });

  const asking = verifierFor(issuer, { ownClaims: async () => ({}) });
  await asking.verify(token);
  assert.ok(asking.verifyNow(await issuer.token({ claims: { jti: 'three' } })) instanceof Promise);
});

test('API-05 what is refused at once is thrown at once, and rejects where a promise was asked for', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  await verifier.verify(await issuer.token());
  const expired = await issuer.token({ claims: { exp: 1 } });
  assert.throws(
    () => verifier.verifyNow(expired),
    (error) => error instanceof ApiError && error.code === 'API_TOKEN_EXPIRED',
  );
  await refused(verifier.verify(expired), 'API_TOKEN_EXPIRED');
  const bound = await issuer.token({ claims: { cnf: { jkt: 'x' } } });
  assert.throws(() => verifier.verifyNow(bound), ApiError);
  assert.throws(() => verifier.verifyNow(bound), ApiError, 'remembered, and still refused');
  assert.equal(verifier.known(bound), undefined);
});

test('API-20 lists that are shared between tokens are those of the very claim', async (t) => {
  const issuer = await issuerFor(t);
  const odd = '["https://api.deskauth.example","b c"]';
  const verifier = verifierFor(issuer, { audience: ['b c', odd] });
  const check = async (claims: Record<string, unknown>) => {
    const { audience, scopes } = await verifier.verify(await issuer.token({ claims }));
    return { audience, scopes };
  };
  for (const _ of [1, 2]) {
    assert.deepEqual(await check({ aud: 'b c', scope: 'b c' }), { audience: ['b c'], scopes: ['b', 'c'] });
    assert.deepEqual(await check({ aud: odd, scope: odd }), {
      audience: [odd],
      scopes: ['["https://api.deskauth.example","b', 'c"]'],
    });
    assert.deepEqual(await check({ aud: ['b c'], scope: ['b c'] }), { audience: ['b c'], scopes: ['b c'] });
    assert.deepEqual(await check({ aud: 'b c', scope: undefined, scp: 'b' }), {
      audience: ['b c'],
      scopes: ['b'],
    });
    assert.deepEqual(await check({ aud: 'b c', scope: '', scp: 'b' }), { audience: ['b c'], scopes: [] });
  }
});

test('a claim that differs in every token is left as it is, and equal ones stay equal', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  for (let number = 0; number < 220; number += 1) {
    const claims = { sub: `user-${number % 110}`, region: `region-${number % 3}`, jti: `${number}` };
    const { userId, token } = await verifier.verify(await issuer.token({ claims }));
    assert.deepEqual([userId, token.region, token.jti], [claims.sub, claims.region, claims.jti]);
    assert.ok(Object.isFrozen(token));
  }
});

for (const framework of ['Express', 'fastify'])
  test(`API-01 DPOP-09 ${framework}: nobody gets in where a library has put another class in the place of Promise`, async (t) => {
    const issuer = await issuerFor(t);
    const verifier = verifierFor(issuer, { ownClaims: async () => ({}) });
    const ask = framework === 'Express' ? askExpress(verifier) : await askFastify(t, verifier);
    const { Promise: native } = globalThis;
    t.after(() => {
      globalThis.Promise = native;
    });
    globalThis.Promise = class extends native<unknown> {} as PromiseConstructor;
    for (const authorization of ['DPoP eyJ', 'Bearer eyJ', 'Bearer a.b.c', ''])
      assert.equal(await ask(authorization), 401, authorization);
    const token = await issuer.token();
    for (const _ of [1, 2]) assert.equal(await ask(`Bearer ${token}`), 200);
    await verifier.revoke({ subject: 'user-europe' });
    assert.equal(await ask(`Bearer ${token}`), 401);
  });

async function askFastify(t: TestContext, verifier: AccessTokenVerifier) {
  const app = fastify();
  await app.register(resourceServer, { verifier });
  app.get('/', ({ claims }) => claims.userId);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.server.close());
  return async (authorization: string) => (await fetch(url, { headers: { authorization } })).status;
}

function askExpress(verifier: AccessTokenVerifier) {
  const quiet = { info() {}, error() {} };
  const guard = requireAccessToken(verifier, { log: quiet });
  return (authorization: string) =>
    new Promise<number>((resolve) => {
      const headers = { authorization };
      const response = {
        setHeader() {},
        once() {},
        writeHead(status: number) {
          resolve(status);
          return { end() {} };
        },
      };
      const request = { method: 'GET', url: '/', headers, rawHeaders: Object.entries(headers).flat() };
      guard(request as never, response as never, () => resolve(200));
    });
}
