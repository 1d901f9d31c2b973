import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { buildRecord, tokenStoreContract } from '@deskauth/session/testing';
import { contentOf, makeMachine, namesIn, noKeyring } from './store-fixture.ts';

const NO_KEYRING = 'The keyring of this computer cannot be used: there is no keyring here.';
const KEY_FILE = { keyring: noKeyring, weakerStorage: 'allow' } as const;

for (const promise of tokenStoreContract) {
  test(`keyring store: ${promise.name}`, async (t) => promise.run((await makeMachine(t)).openStore()));
  test(`key-file store: ${promise.name}`, async (t) =>
    promise.run((await makeMachine(t)).openStore(KEY_FILE)));
  test(`store without a keyring: ${promise.name}`, async (t) =>
    promise.run((await makeMachine(t)).openStore({ keyring: noKeyring })));
}

test('STORE-16 the session outlives the process; the keyring holds a key of 32 bytes and nothing else', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(7));
  const next = machine.openStore();
  assert.deepEqual(await next.load(), buildRecord(7));
  assert.deepEqual(await next.report(), { tier: 'keyring' });
  assert.equal(machine.keyring.key?.length, 32);
});

test('STORE-02 nothing of a record can be read from the disk', async (t) => {
  for (const options of [{}, KEY_FILE]) {
    const machine = await makeMachine(t);
    await machine.openStore(options).save(buildRecord(1));
    const content = await contentOf(machine.directory);
    const secrets = ['access-1', 'refresh-1', 'user-1', 'User One', 'login.example.com'];
    for (const secret of secrets) {
      assert.ok(!content.includes(secret), secret);
      assert.ok(
        !content.includes(Buffer.from(secret).toString('base64url').slice(0, -2)),
        `${secret}, encoded`,
      );
    }
  }
});

test('STORE-02 two saves of the same record do not look alike', async (t) => {
  const machine = await makeMachine(t);
  const store = machine.openStore();
  await store.save(buildRecord());
  const first = await readFile(await machine.fileOf('.session'), 'utf8');
  await store.save(buildRecord());
  assert.notEqual(await readFile(await machine.fileOf('.session'), 'utf8'), first);
});

test('STORE-03 without a keyring the session stays in memory, the report says so and why, and the disk stays empty', async (t) => {
  const machine = await makeMachine(t);
  const store = machine.openStore({ keyring: noKeyring });
  await store.save(buildRecord());
  assert.deepEqual(await store.load(), buildRecord());
  const { passedOver, ...report } = await store.report();
  assert.deepEqual(report, { tier: 'memory', reason: NO_KEYRING });
  assert.deepEqual(
    passedOver?.map(({ tier, fault }) => [tier, fault]),
    [
      ['keyring', 'broken'],
      ['key-file', 'not-permitted'],
    ],
  );
  assert.deepEqual(await namesIn(machine.directory), []);
  assert.equal(await machine.openStore({ keyring: noKeyring }).load(), undefined);
});

test('STORE-03 a key in a file is used only when it was asked for, and the report says so', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore(KEY_FILE).save(buildRecord(3));
  const next = machine.openStore(KEY_FILE);
  assert.deepEqual(await next.load(), buildRecord(3));
  const reason = NO_KEYRING;
  assert.deepEqual(await next.report(), {
    tier: 'key-file',
    reason,
    passedOver: [{ tier: 'keyring', fault: 'broken', reason }],
  });
});

test('STORE-03 a session kept with a key file moves to the keyring once there is one', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore(KEY_FILE).save(buildRecord(1));
  const withKeyring = machine.openStore();
  assert.deepEqual(await withKeyring.load(), buildRecord(1));
  await withKeyring.save(buildRecord(2));
  assert.deepEqual(await machine.openStore().load(), buildRecord(2));
  assert.ok(machine.keyring.key);
});

test('STORE-04 a keyring that does not answer is given up; the saved session is left alone and is there again later', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(5));
  const answerAgain = machine.keyring.hang();
  const before = machine.keyring.questions;
  const store = machine.openStore({ keyringTimeLimitSeconds: 0.02 });
  await assert.rejects(store.load(), { code: 'AUTH_STORE_UNAVAILABLE' });
  await assert.rejects(store.load(), { code: 'AUTH_STORE_UNAVAILABLE' });
  const { tier, reason } = await store.report();
  assert.equal(tier, 'memory');
  assert.match(reason ?? '', /keyring .* no answer in 0\.02 seconds/);
  assert.equal(machine.keyring.questions, before + 1, 'a hanging keyring is asked once, not again and again');
  answerAgain();
  assert.deepEqual(await machine.openStore().load(), buildRecord(5));
});

