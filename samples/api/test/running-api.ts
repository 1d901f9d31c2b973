import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type SampleApi, type SampleApiSettings, startSampleApi } from '@deskauth/sample-api';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const audience = 'https://api.deskauth.example';
const { publicKey, privateKey } = await generateKeyPair('ES256');
export const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256' };

/** The least authorization server: metadata and one key. */
const server = createServer((request, response) => {
  const metadata = { issuer, jwks_uri: `${issuer}/keys` };
  response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : metadata));
});
/** All of it runs from before the first test of a file until after the last one. */
let issuer = '';
export let api: SampleApi;
export let folder = '';

export const settingsFor = (more: Partial<SampleApiSettings> = {}): SampleApiSettings => ({
  ...{ port: 0, issuer, audience, allowHttp: true, logLevel: 'silent' },
  ...more,
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'sample-api-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Companies</title>');
  api = await startSampleApi(
    settingsFor({ allowRehearsal: true, staticFolder: folder, origins: ['https://app.example.com'] }),
  );
});

after(async () => {
  await api?.stop();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

export function tokenFor(sub: string, scope = 'companies:read transactions:read'): Promise<string> {
  const token = new SignJWT({ iss: issuer, aud: audience, sub, scope, client_id: 'desktop-app' });
  return token
    .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'at+jwt' })
    .setExpirationTime('10m')
    .sign(privateKey);
}

export async function get(path: string, token?: string, headers: Record<string, string> = {}) {
  const response = await fetch(api.url + path, {
    headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
