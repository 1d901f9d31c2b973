import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { StorageReport } from '@deskauth/node';
import { type Screen, startScreen, whyNoScreen } from '../../../testing/electron-stand-in/test/xvfb.ts';
import { LOCKED_KEYRING, makeUser, OPEN_KEYRING, whyNoKeyring } from './keyring-user.ts';
import { startChild } from './start-child.ts';

const REAL = { skip: whyNoKeyring() || (whyNoScreen() ?? false) };

/** An app whose session is saved, whose keyring is locked, and whose user sits before a real screen. */
async function startLocked(t: TestContext, verbs: readonly string[], limitSeconds = 60) {
  const { data, env, run } = await makeUser(t);
  assert.deepEqual(run(OPEN_KEYRING, [['save']]), ['saved']);
  const screen = await startScreen();
  t.after(() => screen.stop());
  const app = startChild(t, 'keyring.ts', [data, 'refuse', ...verbs], {
    // Without the bridge for screen readers, which writes to the app's own output.
    env: { ...env, ...screen.env, NO_AT_BRIDGE: '1', LIMIT_SECONDS: String(limitSeconds) },
    within: ['dbus-run-session', '--', 'sh', '-c', `${LOCKED_KEYRING}; exec "$0" "$@"`],
  });
  const next = async () => JSON.parse(await app.nextLine());
  return { app, next, screen };
}

/** Waits until the keyring's own window asks for the password and has the keyboard, or until the app has ended. */
async function promptOn({ run }: Screen, ended: Promise<unknown> = new Promise(() => {})): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    try {
      if (/Unlock.*Keyring/.test(run('xdotool', 'getwindowfocus', 'getwindowname'))) return;
    } catch {
      // There is no window at all.
    }
    await wait(20);
  }
}

async function typePassword(screen: Screen, password: string): Promise<void> {
  await promptOn(screen);
  screen.run('xdotool', 'type', '--delay', '30', password);
  screen.run('xdotool', 'key', 'Return');
}

test(
  'STORE-04 a locked keyring that a person unlocks in its own prompt opens the session',
  REAL,
  async (t) => {
    const { app, next, screen } = await startLocked(t, ['load', 'report']);
    await typePassword(screen, 'pw');
    assert.equal(await next(), 1);
    assert.deepEqual(await next(), { tier: 'keyring' });
    assert.equal(await app.ended, 0);
  },
);

test(
  'STORE-04 a prompt that a person dismisses is told as such, is not shown again, and the session stays',
  REAL,
  async (t) => {
    const { app, next, screen } = await startLocked(t, ['load', 'load', 'report']);
    await promptOn(screen);
    screen.run('xdotool', 'key', 'Escape');
    assert.equal(await next(), 'AUTH_STORE_UNAVAILABLE');
    assert.equal(await next(), 'AUTH_STORE_UNAVAILABLE');
    const { tier, keptBy, passedOver }: StorageReport = await next();
    assert.deepEqual([tier, keptBy, passedOver?.[0]?.fault], ['memory', 'keyring', 'dismissed']);
    assert.equal(await app.ended, 0);
  },
);

test('STORE-04 a prompt that nobody answers holds up neither the app nor its end', REAL, async (t) => {
  const { app, next, screen } = await startLocked(t, ['load', 'report'], 5);
  // On a busy machine it can come and go unseen.
  await promptOn(screen, app.ended);
  assert.equal(await next(), 'AUTH_STORE_UNAVAILABLE');
  const { tier, passedOver }: StorageReport = await next();
  assert.deepEqual([tier, passedOver?.[0]?.fault], ['memory', 'no-answer']);
  assert.equal(await app.ended, 0);
});

test(
  'STORE-04 N08 a person who takes longer than the limit is not interrupted: the session opens without a new start',
  REAL,
  async (t) => {
    const { app, next, screen } = await startLocked(t, ['load', 'load-at-last', 'report'], 1);
    assert.equal(await next(), 'AUTH_STORE_UNAVAILABLE');
    await typePassword(screen, 'wrong');
    await wait(500); // The same window asks again; nothing outside of it shows that.
    await typePassword(screen, 'pw');
    assert.equal(await next(), 1);
    assert.deepEqual(await next(), { tier: 'keyring' });
    assert.equal(await app.ended, 0);
  },
);
