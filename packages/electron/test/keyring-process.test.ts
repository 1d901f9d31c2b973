import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import './with-fake-electron.ts';
import { buildRecord } from '@deskauth/session/testing';
import { utility } from './fake-electron.ts';

const { keyringStore } = await import('@deskauth/node');
const { electronTiers, forgetAccount } = await import('../src/kept-in-electron.ts');

test("STORE-04 in Electron the keyring is asked from a process that Electron starts, never by Node's fork", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-electron-'));
  t.after(() => rm(directory, { recursive: true }));
  let secret: string | undefined;
  utility.answer = (message) => {
    const question = message as { id: number; verb: string; secret?: string };
    if (question.verb === 'save') secret = question.secret;
    return { id: question.id, ...(question.verb === 'load' && secret && { secret }) };
  };
  const { issuer, clientId } = buildRecord();
  const open = () => keyringStore({ appName: 'Orders', issuer, clientId, directory, ...electronTiers });
  await open().save(buildRecord(3));
  assert.deepEqual(await open().load(), buildRecord(3));
  assert.equal(secret?.length, 43);
  assert.ok(utility.started.every((file) => /keyring-child\.[jt]s$/.test(file)));
});

test('whoever starts the app names no library for the keyring’s process', async (t) => {
  t.after(() => {
    delete process.env.NAPI_RS_NATIVE_LIBRARY_PATH;
  });
  process.env.NAPI_RS_NATIVE_LIBRARY_PATH = '/tmp/theirs.node';
  electronTiers.startKeyringProcess(
    'keyring-child.js',
    () => {},
    () => {},
  );
  assert.equal(utility.env.NAPI_RS_NATIVE_LIBRARY_PATH, undefined);
  assert.equal(utility.env.PATH, process.env.PATH);
});

test('STORE-17 REF-27 an account that is forgotten in Electron leaves neither file nor key', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-electron-'));
  t.after(() => rm(directory, { recursive: true }));
  const secrets = new Map<string, string>();
  utility.answer = (message) => {
    const { id, verb, account, secret } = message as Record<string, string>;
    if (verb === 'save') secrets.set(account ?? '', secret ?? '');
    if (verb === 'remove') secrets.delete(account ?? '');
    return { id, secret: secrets.get(account ?? '') };
  };
  const { issuer, clientId } = buildRecord();
  const app = { appName: 'Orders', issuer, clientId, directory, account: 'work' };
  await keyringStore({ ...app, ...electronTiers }).save(buildRecord(1));
  assert.equal(secrets.size, 1);
  await forgetAccount(app);
  assert.equal(secrets.size, 0);
  assert.deepEqual(
    (await readdir(directory)).filter((name) => !name.startsWith('accounts.')),
    [],
  );
});
