import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createPackageWithOptions } from '@electron/asar';
import { startStandIn } from '../src/index.ts';

const MAIN = `
import { app } from 'electron';
import { beside } from './beside.js';
const { argv, execPath, execArgv, defaultApp, resourcesPath } = process;
const seen = { argv, execPath, execArgv, defaultApp, resourcesPath, beside };
console.log(JSON.stringify({ ...seen, isPackaged: app.isPackaged, name: app.getName(), main: import.meta.filename }));
app.exit(0);
`;

/** Packs it and removes where it was made. @returns the folder of resources */
async function pack(directory: string): Promise<string> {
  const made = join(directory, 'made');
  const resources = join(directory, 'resources');
  await mkdir(made);
  await writeFile(
    join(made, 'package.json'),
    '{ "productName": "Packed", "type": "module", "main": "main.js" }',
  );
  await writeFile(join(made, 'main.js'), MAIN);
  await writeFile(join(made, 'beside.js'), 'export const beside = true;');
  await createPackageWithOptions(made, join(resources, 'app.asar'), { unpack: '**/beside.js' });
  await rm(made, { recursive: true });
  return resources;
}

async function printed(child: ChildProcess): Promise<string> {
  const [out, faults] = [child.stdout, child.stderr].map((stream) => text(stream as NodeJS.ReadableStream));
  const [code] = await once(child, 'exit');
  assert.equal(code, 0, await faults);
  return (await out) ?? '';
}

test('a packed app runs from its archive, knows its resources, and leaves nothing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stand-in-packed-'));
  try {
    const resources = await pack(directory);
    const env = { ...process.env, DESKAUTH_STAND_IN_PROGRAM: '/opt/packed/packed' };
    for (const mainFile of [resources, join(resources, 'app.asar')]) {
      const child = startStandIn({ mainFile, args: ['--', 'a'], env, stdio: ['ignore', 'pipe', 'pipe'] });
      const { main, ...seen } = JSON.parse(await printed(child));
      assert.deepEqual(seen, {
        argv: ['/opt/packed/packed', '--', 'a'],
        execPath: '/opt/packed/packed',
        execArgv: [],
        resourcesPath: resources,
        beside: true,
        isPackaged: true,
        name: 'Packed',
      });
      assert.equal(spawnSync('test', ['-e', main]).status, 1, `${main} was left behind`);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
