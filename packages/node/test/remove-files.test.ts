import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { removePrivateFiles } from '../src/token-store/private-file.ts';
import { makeDirectory } from './make-directory.ts';

test('STORE-17 OUT-06 one entry that cannot be removed keeps no other, and is told', async (t) => {
  const directory = await makeDirectory(t);
  await mkdir(join(directory, 'slot.a'));
  for (const ending of ['key', 'session', 'zz']) await writeFile(join(directory, `slot.${ending}`), 'secret');
  const isOurs = (name: string) => name.startsWith('slot.');
  await assert.rejects(removePrivateFiles(directory, isOurs), (error) => error instanceof Error);
  assert.deepEqual(await readdir(directory), ['slot.a']);
});
