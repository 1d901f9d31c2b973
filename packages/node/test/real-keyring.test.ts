import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeDirectory } from './make-directory.ts';
import { childCommand } from './start-child.ts';
import { contentOf, namesIn } from './store-fixture.ts';

/** Shell words that start a keyring, open or locked, inside a D-Bus session. */
const OPEN_KEYRING = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
const LOCKED_KEYRING = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1';

function withoutKeyring(): string | false {
  const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter((program) => !isThere(program));
  return missing.length > 0 && `not installed: ${missing.join(', ')}`;
}

/** A user's home that goes away with the test. */
async function makeUser(t: TestContext) {
  const home = await makeDirectory(t);
  const data = join(home, 'data');
  const { DBUS_SESSION_BUS_ADDRESS: _bus, XDG_DATA_HOME: _data, DISPLAY: _display, ...rest } = process.env;
  const env = { ...rest, HOME: home, XDG_RUNTIME_DIR: home };

  /** Runs one process for each list of verbs; the lines that they printed, parsed. */
  function run(
    keyring: string | undefined,
    processes: readonly string[][],
    weakerStorage = 'refuse',
  ): unknown[] {
    const child = childCommand('keyring.ts', [data, weakerStorage]);
    const script = [keyring ?? 'true', ...processes.map((verbs) => `"$0" "$@" ${verbs.join(' ')}`)].join(
      '; ',
    );
    const session = keyring === undefined ? [] : ['dbus-run-session', '--'];
    const [program = '', ...args] = [...session, 'sh', '-c', script, ...child];
    const { stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', timeout: 60_000 });
    const lines = stdout.split('\n').filter((line) => line !== '');
    assert.equal(lines.length, processes.flat().length, stderr);
    return lines.map((line) => JSON.parse(line));
  }

  return { data, run };
}

const REAL = { skip: withoutKeyring() };

test(
  'STORE-02 STORE-16 a session is kept between processes; its key is in the real keyring',
  REAL,
  async (t) => {
    const { data, run } = await makeUser(t);
    const first = run(OPEN_KEYRING, [
      ['report', 'load', 'save'],
      ['load', 'secret', 'files'],
    ]);
    // 32 bytes are 43 letters in base64url.
    assert.deepEqual(first, [{ tier: 'keyring' }, null, 'saved', 1, 43, ['session']]);
    assert.doesNotMatch(await contentOf(data), /access-1|refresh-1/);
  },
);

test('STORE-17 after clear() the keyring holds no key and the folder no file', REAL, async (t) => {
  const { data, run } = await makeUser(t);
  assert.deepEqual(run(OPEN_KEYRING, [['save'], ['clear'], ['load', 'files', 'clear']]), [
    'saved',
    'cleared',
    null,
    [],
    'cleared',
  ]);
  assert.deepEqual(await namesIn(data), []);
});

test('STORE-05 STORE-18 a file beside another keyring means no session, told once', REAL, async (t) => {
  const { data, run } = await makeUser(t);
  const other = await makeUser(t);
  run(OPEN_KEYRING, [['save']]);
  spawnSync('cp', ['-r', data, other.data]);
  const [, , ...rest] = other.run(OPEN_KEYRING, [['report', 'load'], ['load', 'save'], ['load']]);
  assert.deepEqual(rest, [null, 'saved', 1]);
});

test(
  'STORE-04 a locked keyring is told, the saved session is left alone, and is there once it is unlocked',
  REAL,
  async (t) => {
    const { run } = await makeUser(t);
    run(OPEN_KEYRING, [['save']]);
    const [report, load] = run(LOCKED_KEYRING, [['report', 'load']]) as [
      { tier: string; reason: string },
      string,
    ];
    assert.equal(report.tier, 'memory');
    assert.match(report.reason, /keyring of this computer cannot be used/);
    assert.equal(load, 'AUTH_STORE_UNAVAILABLE');
    assert.deepEqual(run(OPEN_KEYRING, [['load']]), [1]);
  },
);

const LINUX = { skip: process.platform !== 'linux' && 'only on Linux can the keyring be taken away' };

test(
  'STORE-03 STORE-04 without D-Bus the session stays in memory, with the reason; nothing is on disk',
  LINUX,
  async (t) => {
    const { data, run } = await makeUser(t);
    const [report, ...rest] = run(undefined, [['report', 'save', 'load'], ['load']]) as [
      { tier: string; reason: string },
    ];
    assert.equal(report.tier, 'memory');
    assert.match(report.reason, /keyring .* cannot be used.*D-Bus/);
    assert.deepEqual(rest, ['saved', 1, null]);
    assert.deepEqual(await namesIn(data), []);
  },
);

test(
  'STORE-03 without D-Bus and with a key file allowed the session is kept, and the report says how',
  LINUX,
  async (t) => {
    const { run } = await makeUser(t);
    const [report, ...rest] = run(
      undefined,
      [['report', 'save'], ['load', 'files', 'clear'], ['load']],
      'allow',
    ) as [{ tier: string }];
    assert.equal(report.tier, 'key-file');
    assert.deepEqual(rest, ['saved', 1, ['key', 'session'], 'cleared', null]);
  },
);
