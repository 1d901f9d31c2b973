import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import './with-fake-electron.ts';
import { buildRecord } from '@deskauth/session/testing';
import { utility } from './fake-electron.ts';

const { keyringStore } = await import('@deskauth/node');
const { startKeyringProcess } = await import('../src/keyring-process.ts');

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
  const open = () => keyringStore({ appName: 'Orders', issuer, clientId, directory, startKeyringProcess });
  await open().save(buildRecord(3));
  assert.deepEqual(await open().load(), buildRecord(3));
  assert.equal(secret?.length, 43);
  assert.ok(utility.started.every((file) => /keyring-child\.[jt]s$/.test(file)));
});
