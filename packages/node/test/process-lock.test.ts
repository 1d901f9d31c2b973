import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
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

test('CLI-10 whoever waits for a process that was stopped can stop waiting; work that has begun goes on to its end', async (t) => {
  const file = join(await makeDirectory(t), 'session.lock');
  const holder = startChild(t, 'lock.ts', [file, 'forever']);
  assert.equal(await holder.nextLine(), 'held');
  const lock = processLock(file);
  const reason = new Error('cancelled');
  const ended = new AbortController();
  const [first, second] = [
    lock.hold(async () => 'first', ended.signal),
    lock.hold(async () => 'second', ended.signal),
  ];
  ended.abort(reason);
  await assert.rejects(first, reason);
  await assert.rejects(second, reason);
  holder.kill();
  const begun = new AbortController();
  const work = async () => {
    begun.abort(reason);
    return 'done';
  };
  assert.equal(await lock.hold(work, begun.signal), 'done');
});

test('STORE-12 a pipe, a link or a folder in place of the lock file holds nobody up', {
  skip: process.platform === 'win32' && 'POSIX files',
}, async (t) => {
  const directory = await makeDirectory(t);
  const [pipe, link, folder] = ['pipe', 'link', 'folder'].map((name) => join(directory, name));
  execFileSync('mkfifo', [pipe ?? '']);
  await symlink(join(directory, 'elsewhere'), link ?? '');
  await mkdir(folder ?? '');
  for (const file of [pipe, link, folder])
    assert.equal(await processLock(file ?? '').hold(async () => 'worked'), 'worked');
  assert.deepEqual((await readdir(directory)).sort(), ['folder', 'link', 'pipe']);
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
