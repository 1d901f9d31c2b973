import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { resourceServer } from '../src/fastify.ts';
import { verifyRequest } from '../src/index.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

test('API-02 a token in a cookie counts only by setting, and only with a header that no foreign page can send', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer, { tokenCookie: { name: '__Host-token' } });
  const token = await issuer.token();
  const cookie = `theme=dark; __Host-token=${token}`;
  const call = (headers: Record<string, string>, guard = verifier) =>
    verifyRequest(guard, new Request('https://api.deskauth.example/companies', { headers }));
  const marked = { 'x-deskauth-csrf': '1' };
  assert.equal((await call({ cookie, ...marked })).userId, 'user-europe');
  await refused(call({ cookie }), 'API_CSRF_HEADER_MISSING');
  await refused(call({ cookie, 'x-deskauth-csrf': '' }), 'API_CSRF_HEADER_MISSING');
  await refused(call({ cookie: `${cookie}; __Host-token=other`, ...marked }), 'API_TOKEN_MISPLACED');
  await refused(
    call({ cookie: `x__Host-token=${token}; __host-token=${token}`, ...marked }),
    'API_TOKEN_MISSING',
  );
  await refused(call({ cookie: '__Host-token=x', ...marked }), 'API_TOKEN_INVALID');
  await refused(call({ cookie, authorization: 'Bearer x', ...marked }), 'API_TOKEN_INVALID');
  await refused(call({ cookie, authorization: 'Basic x', ...marked }), 'API_TOKEN_MISSING');
  await refused(call({ cookie, ...marked }, verifierFor(issuer)), 'API_TOKEN_MISSING');
});

test('API-29 a key-bound token in a cookie is refused, in fastify as everywhere', async (t) => {
  const issuer = await issuerFor(t);
  const app = fastify();
  t.after(() => app.close());
  await app.register(resourceServer, { verifier: verifierFor(issuer, { tokenCookie: { name: 'token' } }) });
  app.get('/', ({ claims }) => claims.userId);
  const call = async (claims: Record<string, unknown>) => {
    const headers = { cookie: `token=${await issuer.token({ claims })}`, 'x-deskauth-csrf': '1' };
    return (await app.inject({ url: '/', headers })).body;
  };
  assert.equal(await call({}), 'user-europe');
  assert.match(await call({ cnf: { jkt: 'x' } }), /API_TOKEN_BOUND/);
});

test('a header that browsers send by themselves is refused as protection', () => {
  const issuer = { issuer: 'https://login.example.com' } as never;
  for (const csrfHeader of ['Content-Type', 'accept', 'sec-fetch-site', 'Origin', 'cookie', 'a b', ''])
    assert.throws(() => verifierFor(issuer, { tokenCookie: { name: 'token', csrfHeader } }), /csrfHeader/);
  assert.throws(() => verifierFor(issuer, { tokenCookie: { name: 'a=b' } }), /tokenCookie\.name/);
});
