import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';

const ROOT = join(import.meta.dirname, '../..');

/** `npm start` as on a machine without a display and without a keyring, with a home of its own. */
async function start(t: TestContext, words: readonly string[] = []) {
  const home = await mkdtemp(join(tmpdir(), 'deskauth-start-'));
  const { DISPLAY: _x, WAYLAND_DISPLAY: _w, DBUS_SESSION_BUS_ADDRESS: _keyring, ...machine } = process.env;
  const file = join(ROOT, 'scripts/start.ts');
  const env = { ...machine, HOME: home, XDG_DATA_HOME: join(home, 'data') };
  const child = spawn(process.execPath, ['--conditions=source', file, ...words], { cwd: ROOT, env });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(home, { recursive: true, force: true });
  });
  return {
    ended,
    stop: () => child.kill('SIGTERM'),
    /** What matches in the output, once it is there. */
    async find(pattern: RegExp): Promise<string> {
      for (;;) {
        const found = pattern.exec(text)?.[1];
        if (found !== undefined) return found;
        assert.ok(child.exitCode === null, text);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    text: () => text,
  };
}

test('npm start without a display: the terminal says why, a person signs in with any browser, and sees companies', async (t) => {
  const app = await start(t);
  assert.match(await app.find(/app in +(.*)/), /^terminal: there is no display/);
  const address = await app.find(/Open this address in a browser to sign in:\s+(http\S+)/);
  const answers = { username: 'europe', password: 'deskauth', followRedirect: true };
  const { responseText } = await createHttpBrowser().signIn(address, answers);
  assert.match(responseText ?? '', /You are signed in as Europe Analyst/);
  assert.match(await app.find(/Companies of (.*)/), /Europe Analyst/);
  await app.find(/^ {2}(\S+ .*Europe)$/m);
  app.stop();
  assert.equal(await app.ended, 0, app.text());
});

test('npm start --admin: what it says to type reaches the administration, and the token is in a file of its owner', async (t) => {
  const app = await start(t, ['--admin']);
  const command = await app.find(/admin +(curl .*)/);
  const [, file = '', url = ''] = /^curl -H @(\S+) (\S+)$/.exec(command) ?? [];
  const path = join(ROOT, file);
  const authorization = (await readFile(path, 'utf8')).replace('Authorization: ', '').trim();
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.ok(!app.text().includes(authorization.slice('Bearer '.length)));
  const response = await fetch(url, { headers: { authorization } });
  assert.deepEqual([response.status, await response.json()], [200, []]);
  app.stop();
  await app.ended;
});

test('npm start with a wrong word says what there is, without a stack', async (t) => {
  for (const words of [['--host', 'bogus'], ['--help']]) {
    const app = await start(t, words);
    assert.equal(await app.ended, 2);
    assert.match(app.text(), /npm start -- \[--host electron\|stand-in\|terminal\] \[--admin\]/);
    assert.doesNotMatch(app.text(), /at file:|at node:/);
  }
});
