import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'stand-in-test-'));
after(() => rmSync(folder, { recursive: true }));
const bin = join(import.meta.dirname, '..', 'bin', 'electron-stand-in.js');

/** Runs a main file that ends by itself before anything is shown. */
function run(name: string, source: string, env = process.env) {
  const file = join(folder, name);
  writeFileSync(file, source);
  const { stdout, stderr, status } = spawnSync(process.execPath, [bin, file, '--x'], {
    encoding: 'utf8',
    env,
  });
  return { stdout, stderr, status };
}

test('a part that the stand-in does not have can be imported; its use names it', () => {
  const { stderr, status } = run('tray.mjs', "import { Tray } from 'electron'; new Tray('icon.png');");
  assert.match(stderr, /Error: electron\.Tray is not in the stand-in/);
  assert.equal(status, 1);
});

test('a missing member and an unknown event are named', () => {
  const source = (use: string) => `import { app } from 'electron/main'; ${use}; app.exit();`;
  assert.match(run('a.mjs', source('app.dock.hide()')).stderr, /electron\.app\.dock is not in the stand-in/);
  assert.match(
    run('b.mjs', source("app.on('login', () => {})")).stderr,
    /electron\.app\.on\('login'\) is not in/,
  );
  assert.match(
    run('c.mjs', source('app.allowRendererProcessReuse = true')).stderr,
    /app\.allowRendererProcessReuse/,
  );
});

test('a CommonJS main file and default imports work', () => {
  const cjs =
    "const { app } = require('electron'); console.log(process.argv.slice(2), app.getName()); app.quit();";
  const { stdout, status } = run('main.cjs', cjs);
  assert.equal(stdout, "[ '--x' ] Electron\n");
  assert.equal(status, 0);
  const esm = "import electron from 'electron'; console.log(electron.app.isReady()); electron.app.quit();";
  assert.equal(run('default.mjs', esm).stdout, 'false\n');
});

test('windows wait for ready, and schemes come before it', () => {
  const early = "import { BrowserWindow } from 'electron'; new BrowserWindow();";
  assert.match(run('early.mjs', early).stderr, /Cannot create BrowserWindow before app is ready/);
});

test('without a Chromium the reason is printed', () => {
  const source = "import { app } from 'electron'; await app.whenReady(); console.log('never');";
  const { stdout, stderr, status } = run('none.mjs', source, {
    ...process.env,
    CHROME_PATH: '/nowhere/chrome',
  });
  assert.equal(stdout, '');
  assert.match(stderr, /CHROME_PATH names \/nowhere\/chrome, which is not a program/);
  assert.equal(status, 1);
});

test('a utility process talks with the app through its parentPort, and is ended by it', () => {
  const worker = join(folder, 'worker.mjs');
  writeFileSync(
    worker,
    "process.parentPort.on('message', ({ data }) => process.parentPort.postMessage(data + 1));",
  );
  const { stdout } = run(
    'utility.mjs',
    `import { app, utilityProcess } from 'electron';
     const child = utilityProcess.fork(${JSON.stringify(worker)});
     child.on('message', (found) => { console.log('found', found); child.kill(); });
     child.on('exit', () => { console.log('ended'); app.exit(); });
     child.postMessage(1);`,
  );
  assert.match(stdout, /found 2\nended/);
});
