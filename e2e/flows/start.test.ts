import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { findChromium } from '@deskauth/electron-stand-in';
import { machineFetch } from '@deskauth/node';

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

test('Z05 npm start --https: API and sign-in at their names, and a person signs in there and sees companies', async (t) => {
  const app = await start(t, ['--https']);
  const [authority, api] = [await app.find(/authority +(\S+)/), await app.find(/API +(\S+)/)];
  assert.match(authority, /^https:\/\/login\.deskauth\.localhost:\d+$/);
  assert.match(api, /^https:\/\/api\.deskauth\.localhost:\d+$/);
  const address = await app.find(/Open this address in a browser to sign in:\s+(https\S+)/);
  const fetch = machineFetch({ caFile: join(ROOT, await app.find(/root +(\S+)/)) });
  const answers = { username: 'europe', password: 'deskauth', followRedirect: true };
  await createHttpBrowser({ fetch }).signIn(address, answers);
  await app.find(/^ {2}(\S+ .*Europe)$/m);
  await assert.rejects(globalThis.fetch(api.replace('api.deskauth.localhost', '127.0.0.1')), ({ cause }) =>
    /UNABLE_TO_VERIFY/.test(cause.code),
  );
  app.stop();
  assert.equal(await app.ended, 0, app.text());
});

test('npm start with a wrong word says what there is, without a stack', async (t) => {
  for (const words of [
    ['--host', 'bogus'],
    ['--bogus'],
    ['--domain', 'app.test'],
    ['--https', '--domain', 'example.com'],
  ]) {
    const app = await start(t, words);
    assert.equal(await app.ended, 2);
    assert.match(app.text(), /npm start -- \[--host electron\|stand-in\|terminal\] \[--admin\] \[--https/);
    assert.doesNotMatch(app.text(), /at file:|at node:/);
  }
});

test('npm start --help says what there is', async (t) => {
  const app = await start(t, ['--help']);
  assert.equal(await app.ended, 0);
  assert.match(app.text(), /^npm start -- \[--host/);
});

/** A script of the repository, from a folder where nothing is built. */
async function runElsewhere(t: TestContext, script: string, words: readonly string[]) {
  const cwd = await mkdtemp(join(tmpdir(), 'deskauth-unbuilt-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const args = ['--conditions=source', join(ROOT, 'scripts', script), ...words];
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 60_000 });
}

test('npm start where the sample is not built names the command that builds it', {
  skip: 'reason' in findChromium() && 'there is no Chromium for the stand-in',
}, async (t) => {
  const { status, stderr } = await runElsewhere(t, 'start.ts', ['--host', 'stand-in']);
  assert.equal(status, 1);
  assert.match(stderr, /^The sample app is not built: there is no .*dist.main\.js\. Run: npm run build\n$/);
});

test('npm run catalogue with a wrong group names those that there are, without a stack', async (t) => {
  const { status, stderr } = await runElsewhere(t, 'catalogue.ts', ['--groups', 'NOPE']);
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^There is no group NOPE\. Groups: DISC, .*\nnpm run catalogue -- \[--groups REF,STORE\]\n$/,
  );
});