test('STORE-04 a keyring whose question is refused asks its owner once, not with every load', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(5));
  let questions = 0;
  const load = async () => {
    questions += 1;
    throw new Error('the prompt was dismissed');
  };
  const store = machine.openStore({ keyring: { ...machine.keyring, load } });
  for (let time = 0; time < 3; time += 1)
    await assert.rejects(store.load(), {
      code: 'AUTH_STORE_UNAVAILABLE',
      message: /the prompt was dismissed/,
    });
  assert.equal(questions, 1);
  assert.deepEqual(await machine.openStore().load(), buildRecord(5));
});

test('STORE-04 a keyring that locks while the app runs fails the save, is not asked again while it hangs, and comes back', async (t) => {
  const machine = await makeMachine(t);
  const store = machine.openStore({ keyringTimeLimitSeconds: 0.02 });
  await store.save(buildRecord(1));
  const answerAgain = machine.keyring.hang();
  const before = machine.keyring.questions;
  await assert.rejects(store.save(buildRecord(2)), { code: 'AUTH_STORE_UNAVAILABLE' });
  await assert.rejects(store.save(buildRecord(2)), { code: 'AUTH_STORE_UNAVAILABLE' });
  assert.equal(machine.keyring.questions, before + 1);
  answerAgain();
  await new Promise((resolve) => setImmediate(resolve));
  await store.save(buildRecord(3));
  assert.deepEqual(await machine.openStore().load(), buildRecord(3));
});

const LOST_KEYS: readonly [name: string, key: Uint8Array | undefined][] = [
  ['STORE-05 STORE-18 another key, as after a move to another machine,', randomBytes(32)],
  ['STORE-05 a key that is gone', undefined],
];
for (const [name, key] of LOST_KEYS)
  test(`${name} means no session: told once, put aside, and the next sign-in is kept`, async (t) => {
    const machine = await makeMachine(t);
    await machine.openStore().save(buildRecord(1));
    machine.keyring.key = key;
    await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNREADABLE' });
    assert.equal(await machine.openStore().load(), undefined);
    await machine.openStore().save(buildRecord(2));
    assert.deepEqual(await machine.openStore().load(), buildRecord(2));
  });

for (const damaged of ['', 'short', 'x'.repeat(400), '\0'.repeat(43)])
  test(`STORE-05 a damaged key file (${damaged.length} bytes) is as good as none, and is replaced`, async (t) => {
    const machine = await makeMachine(t);
    await machine.openStore(KEY_FILE).save(buildRecord(1));
    await writeFile(await machine.fileOf('.key'), damaged);
    await assert.rejects(machine.openStore(KEY_FILE).load(), { code: 'AUTH_STORE_UNREADABLE' });
    await machine.openStore(KEY_FILE).save(buildRecord(2));
    assert.deepEqual(await machine.openStore(KEY_FILE).load(), buildRecord(2));
  });

test('STORE-09 a session that another process replaces or ends while it is being opened is not put aside', async (t) => {
  const machine = await makeMachine(t);
  let meanwhile = async () => {};
  const keyring = {
    ...machine.keyring,
    async load() {
      await meanwhile();
      return machine.keyring.load();
    },
  };
  await machine.openStore().save(buildRecord(1));
  const store = machine.openStore({ keyring });
  await store.report();
  meanwhile = async () => {
    meanwhile = async () => {};
    machine.keyring.key = randomBytes(32);
    await machine.openStore().save(buildRecord(2));
  };
  assert.deepEqual(await store.load(), buildRecord(2));
  meanwhile = () => machine.openStore().clear();
  assert.equal(await store.load(), undefined);
  assert.deepEqual(await namesIn(machine.directory), []);
});

test('STORE-17 after clear() nothing is left: no record, no key, nothing put aside, nothing half-written', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore(KEY_FILE).save(buildRecord(1));
  const file = await machine.fileOf('.session');
  await writeFile(`${file}.11111111-1111-4111-8111-111111111111.new`, 'left by a crash');
  await writeFile(`${file}.unreadable`, 'put aside');
  await machine.openStore().save(buildRecord(2));
  await machine.openStore().clear();
  assert.deepEqual(await namesIn(machine.directory), []);
  assert.equal(machine.keyring.key, undefined);
});

test('STORE-17 REF-27 clear() leaves the session of another account alone', async (t) => {
  const machine = await makeMachine(t);
  const other = { ...KEY_FILE, clientId: 'other' };
  await machine.openStore(other).save(buildRecord(9));
  await machine.openStore(KEY_FILE).save(buildRecord(1));
  await machine.openStore(KEY_FILE).clear();
  assert.deepEqual(await machine.openStore(other).load(), buildRecord(9));
});
