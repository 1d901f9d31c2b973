import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { keyringStore } from '@deskauth/node';

const APP = join(import.meta.dirname, 'fixtures/sign-out-app.ts');
const REFRESH_TOKEN = 'the-refresh-token-of-this-test';

/** A server with a revocation endpoint that can go down, port and all, and come back. */
async function startServer() {
  const revoked: (string | null)[] = [];
  let server: Server | undefined;
  let port = 0;
  const up = async () => {
    server = createServer(async (request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url !== '/revoke') return response.end(JSON.stringify(metadata()));
      revoked.push(new URLSearchParams(await text(request)).get('token'));
      return response.end();
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const down = async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  };
  const issuer = () => `http://127.0.0.1:${port}`;
  const metadata = () => ({
    ...{ issuer: issuer(), authorization_endpoint: `${issuer()}/a`, token_endpoint: `${issuer()}/t` },
    ...{ revocation_endpoint: `${issuer()}/revoke`, jwks_uri: `${issuer()}/keys` },
  });
  await up();
  return { up, down, issuer: issuer(), revoked };
}

/** Starts the app; `said` is what it says once it has started, and `end` kills it. */
async function startApp(...args: string[]) {
  const app = fork(APP, args, { execArgv: ['--conditions=source'] });
  const [said] = await once(app, 'message');
  return {
    said,
    async end() {
      app.kill('SIGKILL');
      await once(app, 'exit');
    },
  };
}

async function saveSession(issuer: string, directory: string): Promise<void> {
  const owner = { appName: 'Sign-out', issuer, clientId: 'desktop', directory };
  await keyringStore({ ...owner, keyring: false, weakerStorage: 'allow' }).save({
    ...{ version: 1, generation: 1, sessionId: 'test', issuer, clientId: 'desktop' },
    user: { issuer, sub: 'user-1', displayName: 'User One', claims: {} },
    tokens: {
      ...{ accessToken: 'a', refreshToken: REFRESH_TOKEN, tokenType: 'Bearer', scope: '' },
      expiresAt: Math.floor(Date.now() / 1000) + 300,
    },
  });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('OUT-01 STORE-17 the server is down at sign-out, the app is killed, both come back: revoked, and nothing is left', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-offline-'));
  const server = await startServer();
  const files = async () => (await readdir(directory)).filter((name) => !name.endsWith('.lock'));
  try {
    await saveSession(server.issuer, directory);
    await server.down();
    const first = await startApp('sign-out', server.issuer, directory);
    assert.equal(first.said.before, 'signed-in');
    assert.deepEqual(first.said.state.server, { tokens: 'pending', session: 'kept' });
    await first.end();
    for (const name of await files())
      assert.ok(!(await readFile(join(directory, name), 'latin1')).includes(REFRESH_TOKEN), name);
    assert.ok((await files()).length > 0);

    const offline = await startApp('start', server.issuer, directory);
    assert.equal(offline.said.before, 'signed-out');
    await offline.end();

    await server.up();
    const next = await startApp('start', server.issuer, directory);
    await until(() => server.revoked.length > 0);
    await until(async () => (await files()).length === 0);
    await next.end();
    assert.deepEqual(server.revoked, [REFRESH_TOKEN]);
  } finally {
    await server.down();
    await rm(directory, { recursive: true, force: true });
  }
});
