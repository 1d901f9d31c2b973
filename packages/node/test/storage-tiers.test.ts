import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { AskPassphrase, KeyKeeper, KeyringStoreOptions, PassphraseQuestion } from '@deskauth/node';
import { buildRecord, createFakeClock, tokenStoreContract } from '@deskauth/session/testing';
import { contentOf, makeMachine, namesIn, noKeyring } from './store-fixture.ts';

const KEY_FILE = { keyring: noKeyring, weakerStorage: 'allow' } as const;
const endingsIn = async (directory: string) =>
  (await namesIn(directory)).map((name) => name.split('.').slice(1).join('.')).sort();

/** A person with one passphrase in mind, or none. */
function createPerson(mind: { passphrase?: string }) {
  const questions: PassphraseQuestion[] = [];
  const passphrase: AskPassphrase = async (question) => {
    questions.push(question);
    return mind.passphrase;
  };
  return { questions, options: { keyring: noKeyring, passphrase } satisfies Partial<KeyringStoreOptions> };
}

for (const promise of tokenStoreContract)
  test(`passphrase store: ${promise.name}`, async (t) =>
    promise.run((await makeMachine(t)).openStore(createPerson({ passphrase: 'horse' }).options)));

test('STORE-03 N08 without a keyring a passphrase keeps the session, asked once in each process', async (t) => {
  const machine = await makeMachine(t);
  const person = createPerson({ passphrase: 'correct horse' });
  const store = machine.openStore(person.options);
  assert.equal((await store.report()).tier, 'passphrase');
  assert.deepEqual(person.questions, [], 'a report asks nobody');
  await store.save(buildRecord(1));
  await store.save(buildRecord(2));
  const next = machine.openStore(person.options);
  assert.deepEqual(await next.load(), buildRecord(2));
  assert.deepEqual(await next.load(), buildRecord(2));
  assert.deepEqual(person.questions, [
    { purpose: 'choose', wasWrong: false },
    { purpose: 'open', wasWrong: false },
  ]);
  assert.doesNotMatch(await contentOf(machine.directory), /access-|refresh-|correct horse/);
});

test('STORE-05 a wrong passphrase is told and loses nothing; the right one opens the session later', async (t) => {
  const machine = await makeMachine(t);
  const mind = { passphrase: 'correct horse' };
  const person = createPerson(mind);
  await machine.openStore(person.options).save(buildRecord(1));
  person.questions.length = 0;
  mind.passphrase = 'wrong';
  const store = machine.openStore(person.options);
  const refusal = { code: 'AUTH_STORE_UNAVAILABLE', message: /passphrase is wrong/ };
  await assert.rejects(store.load(), refusal);
  await assert.rejects(store.load(), refusal);
  assert.deepEqual(
    person.questions.map(({ wasWrong }) => wasWrong),
    [false, true, true],
    'three tries, then nobody is bothered again',
  );
  mind.passphrase = 'correct horse';
  store.retry();
  assert.deepEqual(await store.load(), buildRecord(1));
});

test('STORE-03 who does not want a passphrase gets the next tier, and is not asked with every save', async (t) => {
  const machine = await makeMachine(t);
  const person = createPerson({});
  const store = machine.openStore(person.options);
  for (const generation of [1, 2]) await store.save(buildRecord(generation));
  assert.equal(person.questions.length, 1);
  const { tier, passedOver } = await store.report();
  assert.equal(tier, 'memory');
  assert.deepEqual(
    passedOver?.map((over) => [over.tier, over.fault]),
    [
      ['keyring', 'broken'],
      ['passphrase', 'dismissed'],
      ['key-file', 'not-permitted'],
    ],
  );
  assert.deepEqual(await namesIn(machine.directory), []);
});

/** Asks for weaker storage in several processes; resolves once the answer has been acted upon. */
function createAsker(answer: () => boolean) {
  const reports: unknown[] = [];
  const weakerStorage = async (report: unknown) => {
    reports.push(report);
    return answer();
  };
  return { reports, options: { keyring: noKeyring, weakerStorage } };
}

test('STORE-03 N08 a key in a file waits for consent: asked once, recorded, and the session is then on disk', async (t) => {
  const machine = await makeMachine(t);
  const asker = createAsker(() => true);
  const store = machine.openStore(asker.options);
  assert.equal((await store.report()).tier, 'memory');
  assert.equal(asker.reports.length, 0, 'asked about real data only');
  await store.save(buildRecord(1));
  while (!(await endingsIn(machine.directory)).includes('session'))
    await new Promise((resolve) => setImmediate(resolve));
  const next = machine.openStore(asker.options);
  assert.deepEqual(await next.load(), buildRecord(1));
  await next.save(buildRecord(2));
  await next.clear();
  await machine.openStore(asker.options).save(buildRecord(3));
  assert.equal((await machine.openStore(asker.options).report()).tier, 'key-file');
  assert.equal(asker.reports.length, 1);
});

