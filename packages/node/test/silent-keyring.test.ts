import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeDirectory } from './make-directory.ts';
import { startChild } from './start-child.ts';

const LINUX = { skip: process.platform !== 'linux' && 'the keyring is reached through D-Bus on Linux only' };

/** A D-Bus that takes every connection and never says a word; `asked` resolves with the first one. */
async function startSilentBus(t: TestContext) {
  const path = join(await makeDirectory(t), 'bus');
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  const asked = new Promise((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  server.unref();
  t.after(() => server.close());
  return { address: `unix:path=${path}`, asked };
}

/** Starts an app whose keyring has been asked and does not answer. */
async function startApp(t: TestContext, limitSeconds: number, ending = '') {
  const { address, asked } = await startSilentBus(t);
  const env = { DBUS_SESSION_BUS_ADDRESS: address };
  const directory = await makeDirectory(t);
  const app = startChild(t, 'silent-keyring.ts', [directory, String(limitSeconds), ending], { env });
  assert.equal(await app.nextLine(), 'asking');
  await asked;
  return app;
}

for (const [ending, code] of [
  ['exit', 7],
  ['by itself', 0],
] as const)
  test(
    `STORE-04 a keyring that never answers stops neither the app nor its end (${ending})`,
    LINUX,
    async (t) => {
      const app = await startApp(t, 2, ending);
      const { tier, reason, turns } = JSON.parse(await app.nextLine());
      assert.equal(tier, 'memory');
      assert.match(reason, /no answer in 2 seconds/);
      assert.ok(turns >= 10, `the app's own loop came to ${turns} turns meanwhile`);
      assert.equal(await app.ended, code);
    },
  );

test(
  'STORE-04 the process that waits for the keyring goes with the app, even when that is killed',
  LINUX,
  async (t) => {
    const app = await startApp(t, 60);
    const helper = await firstChildOf(app.pid);
    app.kill();
    await app.ended;
    while (isRunning(helper)) await new Promise((resolve) => setTimeout(resolve, 5));
  },
);

async function firstChildOf(pid: number): Promise<number> {
  for (;;) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    if (child) return Number(child);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One that has ended and was not yet collected by its new parent does not run. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
