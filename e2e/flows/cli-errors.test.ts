import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AuthError } from '@deskauth/session';
import { run } from '../../packages/cli/src/run.ts';
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

test('a word that a command does not know is named, and nothing is done', async (t) => {
  const said: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  const codes = [
    await run(['whoami', 'extra']),
    await run(['logout', 'anna']),
    await run(['bogus', 'extra']),
  ];
  t.mock.restoreAll();
  assert.deepEqual(codes, [2, 2, 2]);
  assert.match(
    said.join(''),
    /whoami takes no "extra".*\n.*\nlogout takes no "anna".*\n.*\nThere is no command "bogus"/,
  );
});

test('deskauth authority --admin says how to reach it, with the token in a file of its owner', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-authority-'));
  const bin = join(import.meta.dirname, '../../packages/cli/bin/deskauth.js');
  const child = spawn(process.execPath, [
    bin,
    'authority',
    '--admin',
    '--port',
    '0',
    '--directory',
    directory,
  ]);
  t.after(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await rm(directory, { recursive: true, force: true });
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  while (!text.includes('and a fault')) await once(child.stderr, 'data');
  const [, file = '', url = ''] = /curl -H @(\S+) (\S+\/faults)/.exec(text) ?? [];
  const header = await readFile(file, 'utf8');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const authorization = header.replace('Authorization: ', '').trim();
  assert.ok(!text.includes(authorization.slice('Bearer '.length)));
  const response = await fetch(url, { headers: { authorization } });
  assert.equal(response.status, 200);
});
