import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { AuthError } from '@deskauth/session';
import { sayError } from '../../packages/cli/src/terminal.ts';

test('SUP-03 the command names an error for the support desk, in our words and the server’s', (t) => {
  const said: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  const server = { status: 503, trace: { 'x-ms-request-id': 'abc-123' } };
  const error = new AuthError('AUTH_NETWORK', 'No answer.', { server, network: 'proxy' });
  sayError(error);
  t.mock.restoreAll();
  assert.equal(
    said.at(-1),
    `  AUTH_NETWORK · network: proxy · error id ${error.errorId} · x-ms-request-id abc-123\n`,
  );
});

for (const [version, isRefused] of [
  ['18.20.8', true],
  ['20.18.3', true],
  ['20.19.0', false],
] as const)
  test(`ENV-11 the command on Node ${version} is ${isRefused ? 'refused' : 'run'}`, () => {
    const bin = join(import.meta.dirname, '../../packages/cli/bin/deskauth.js');
    const fake = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    const args = ['--import', `data:text/javascript,${encodeURIComponent(fake)}`, bin, '--help'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    assert.equal(status, isRefused ? 2 : 0, stderr);
    assert.equal(/needs Node\.js 20\.19 or newer/.test(stderr), isRefused);
  });
