import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, request } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSampleApi } from '@deskauth/sample-api';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { makeCertificate, withoutOpenssl } from './certificate.ts';

const real = { skip: withoutOpenssl, timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'sample-api-network-'));
after(() => rmSync(folder, { recursive: true }));

const issuer = 'https://login.deskauth.invalid';
const audience = 'https://api.deskauth.example';

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('A09 the API serves https with its own certificate', real, async (t) => {
  const https = makeCertificate(folder, 'localhost');
  const api = await startSampleApi({ port: 0, issuer, audience, https, logLevel: 'silent' });
  t.after(() => api.stop());
  assert.match(api.url, /^https:/);
  const call = request(`${api.url}/healthz`, { ca: readFileSync(https.cert), agent: false });
  const [response] = await once(call.end(), 'response');
  assert.equal(response.statusCode, 200);
  response.resume();
  const absent = { ...https, key: join(folder, 'absent.pem') };
  await assert.rejects(
    startSampleApi({ port: 0, issuer, audience, https: absent, logLevel: 'silent' }),
    /"https\.key": .*absent\.pem cannot be read \(ENOENT\)/,
  );
});

for (const source of ['settings', 'HTTPS_PROXY'])
  test(`A09 the authorization server is reached through the proxy of ${source}`, real, async (t) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256' };
    const files = makeCertificate(folder, 'login.deskauth.invalid');
    const pair = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    const server = createHttpsServer(pair, ({ url }, response) => {
      const metadata = { issuer, jwks_uri: `${issuer}/keys` };
      response.end(JSON.stringify(url === '/keys' ? { keys: [jwk] } : metadata));
    });
    const [serverPort, asked] = [await portOf(server), [] as string[]];
    const proxy = createHttpServer().on('connect', ({ url }, client) => {
      asked.push(String(url));
      const upstream = connect(serverPort, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
    });
    const address = `http://127.0.0.1:${await portOf(proxy)}`;
    const settings = { port: 0, issuer, audience, ...(source === 'settings' && { proxy: address }) };
    const file = join(folder, `${source}.json`);
    writeFileSync(file, JSON.stringify(settings));
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const env = { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: files.cert };
    const api = spawn(process.execPath, ['--conditions=source', main, file], {
      env: { ...env, ...(source === 'HTTPS_PROXY' && { HTTPS_PROXY: address }) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(async () => {
      api.kill('SIGTERM');
      await once(api, 'exit');
      for (const one of [server, proxy]) one.close().closeAllConnections();
    });
    const url = await addressOf(api.stdout);
    const token = await new SignJWT({
      iss: issuer,
      aud: audience,
      sub: 'user-europe',
      client_id: 'desktop-app',
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'at+jwt' })
      .setExpirationTime('5m')
      .sign(privateKey);
    const response = await fetch(`${url}/private`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 200);
    assert.deepEqual([...new Set(asked)], ['login.deskauth.invalid:443']);
  });

async function addressOf(output: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += chunk;
    const [, url] = /Sample API: (http:\S+),/.exec(text) ?? [];
    if (url) return url;
  }
  throw new Error(`The API did not start: ${text}`);
}
