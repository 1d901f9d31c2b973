import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { buildRecord } from '@deskauth/session/testing';
import { type Machine, makeMachine, namesIn } from './store-fixture.ts';

/** Saves the generations 1 and 2; the path of the file that holds the second. */
async function saveTwice(machine: Machine): Promise<string> {
  const store = machine.openStore();
  for (const generation of [1, 2]) await store.save(buildRecord(generation));
  return machine.fileOf('.session');
}

const DAMAGE: readonly [name: string, damage: (text: string) => string | Uint8Array][] = [
  ['empty', () => ''],
  ['all NUL, as after a power cut', (text) => new Uint8Array(text.length)],
  ['cut off in the middle', (text) => text.slice(0, text.length / 2)],
  ['random bytes', () => randomBytes(500)],
  [
    'sealed with another tag',
    (text) => JSON.stringify({ ...JSON.parse(text), tag: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  ],
];

for (const [name, damage] of DAMAGE)
  test(`STORE-06 the save before is loaded when the last one is ${name}; the report says so until the next save`, async (t) => {
    const machine = await makeMachine(t);
    const file = await saveTwice(machine);
    await writeFile(file, damage(await readFile(file, 'utf8')));
    const store = machine.openStore();
    assert.deepEqual(await store.load(), buildRecord(1));
    assert.deepEqual(await store.report(), { tier: 'keyring', isRecovered: true });
    await machine.fileOf('.unreadable');
    assert.deepEqual(
      await machine.openStore().load(),
      buildRecord(1),
      'it has taken the place of the damaged one',
    );
    await store.save(buildRecord(3));
    assert.deepEqual(await store.report(), { tier: 'keyring' });
    assert.deepEqual(await machine.openStore().load(), buildRecord(3));
  });

test('STORE-06 the save before is tried once: when it is damaged, too, there is no session, told once', async (t) => {
  const machine = await makeMachine(t);
  const file = await saveTwice(machine);
  for (const name of [file, `${file}.previous`]) await writeFile(name, 'damaged');
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNREADABLE' });
  assert.equal(await machine.openStore().load(), undefined);
});

test('STORE-06 STORE-20 the save before is checked like the last one: that of another account does not open', async (t) => {
  const machine = await makeMachine(t);
  const file = await saveTwice(machine);
  const other = await makeMachine(t);
  other.keyring.key = machine.keyring.key;
  await other.openStore({ clientId: 'other' }).save(buildRecord(9));
  await copyFile(await other.fileOf('.session'), `${file}.previous`);
  await writeFile(file, 'damaged');
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNREADABLE' });
});

test('STORE-06 REF-14 a process that has the damaged save in memory is not led back to the one before', async (t) => {
  const machine = await makeMachine(t);
  const store = machine.openStore();
  for (const generation of [1, 2]) await store.save(buildRecord(generation));
  await writeFile(await machine.fileOf('.session'), 'damaged');
  await assert.rejects(store.load(), { code: 'AUTH_STORE_UNREADABLE' });
  assert.equal(await store.load(), undefined);
  await store.save(buildRecord(2));
  assert.deepEqual(await machine.openStore().load(), buildRecord(2));
});

test('STORE-06 the save before is never that of another session, of another person perhaps', async (t) => {
  const machine = await makeMachine(t);
  const store = machine.openStore();
  await store.save({ ...buildRecord(1), sessionId: 'first' });
  await store.save({ ...buildRecord(2), sessionId: 'second' });
  await writeFile(await machine.fileOf('.session'), 'damaged');
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNREADABLE' });
});

test('STORE-06 a session that is not there is signed out: the save before does not bring it back', async (t) => {
  const machine = await makeMachine(t);
  await rm(await saveTwice(machine));
  assert.equal(await machine.openStore().load(), undefined);
});

test('STORE-06 a keyring that has another key now opens neither; both are told as one', async (t) => {
  const machine = await makeMachine(t);
  await saveTwice(machine);
  machine.keyring.key = randomBytes(32);
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNREADABLE' });
  assert.equal(await machine.openStore().load(), undefined);
  await machine.openStore().save(buildRecord(3));
  assert.deepEqual(await machine.openStore().load(), buildRecord(3));
});

test('STORE-10 a later format is not damage: the save before does not take its place', async (t) => {
  const machine = await makeMachine(t);
  const file = await saveTwice(machine);
  const later = JSON.stringify({ protected: Buffer.from('{"typ":"later"}').toString('base64url') });
  await writeFile(file, later);
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNREADABLE', message: /format/ });
  assert.equal(await readFile(file, 'utf8'), later);
});

test('STORE-17 the save before and what was put aside go with the session', async (t) => {
  const machine = await makeMachine(t);
  const file = await saveTwice(machine);
  await writeFile(file, 'damaged');
  const store = machine.openStore();
  await store.load();
  await store.save(buildRecord(3));
  assert.equal((await namesIn(machine.directory)).length, 3);
  await machine.openStore().clear();
  assert.deepEqual(await namesIn(machine.directory), []);
});
