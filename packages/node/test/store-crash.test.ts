import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { test } from 'node:test';
import { buildBigRecord } from './big-record.ts';
import { startChild } from './start-child.ts';
import { contentOf, makeMachine, namesIn, noKeyring } from './store-fixture.ts';

const KEY_FILE = { keyring: noKeyring, weakerStorage: 'allow' } as const;

test('STORE-07 a process killed while it saves leaves one whole generation, never a mixture', async (t) => {
  const machine = await makeMachine(t);
  let generation = 0;
  for (let round = 0; round < 12; round += 1) {
    const child = startChild(t, 'store-writer.ts', [machine.directory, String(generation + 1)]);
    // The round decides after how many saves it is killed; where in a save that is, chance decides.
    let told = 0;
    for (let saves = 0; saves <= round % 4; saves += 1) told = Number(await child.nextLine());
    await new Promise((resolve) => setTimeout(resolve, round));
    child.kill();
    await child.ended;
    const record = await machine.openStore(KEY_FILE).load();
    assert.ok(
      record && record.generation >= told,
      `generation ${told} was saved, ${record?.generation} is there`,
    );
    assert.deepEqual(record, buildBigRecord(record.generation));
    generation = record.generation;
  }
  assert.doesNotMatch(await contentOf(machine.directory), /access-|refresh-/);
  await machine.openStore(KEY_FILE).clear();
  assert.deepEqual(await namesIn(machine.directory), [], 'half-written files are gone with the session');
});

/** Shell words that mount a disk of 256 KiB in a view of the file system of its own. */
const SMALL_DISK = 'mount -t tmpfs -o size=256k,mode=700 small "$DISK" && exec "$0" "$@"';

function withoutMounts(): string | false {
  const attempt = spawnSync('unshare', ['-m', 'sh', '-c', SMALL_DISK, 'true'], {
    env: { ...process.env, DISK: '/mnt' },
  });
  return attempt.status !== 0 && 'needs root and unshare to mount a disk';
}

test('STORE-08 a full and a read-only disk are told, the old generation stays, and the lock still gives its turns', {
  skip: withoutMounts(),
}, async (t) => {
  const { directory } = await makeMachine(t);
  await mkdir(directory);
  const child = startChild(t, 'full-disk.ts', [directory], {
    within: ['unshare', '-m', 'sh', '-c', SMALL_DISK],
    env: { DISK: directory },
  });
  const { full, readOnly, ...rest } = JSON.parse(await child.nextLine());
  assert.equal(full[0], 'AUTH_STORE_UNAVAILABLE');
  assert.match(full[1], /ENOSPC/);
  assert.equal(readOnly[0], 'AUTH_STORE_UNAVAILABLE');
  assert.match(readOnly[1], /EROFS/);
  assert.deepEqual(rest, {
    withRoom: 'saved',
    afterFull: 1,
    roomAgain: 'saved',
    afterReadOnly: 3,
    lock: 'worked',
  });
});
