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
      // There is no window manager here that would give it the keyboard.
      run('xdotool', 'search', '--onlyvisible', '--name', 'Unlock.*Keyring', 'windowfocus');
      if (/Unlock.*Keyring/.test(run('xdotool', 'getwindowfocus', 'getwindowname'))) return;
    } catch {
      // There is no window at all.
    }
    await wait(20);
  }
}

function typePassword({ run }: Screen, password: string): void {
  run('xdotool', 'key', 'ctrl+a');
  run('xdotool', 'type', '--delay', '30', password);
  run('xdotool', 'key', 'Return');
}

/** Does this at the prompt until the app has its answer: on a busy machine a new window loses keys. */
async function actUntil<T>(screen: Screen, answer: Promise<T>, act: () => void): Promise<T> {
  let isThere = false;
  const arrived = answer.then(() => {
    isThere = true;
  });
  while (!isThere) {
    await promptOn(screen, arrived);
    if (!isThere) act();
    await Promise.race([arrived, wait(5000)]);
  }
  return answer;
}

test(
  'STORE-04 a locked keyring that a person unlocks in its own prompt opens the session',
  REAL,
  async (t) => {
    const { app, next, screen } = await startLocked(t, ['load', 'report']);
    assert.equal(await actUntil(screen, next(), () => typePassword(screen, 'pw')), 1);
    assert.deepEqual(await next(), { tier: 'keyring' });
    assert.equal(await app.ended, 0);
  },
);

test(
  'STORE-04 a prompt that a person dismisses is told as such, is not shown again, and the session stays',
  REAL,
  async (t) => {
    const { app, next, screen } = await startLocked(t, ['load', 'load', 'report']);
    const dismiss = () => screen.run('xdotool', 'key', 'Escape');
    assert.equal(await actUntil(screen, next(), dismiss), 'AUTH_STORE_UNAVAILABLE');
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
    await promptOn(screen);
    typePassword(screen, 'wrong');
    await wait(500); // The same window asks again; nothing outside of it shows that.
    assert.equal(await actUntil(screen, next(), () => typePassword(screen, 'pw')), 1);
    assert.deepEqual(await next(), { tier: 'keyring' });
    assert.equal(await app.ended, 0);
  },
);
