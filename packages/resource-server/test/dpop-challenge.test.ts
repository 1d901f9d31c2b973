import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { resourceServer } from '../src/fastify.ts';
import { ApiError, verifyRequest } from '../src/index.ts';
import { startDpop } from './dpop-client.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

test('DPOP-12 a nonce of ours is asked for, accepted for two spans, and refused when old', async (t) => {
  const { proof, send, verifier, clock } = await startDpop(t, { nonceSeconds: 300 });
  const error = await refused(send(proof()), 'API_DPOP_NONCE_REQUIRED');
  assert.match(verifier.challenge(error) ?? '', /DPoP realm="[^"]+", error="use_dpop_nonce"/);
  const nonce = verifier.dpopNonce() ?? '';
  await send(proof({ nonce }));
  clock.advance(299);
  await send(proof({ nonce }));
  clock.advance(301);
  await refused(send(proof({ nonce })), 'API_DPOP_NONCE_REQUIRED');
  await refused(send(proof({ nonce: 'forged' })), 'API_DPOP_NONCE_REQUIRED');
});

test('DPOP-14 a proof that was minted ahead by injected code is useless without the nonce of its time', async (t) => {
  const { proof, send, verifier, clock } = await startDpop(t, { nonceSeconds: 60 });
  const ahead = Math.floor(clock()) + 3600;
  const minted = await proof({ nonce: verifier.dpopNonce() ?? '', claims: { iat: ahead } });
  await refused(send(minted), 'API_DPOP_PROOF_INVALID');
  clock.advance(3590);
  await refused(send(minted), 'API_DPOP_NONCE_REQUIRED');
});

test('DPOP-12 instances with one secret accept the nonces of each other', async (t) => {
  const nonceSecret = 'a secret that all instances share';
  const one = await startDpop(t, { nonceSeconds: 300, nonceSecret });
  const two = await startDpop(t, { nonceSeconds: 300, nonceSecret });
  await two.send(two.proof({ nonce: one.verifier.dpopNonce() ?? '' }));
});

test('DPOP-13 over HTTP: the scheme in any case, challenges for both schemes, and the next nonce with each answer', async (t) => {
  const { proof, token, verifier, issuer, clock } = await startDpop(t, { nonceSeconds: 300 });
  const api = fastify();
  t.after(() => api.close());
  await api.register(resourceServer, { verifier });
  api.get('/companies', ({ claims }) => claims.userId);
  const url = await api.listen({ port: 0, host: '127.0.0.1' });
  const call = (headers: Record<string, string>) => fetch(`${url}/companies`, { headers });

  const anonymous = await call({});
  assert.match(
    anonymous.headers.get('www-authenticate') ?? '',
    /^Bearer realm="[^"]+", DPoP realm="[^"]+", algs="ES256 /,
  );
  const first = await call({ authorization: `dpop ${token}`, dpop: await proof() });
  assert.equal(first.status, 401);
  const nonce = first.headers.get('dpop-nonce') ?? '';
  const second = await call({
    authorization: `DPOP ${token}`,
    dpop: await proof({ nonce }),
  });
  assert.deepEqual(
    [second.status, await second.text(), second.headers.get('dpop-nonce')],
    [200, 'user-europe', nonce],
  );
  const stolen = await call({ authorization: `Bearer ${token}` });
  assert.match(
    stolen.headers.get('www-authenticate') ?? '',
    /^Bearer realm="[^"]+", error="invalid_token".*, DPoP /,
  );
  const expired = await issuer.token({ claims: { exp: Math.floor(clock()) - 60 } });
  const late = await call({
    authorization: `DPoP ${expired}`,
    dpop: await proof({ nonce }),
  });
  assert.match(late.headers.get('www-authenticate') ?? '', /DPoP realm="[^"]+", error="invalid_token"/);
});

test('an API may insist on bound tokens', async (t) => {
  const { issuer, verifier, proof, send } = await startDpop(t, { required: true });
  const bearer = await issuer.token();
  const error = await refused(verifier.verify(bearer), 'API_DPOP_REQUIRED');
  assert.equal(verifier.known(bearer), undefined);
  assert.match(verifier.challenge(error) ?? '', /^DPoP realm/);
  await send(proof());
});

test('an API without DPoP settings does not know the scheme', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const request = { scheme: 'DPoP', method: 'GET', url: '/', proof: 'x' } as const;
  const error = await refused(verifier.verify(await issuer.token(), request), 'API_TOKEN_MISSING');
  assert.equal(verifier.challenge(error), 'Bearer realm="https://api.deskauth.example"');
  assert.ok(error instanceof ApiError);
});

test('DPOP-12 a nonce with as many characters as ours and more bytes is refused like any other', async (t) => {
  const { proof, send, verifier } = await startDpop(t, { nonceSeconds: 300 });
  const { length } = verifier.dpopNonce() ?? '';
  await refused(send(proof({ nonce: 'é'.repeat(length) })), 'API_DPOP_NONCE_REQUIRED');
});

test('DPOP-13 what a bound token lacks stands in the challenge of its scheme', async (t) => {
  const { proof, token, verifier } = await startDpop(t);
  const api = fastify();
  t.after(() => api.close());
  await api.register(resourceServer, { verifier });
  api.get('/companies', { config: { stepUp: { acr: ['mfa'] } } }, () => 'never');
  const url = await api.listen({ port: 0, host: '127.0.0.1' });
  const headers = { authorization: `DPoP ${token}`, dpop: await proof() };
  const challenge = (await fetch(`${url}/companies`, { headers })).headers.get('www-authenticate') ?? '';
  assert.match(challenge, /^Bearer realm="[^"]+", DPoP realm="[^"]+", error="insufficient_user_auth[^,]+",/);
  assert.match(challenge, /acr_values="mfa"/);

  const request = new Request('https://api.deskauth.example/companies', {
    headers: { authorization: `DPoP ${token}`, dpop: await proof() },
  });
  const error = await refused(verifyRequest(verifier, request, 'admin'), 'API_SCOPE_INSUFFICIENT');
  assert.match(verifier.challenge(error) ?? '', /DPoP realm="[^"]+", error="insufficient_scope"/);
});

test('a route that asks for what no challenge can carry is refused when it is written', async (t) => {
  const { verifier } = await startDpop(t);
  const api = fastify();
  await api.register(resourceServer, { verifier });
  for (const config of [{ stepUp: { acr: [] } }, { stepUp: { acr: ['höher'] } }, { scope: 'a"b' }])
    assert.throws(() => api.get('/companies', { config }, () => 'never'), TypeError);
});
