import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { processLock } from '@deskauth/node';
import { refreshLockContract } from '@deskauth/session/testing';
import { makeDirectory } from './make-directory.ts';
import { startChild } from './start-child.ts';

for (const promise of refreshLockContract)
  test(`process lock: ${promise.name}`, async (t) => {
    const directory = await makeDirectory(t);
    await promise.run(processLock(join(directory, 'new', 'session.lock')));
  });

test('REF-03 what another process holds is waited for, and taken over when the holder is killed', async (t) => {
  const file = join(await makeDirectory(t), 'session.lock');
  const holder = startChild(t, 'lock.ts', [file, 'forever']);
  assert.equal(await holder.nextLine(), 'held');
  const steps: string[] = [];
  const taken = processLock(file).hold(async () => void steps.push('taken over'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  steps.push('killed');
  holder.kill();
  await taken;
  assert.deepEqual(steps, ['killed', 'taken over']);
});

test('REF-03 STORE-09 four processes that each add 25 to a counter lose nothing', async (t) => {
  const directory = await makeDirectory(t);
  const [lock, counter] = [join(directory, 'session.lock'), join(directory, 'counter')];
  await writeFile(counter, '0');
  const children = [1, 2, 3, 4].map(() => startChild(t, 'lock.ts', [lock, counter, '25']));
  assert.deepEqual(await Promise.all(children.map(({ ended }) => ended)), [0, 0, 0, 0]);
  assert.equal(await readFile(counter, 'utf8'), '100');
});

test('two locks on one file exclude each other inside one process too', async (t) => {
  const file = join(await makeDirectory(t), 'session.lock');
  let inside = 0;
  const work = async () => {
    inside += 1;
    assert.equal(inside, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, () => processLock(file).hold(work)));
});

test('the lock file is private and stays empty', {
  skip: process.platform === 'win32' && 'POSIX modes',
}, async (t) => {
  const file = join(await makeDirectory(t), 'session.lock');
  await processLock(file).hold(async () => {});
  const { mode, size } = await stat(file);
  assert.equal(mode & 0o777, 0o600);
  assert.equal(size, 0);
});

test('STORE-08 where no lock file can be made, the turns inside the process are kept', async (t) => {
  const inTheWay = join(await makeDirectory(t), 'file');
  await writeFile(inTheWay, '');
  for (const promise of refreshLockContract) await promise.run(processLock(join(inTheWay, 'session.lock')));
});
