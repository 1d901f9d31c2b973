import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findChromium } from '../src/index.ts';
import { type FixtureApp, startFixture } from './fixture-app.ts';
import { chromiumsOf, profilesOf, until } from './processes.ts';

const found = findChromium();
const missing = 'reason' in found && found.reason;
const notLinux = process.platform !== 'linux' && 'Processes are looked up in /proc.';

async function withFixture(run: (app: FixtureApp) => Promise<void>): Promise<void> {
  const app = await startFixture();
  try {
    await run(app);
  } finally {
    await app.stop();
  }
}

suite('the life of an app', { skip: missing || notLinux }, () => {
  test('closing the last window ends it, Chromium and the profile', () =>
    withFixture(async (app) => {
      await app.page.close();
      assert.equal(await app.ended, 0);
      assert.deepEqual(app.output().match(/^(closed|window-all-closed|before-quit|will-quit)$/gm), [
        'closed',
        'window-all-closed',
        'before-quit',
        'will-quit',
      ]);
      assert.deepEqual(chromiumsOf(app.child.pid), []);
      assert.deepEqual(profilesOf(app.child.pid), []);
    }));

  test('app.quit and SIGTERM end it in order', () =>
    withFixture(async (app) => {
      app.child.kill('SIGTERM');
      assert.equal(await app.ended, 0);
      assert.deepEqual(app.output().match(/^\S+$/gm), ['before-quit', 'closed', 'will-quit']);
    }));

  test('REF-05 the machine goes to sleep and wakes up, as a test says', () =>
    withFixture(async (app) => {
      for (const event of ['suspend', 'resume', 'suspend']) app.child.send({ powerMonitor: event });
      await until(() => app.output().match(/^(suspend|resume)$/gm)?.length === 3);
      assert.match(app.output(), /suspend\nresume\nsuspend\n/);
    }));

  test('killed, it leaves no Chromium; the next app removes its profile', () =>
    withFixture(async (app) => {
      assert.notDeepEqual(chromiumsOf(app.child.pid), []);
      app.child.kill('SIGKILL');
      await app.ended;
      await until(() => chromiumsOf(app.child.pid).length === 0);
      await withFixture(async () => assert.deepEqual(profilesOf(app.child.pid), []));
    }));

  test('it ends when Chromium dies, and says so', () =>
    withFixture(async (app) => {
      for (const pid of chromiumsOf(app.child.pid)) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // Its parent was killed a moment ago, and took it along.
        }
      }
      assert.equal(await app.ended, 1);
      assert.match(app.output(), /the app ends, because .* ended with SIGKILL/);
      assert.deepEqual(profilesOf(app.child.pid), []);
    }));

  test('a second instance hands over its arguments, folder and data, and ends', () =>
    withFixture(async (app) => {
      const told = app.page.evaluate(`new Promise((resolve) => {
        fixture.on('second-instance', (...all) => resolve(all));
      })`) as Promise<[string[], string, unknown]>;
      await app.page.evaluate("fixture.invoke('echo', 'the listener is there')");
      const printed = await app.startAgain('fixture://open?code=a%20b&state=c', '--flag');
      const [args, folder, data] = await told;
      assert.deepEqual(args, ['fixture://open?code=a%20b&state=c', '--flag']);
      assert.match(folder, /stand-in-test-/);
      assert.deepEqual(data, { from: 'fixture' });
      assert.match(printed, /second instance/);
      assert.doesNotMatch(printed, /closed/);
    }));

  test('shell.openExternal starts the program of the test with the address', () =>
    withFixture(async (app) => {
      await assert.rejects(app.page.evaluate("fixture.invoke('open', 'not an address')"), /Invalid URL/);
      await app.page.evaluate("fixture.invoke('open', 'https://example.com/?a=b&c=$(d)')");
      // The file is there before its line is.
      await until(() => app.opened().some((line) => line !== ''));
      assert.deepEqual(app.opened(), ['https://example.com/?a=b&c=$(d)']);
    }));
});