for (const [name, answer] of [
  ['a no', () => false],
  [
    'a question that fails',
    () => {
      throw new Error('the window was closed');
    },
  ],
] as const)
  test(`STORE-03 after ${name} the session stays in memory`, async (t) => {
    const machine = await makeMachine(t);
    const asker = createAsker(answer);
    const store = machine.openStore(asker.options);
    for (const generation of [1, 2, 3]) {
      await store.save(buildRecord(generation));
      assert.deepEqual(await store.load(), buildRecord(generation));
    }
    assert.equal(asker.reports.length, 1);
    assert.doesNotMatch((await endingsIn(machine.directory)).join(), /session|key/);
    if (name !== 'a no') return;
    while (!(await namesIn(machine.directory)).includes('weaker-storage.json'))
      await new Promise((resolve) => setImmediate(resolve));
    await machine.openStore(asker.options).save(buildRecord(4));
    assert.equal(asker.reports.length, 1, 'the no is recorded');
  });

test('STORE-03 what is no longer agreed to leaves the disk with the next save', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore(KEY_FILE).save(buildRecord(1));
  const strict = machine.openStore({ keyring: noKeyring, weakerStorage: 'refuse' });
  assert.deepEqual(await strict.load(), buildRecord(1));
  await strict.save(buildRecord(2));
  assert.deepEqual(await strict.load(), buildRecord(2));
  assert.deepEqual(await namesIn(machine.directory), []);
});

test('STORE-03 N08 a keyring that appears takes the session over with the next save; the key file goes', async (t) => {
  const machine = await makeMachine(t);
  const before = machine.openStore(KEY_FILE);
  for (const generation of [1, 2]) await before.save(buildRecord(generation));
  assert.deepEqual(await endingsIn(machine.directory), ['key', 'session', 'session.previous']);
  const store = machine.openStore();
  assert.deepEqual(await store.report(), { tier: 'keyring', keptBy: 'key-file' });
  assert.deepEqual(await store.load(), buildRecord(2));
  await store.save(buildRecord(3));
  assert.deepEqual(await endingsIn(machine.directory), ['session'], 'nothing that the old key opens is left');
  assert.deepEqual(await machine.openStore().load(), buildRecord(3));
});

test('STORE-04 N08 a session is never moved to a weaker place: it waits in memory until the keyring is back', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const clock = createFakeClock();
  const keyring: KeyKeeper = { ...machine.keyring, load: noKeyring.load };
  const store = machine.openStore({ keyring, weakerStorage: 'allow', clock });
  const onDisk = await readFile(await machine.fileOf('.session'));
  await assert.rejects(store.load(), { code: 'AUTH_STORE_UNAVAILABLE' });
  await assert.rejects(store.save(buildRecord(2)), { code: 'AUTH_STORE_UNAVAILABLE' });
  assert.deepEqual(await store.load(), buildRecord(2), 'the session of this process goes on');
  assert.deepEqual(await readFile(await machine.fileOf('.session')), onDisk);
  const { tier, keptBy } = await store.report();
  assert.deepEqual({ tier, keptBy }, { tier: 'memory', keptBy: 'keyring' });
  keyring.load = machine.keyring.load;
  clock.advance(3600);
  await store.save(buildRecord(3));
  assert.deepEqual(await machine.openStore().load(), buildRecord(3));
  assert.deepEqual(await store.report(), { tier: 'keyring' });
});

test('STORE-04 what another process saves meanwhile is newer than what is held in memory', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const keyring: KeyKeeper = { ...machine.keyring, load: noKeyring.load };
  const store = machine.openStore({ keyring });
  await assert.rejects(store.save(buildRecord(2)), { code: 'AUTH_STORE_UNAVAILABLE' });
  keyring.load = machine.keyring.load;
  store.retry();
  await machine.openStore().save(buildRecord(5));
  assert.deepEqual(await store.load(), buildRecord(5));
});

test('STORE-04 a keyring that was locked at the start is asked again after a pause, each longer than the last', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const clock = createFakeClock();
  let questions = 0;
  const load = async () => {
    questions += 1;
    throw new Error('locked');
  };
  const keyring: KeyKeeper = { ...machine.keyring, load };
  const store = machine.openStore({ keyring, clock });
  const asked: number[] = [];
  for (let minute = 0; minute < 30; minute += 1) {
    await assert.rejects(store.load(), { code: 'AUTH_STORE_UNAVAILABLE' });
    asked.push(questions);
    clock.advance(60);
  }
  assert.deepEqual([asked[0], asked[1], asked.at(-1)], [1, 2, 6]);
  keyring.load = machine.keyring.load;
  store.retry();
  assert.deepEqual(await store.load(), buildRecord(1));
});

test('STORE-05 the session of a place that this program does not use is left alone', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore(createPerson({ passphrase: 'horse' }).options).save(buildRecord(1));
  const names = await namesIn(machine.directory);
  const store = machine.openStore(KEY_FILE);
  await assert.rejects(store.load(), { code: 'AUTH_STORE_UNAVAILABLE', message: /kept by passphrase/ });
  assert.deepEqual(await namesIn(machine.directory), names);
});

test('STORE-17 every place is emptied by clear(): keys, generations, what was put aside', async (t) => {
  const machine = await makeMachine(t);
  const person = createPerson({ passphrase: 'horse' });
  for (const options of [KEY_FILE, person.options, {}] as const) {
    const store = machine.openStore(options);
    for (const generation of [1, 2]) await store.save(buildRecord(generation));
    await writeFile(await machine.fileOf('.session'), 'damaged');
    await machine.openStore(options).load();
    await machine.openStore(options).save(buildRecord(3));
  }
  await machine.openStore().clear();
  assert.deepEqual(await namesIn(machine.directory), []);
  assert.equal(machine.keyring.key, undefined);
});
