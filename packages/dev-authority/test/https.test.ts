import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { makeFolder, startForTest } from './authority-fixture.ts';

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed here';

/** A certificate that signs itself, for one name and 127.0.0.1. */
function makeCertificate(folder: string, host: string) {
  const files = { cert: join(folder, `${host}.crt`), key: join(folder, `${host}.key`) };
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host},IP:127.0.0.1`];
  const out = ['-keyout', files.key, '-out', files.cert];
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, ...out], { stdio: 'ignore' });
  return files;
}

/** Asks the authority under a name, as a client that trusts this certificate. */
async function ask({ port }: DevAuthority, ca: string, host: string, path: string) {
  const options = { ca, host: '127.0.0.1', port, path, agent: false, headers: { host } };
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request({ ...options, servername: 'login.app.test' }, resolve)
      .once('error', reject)
      .end();
  });
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

test('Z05 by https under a name: that is the issuer everywhere, cookies are for https, and no other name is answered', {
  skip: noOpenssl,
}, async (t) => {
  const files = makeCertificate(await makeFolder(t), 'login.app.test');
  const authority = await startForTest(t, { https: { ...files, name: 'login.app.test' } });
  const ca = await readFile(files.cert, 'utf8');
  const host = `login.app.test:${authority.port}`;
  assert.equal(authority.issuer, `https://${host}`);
  const metadata = JSON.parse((await ask(authority, ca, host, '/.well-known/openid-configuration')).text);
  assert.equal(metadata.issuer, authority.issuer);
  for (const [name, value] of Object.entries(metadata))
    if (name.endsWith('_endpoint') || name === 'jwks_uri')
      assert.ok(String(value).startsWith(`${authority.issuer}/`), name);
  const query = new URLSearchParams({
    ...{ client_id: 'deskauth-desktop', response_type: 'code', scope: 'openid', state: 's' },
    ...{ redirect_uri: 'http://127.0.0.1:1/callback', code_challenge_method: 'S256' },
    code_challenge: 'a'.repeat(43),
  });
  const { headers, status } = await ask(authority, ca, host, `/authorize?${query}`);
  assert.equal(status, 303);
  for (const cookie of headers['set-cookie'] ?? []) assert.match(cookie, /; secure; httponly/i);
  assert.ok((headers['set-cookie'] ?? []).length > 0);
  await authority.signingKeys.rotate();
  assert.equal((await ask(authority, ca, host, '/jwks')).status, 200, 'also after a rotation');
  const other = await ask(authority, ca, `127.0.0.1:${authority.port}`, '/').catch((error) => error);
  assert.equal(other.status, 421);
  assert.match(other.text, /only as https:\/\/login\.app\.test:/);
});

test('Z05 DEV-01 by https without a name the issuer is the loopback address, and it is loopback only', {
  skip: noOpenssl,
}, async (t) => {
  const https = makeCertificate(await makeFolder(t), 'localhost');
  const { issuer, port } = await startForTest(t, { https });
  assert.equal(issuer, `https://127.0.0.1:${port}`);
  const host = '0.0.0.0' as '127.0.0.1';
  await assert.rejects(startDevAuthority({ port: 0, https, host }), /loopback only/);
});

test('Z05 files that are none, or do not belong together, are named before anything is started', async (t) => {
  const folder = await makeFolder(t);
  const start = (https: object) =>
    startDevAuthority({ port: 0, https: https as { cert: string; key: string } });
  const missing = join(folder, 'missing.crt');
  await assert.rejects(start({ cert: missing, key: missing }), {
    name: 'TypeError',
    message: /https\.cert: .*missing\.crt cannot be read \(ENOENT\)/,
  });
  for (const wrong of [{}, { cert: missing }, { cert: missing, key: missing, nane: 'x.test' }])
    await assert.rejects(start(wrong), /^TypeError: https is an object; expected \{ cert, key, name \}/);
  for (const name of ['x.test:80', 'x.test/path', 'X.test', 'user@x.test', ''])
    await assert.rejects(
      start({ cert: missing, key: missing, name }),
      /expected \{ cert, key, name \}/,
      name,
    );
  const nonsense = join(folder, 'nonsense.pem');
  await writeFile(nonsense, 'nonsense');
  await assert.rejects(start({ cert: nonsense, key: nonsense }), /are no certificate and its key/);
  if (noOpenssl) return t.diagnostic(noOpenssl);
  const [one, two] = [makeCertificate(folder, 'one.test'), makeCertificate(folder, 'two.test')];
  await assert.rejects(start({ cert: one.cert, key: two.key }), /one\.test\.crt and .*two\.test\.key are no/);
});
