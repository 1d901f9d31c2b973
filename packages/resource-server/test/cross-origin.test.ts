import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { crossOrigin, resourceServer } from '../src/fastify.ts';
import { issuerFor, verifierFor } from './support.ts';

test('API-25 only listed origins may call, without credentials, and can read why they were refused', async (t) => {
  const app = fastify();
  t.after(() => app.close());
  await app.register(crossOrigin, {
    origins: ['https://app.example.com'],
    headers: ['x-own'],
    methods: ['GET'],
  });
  await app.register(resourceServer, { verifier: verifierFor(await issuerFor(t)) });
  app.get('/companies', () => []);
  const call = (method: 'GET' | 'OPTIONS', origin?: string) => {
    const headers = { ...(origin && { origin }), 'access-control-request-method': 'GET' };
    return app.inject({ url: '/companies', method, headers });
  };
  const preflight = await call('OPTIONS', 'https://app.example.com');
  assert.equal(preflight.statusCode, 204);
  assert.equal(preflight.headers['access-control-allow-methods'], 'GET');
  assert.match(String(preflight.headers['access-control-allow-headers']), /^authorization, dpop,.* x-own$/);
  const refused = await call('GET', 'https://app.example.com');
  assert.equal(refused.statusCode, 401);
  assert.match(String(refused.headers['access-control-expose-headers']), /www-authenticate, dpop-nonce/);
  for (const answer of [preflight, refused]) {
    assert.equal(answer.headers['access-control-allow-origin'], 'https://app.example.com');
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    assert.match(String(answer.headers.vary), /origin/);
  }
  for (const origin of [
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'null',
    undefined,
  ]) {
    const { statusCode, headers } = await call('OPTIONS', origin);
    assert.deepEqual([statusCode, headers['access-control-allow-origin']], [401, undefined], origin);
  }
});

test('API-25 a wildcard, and whatever is not one origin, is refused at the start', async () => {
  for (const origin of [
    '*',
    'null',
    'https://*.example.com',
    'https://app.example.com/',
    'app.example.com',
    '',
  ])
    await assert.rejects(async () => {
      await fastify().register(crossOrigin, { origins: [origin] });
    }, /expected one such as/);
});
