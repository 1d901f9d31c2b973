import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StorageReport } from '@deskauth/node';
import { LOCKED_KEYRING, makeUser, OPEN_KEYRING, whyNoKeyring } from './keyring-user.ts';
import { contentOf, namesIn } from './store-fixture.ts';

/** A bus that starts no program by itself. */
const BARE_BUS = `<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>`;
const REAL = { skip: whyNoKeyring() };

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

test('STORE-05 a key that was deleted from the keyring means no session, told once', REAL, async (t) => {
  const { run } = await makeUser(t);
  run(OPEN_KEYRING, [['save']]);
  const wipe = 'secret-tool clear service Companies';
  const [...found] = run(`${OPEN_KEYRING}; ${wipe}`, [['report', 'load'], ['load', 'save'], ['load']]);
  assert.deepEqual(found, [{ tier: 'keyring' }, 'AUTH_STORE_UNREADABLE', null, 'saved', 1]);
});

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

test('STORE-03 STORE-04 with a D-Bus on which nobody is a keyring the report says so', REAL, async (t) => {
  const { run, home } = await makeUser(t);
  const config = join(home, 'bus.conf');
  await writeFile(config, BARE_BUS);
  const [report] = run('true', [['report']], { bus: ['--config-file', config] }) as [StorageReport];
  assert.equal(report.tier, 'memory');
  assert.equal(report.passedOver?.[0]?.fault, 'absent');
});

test(
  'STORE-03 without D-Bus and with a key file allowed the session is kept, and the report says how',
  LINUX,
  async (t) => {
    const { run } = await makeUser(t);
    const [report, ...rest] = run(undefined, [['report', 'save'], ['load', 'files', 'clear'], ['load']], {
      weakerStorage: 'allow',
    }) as [{ tier: string }];
    assert.equal(report.tier, 'key-file');
    assert.deepEqual(rest, ['saved', 1, ['key', 'session'], 'cleared', null]);
  },
);
