import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import express from 'express';
import { requireAccessToken } from '../src/express.ts';
import type { AccessTokenVerifierSettings } from '../src/index.ts';
import { makeCertificate, withoutOpenssl } from './certificates.ts';
import { issuerFor, verifierFor } from './support.ts';

const real = { skip: withoutOpenssl };

const thumbprint = ({ cert }: { cert: string }) =>
  Buffer.from(new X509Certificate(cert).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

/** An API that ends TLS itself and asks its clients for a certificate. */
async function startTlsApi(t: TestContext, settings: Partial<AccessTokenVerifierSettings>) {
  const issuer = await issuerFor(t);
  const [own, mine, other] = ['api', 'client', 'other client'].map((name) => makeCertificate(name));
  const log = { info: () => undefined, error: () => undefined };
  const app = express().use(requireAccessToken(verifierFor(issuer, settings), { log }), (_, response) => {
    response.json({ ok: true });
  });
  const server = createServer({ ...own, requestCert: true, rejectUnauthorized: false }, app);
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const call = (token: string, certificate?: { cert: string; key: string }) =>
    new Promise<unknown>((resolve, reject) => {
      const options = { port, host: '127.0.0.1', ca: own?.cert, agent: false, ...certificate };
      const headers = { authorization: `Bearer ${token}` };
      request({ ...options, headers }, async (response) => {
        const chunks = await response.toArray();
        resolve([response.statusCode, JSON.parse(Buffer.concat(chunks).toString()).code]);
      })
        .on('error', reject)
        .end();
    });
  assert.ok(mine && other);
  return { issuer, mine, other, call };
}

test(
  'API-29 a token that is bound to a certificate passes on a connection of that client only',
  real,
  async (t) => {
    const { issuer, mine, other, call } = await startTlsApi(t, { mutualTls: true });
    const token = await issuer.token({ claims: { cnf: { 'x5t#S256': thumbprint(mine) } } });
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual(await call(token, mine), [200, undefined]);
      assert.deepEqual(await call(token, other), [401, 'API_TOKEN_BOUND']);
      assert.deepEqual(await call(token), [401, 'API_TOKEN_BOUND']);
    }
    assert.deepEqual(await call(await issuer.token(), mine), [200, undefined]);
  },
);

test(
  'API-29 a second confirmation beside the certificate is enforced or refused, never skipped',
  real,
  async (t) => {
    const { issuer, mine, call } = await startTlsApi(t, { mutualTls: true });
    const certificate = { 'x5t#S256': thumbprint(mine) };
    for (const more of [
      { jkt: 'x' },
      { jkt: 7 },
      { kid: 'x' },
      { 'x5t#S256': [thumbprint(mine)] },
      { 'x5t#S256': null },
    ]) {
      const token = await issuer.token({ claims: { cnf: { ...certificate, ...more } } });
      assert.deepEqual(await call(token, mine), [401, 'API_TOKEN_BOUND'], JSON.stringify(more));
    }
  },
);

test('API-29 without the setting a certificate helps nobody', real, async (t) => {
  const { issuer, mine, call } = await startTlsApi(t, {});
  const token = await issuer.token({ claims: { cnf: { 'x5t#S256': thumbprint(mine) } } });
  assert.deepEqual(await call(token, mine), [401, 'API_TOKEN_BOUND']);
});
