import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, type TestContext, test } from 'node:test';
import './with-fake-electron.ts';
import { buildRecord, tokenStoreContract } from '@deskauth/session/testing';
import { safe } from './fake-electron.ts';

const { keyringStore } = await import('@deskauth/node');
const { safeStorageWrapper } = await import('../src/safe-storage.ts');

const LINUX = { skip: process.platform !== 'linux' && 'the marks of Linux' };
const before = { ...safe };
afterEach(() => Object.assign(safe, before));

/** A directory, and stores on it as new starts of the app would open them; without a keyring. */
async function makeApp(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-electron-'));
  t.after(() => rm(directory, { recursive: true }));
  const { issuer, clientId } = buildRecord();
  const owner = { appName: 'Orders', issuer, clientId, directory };
  const open = () => keyringStore({ ...owner, keyring: false, safeStorage: safeStorageWrapper });
  const wrapped = async () => {
    const name = (await readdir(directory)).find((file) => file.endsWith('.safe-storage'));
    return Buffer.from(await readFile(join(directory, name ?? ''), 'utf8'), 'base64url').toString();
  };
  return { directory, open, wrapped };
}

for (const promise of tokenStoreContract)
  test(`safeStorage store: ${promise.name}`, async (t) => promise.run((await makeApp(t)).open()));

test('STORE-02 a session is kept by safeStorage, and the report says so', async (t) => {
  const { open } = await makeApp(t);
  await open().save(buildRecord(4));
  assert.deepEqual(await open().load(), buildRecord(4));
  assert.deepEqual(await open().report(), { tier: 'safe-storage' });
});

const WEAK = [
  ['basic_text', { backend: 'basic_text' }, 'unprotected'],
  ['a text that is sealed for everybody', { mark: 'v10' }, 'unprotected'],
  ['no encryption at all', { isAvailable: false }, 'absent'],
] as const;
for (const [name, change, fault] of WEAK)
  test(`STORE-03 with ${name} nothing reaches the disk, and the report says why`, LINUX, async (t) => {
    const { directory, open } = await makeApp(t);
    Object.assign(safe, change);
    const store = open();
    await store.save(buildRecord());
    const { tier, passedOver } = await store.report();
    assert.deepEqual(
      [tier, passedOver?.[0]?.tier, passedOver?.[0]?.fault],
      ['memory', 'safe-storage', fault],
    );
    assert.deepEqual(await readdir(directory), []);
  });

test('STORE-04 a safeStorage that has gone leaves the session on disk, and opens it when it is back', async (t) => {
  const { open } = await makeApp(t);
  await open().save(buildRecord(2));
  safe.isAvailable = false;
  const store = open();
  await assert.rejects(store.load(), { code: 'AUTH_STORE_UNAVAILABLE' });
  assert.equal((await store.report()).keptBy, 'safe-storage');
  safe.isAvailable = true;
  store.retry();
  assert.deepEqual(await store.load(), buildRecord(2));
});

test('STORE-05 what another user or build of the app has wrapped means no session, told once', async (t) => {
  const { open } = await makeApp(t);
  await open().save(buildRecord(1));
  safe.key = 'b';
  await assert.rejects(open().load(), { code: 'AUTH_STORE_UNREADABLE' });
  assert.equal(await open().load(), undefined);
  await open().save(buildRecord(2));
  assert.deepEqual(await open().load(), buildRecord(2));
});

test('STORE-05 a key that Electron wants encrypted anew is wrapped again, and the session stays', async (t) => {
  const { open, wrapped } = await makeApp(t);
  await open().save(buildRecord(1));
  Object.assign(safe, { isOutdated: true, mark: 'v12' });
  assert.match(await wrapped(), /^v11/);
  assert.deepEqual(await open().load(), buildRecord(1));
  assert.match(await wrapped(), /^v12/);
});
