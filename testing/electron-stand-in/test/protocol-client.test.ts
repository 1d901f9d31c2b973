import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { findChromium } from '../src/index.ts';
import { startFixture } from './fixture-app.ts';

const found = findChromium();
const noXdg = spawnSync('xdg-mime', ['--version']).status === 0 ? false : 'xdg-mime is not installed.';

test('an address of a private scheme comes to the running app', {
  skip: ('reason' in found && found.reason) || noXdg,
}, async (t) => {
  const app = await startFixture();
  t.after(() => app.stop());
  const client = (action: string) => app.page.evaluate(`fixture.invoke('default-client', '${action}')`);
  assert.equal(await client('is'), false);
  assert.equal(await client('set'), true);
  assert.equal(await client('is'), true);

  const told = app.page.evaluate(`new Promise((resolve) => {
    fixture.on('second-instance', (args) => resolve(args));
  })`);
  await app.page.evaluate("fixture.invoke('echo', 'the listener is there')");
  const address = 'stand-in-fixture://callback/?code=a%20b&state=c';
  // Without a screen xdg-open asks no scheme handlers; nothing is shown on this one.
  execFileSync('xdg-open', [address], { env: { ...app.env, DISPLAY: ':0' }, stdio: 'ignore' });
  assert.deepEqual(await told, [address]);

  assert.equal(await client('remove'), true);
  assert.equal(await client('is'), false);
});
