import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startDevAuthority } from '@deskauth/dev-authority';
import { makeFolder, startForTest } from './authority-fixture.ts';

test('DEV-04 every workspace has keys and secrets of its own, private and out of git', async (t) => {
  const [one, other] = [join(await makeFolder(t), 'keys'), join(await makeFolder(t), 'keys')];
  const first = await startForTest(t, { directory: one });
  const second = await startForTest(t, { directory: other });

  assert.notEqual(first.apiClientSecret, second.apiClientSecret);
  assert.notDeepEqual(await loadKeys(first.issuer), await loadKeys(second.issuer));
  assert.deepEqual((await readdir(one)).sort(), ['.gitignore', 'dev-authority-secrets.json']);
  assert.equal(await readFile(join(one, '.gitignore'), 'utf8'), '*\n');
  if (process.platform === 'win32') return;
  assert.equal((await stat(one)).mode & 0o777, 0o700);
  assert.equal((await stat(join(one, 'dev-authority-secrets.json'))).mode & 0o777, 0o600);
});

test('DEV-04 a folder that is used for more keeps what it has', async (t) => {
  const directory = await makeFolder(t);
  await writeFile(join(directory, '.gitignore'), '# ours\n\nnode_modules');
  await startForTest(t, { directory });
  await startForTest(t, { directory });
  const ignored = await readFile(join(directory, '.gitignore'), 'utf8');
  assert.equal(ignored, '# ours\n\nnode_modules\ndev-authority-secrets.json*\nadmin*.header\n');
});

test('DEV-04 without a folder the keys are new each time and in memory only', async (t) => {
  const [first, second] = [await startForTest(t), await startForTest(t)];
  assert.notEqual(first.apiClientSecret, second.apiClientSecret);
  assert.notDeepEqual(await loadKeys(first.issuer), await loadKeys(second.issuer));
});

test('DEV-04 publishes no private key', async (t) => {
  const { issuer } = await startForTest(t);
  for (const key of await loadKeys(issuer))
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

test('a broken secrets file is named, and kept', async (t) => {
  const directory = await makeFolder(t);
  const file = join(directory, 'dev-authority-secrets.json');
  for (const text of [
    '',
    'null',
    '{"signingKeys": []}',
    '{"signingKeys": [null], "cookieKeys": ["x"], "apiClientSecret": "x"}',
  ]) {
    await writeFile(file, text);
    await assert.rejects(startDevAuthority({ port: 0, directory }), (error: Error) =>
      error.message.includes(file),
    );
    assert.equal(await readFile(file, 'utf8'), text);
  }
});

test('takes the next free port, unless it must have this one', async (t) => {
  const first = await startForTest(t);
  const second = await startForTest(t, { port: first.port });
  assert.ok(second.port > first.port);
  assert.equal(second.issuer, `http://127.0.0.1:${second.port}`);
  await assert.rejects(
    startDevAuthority({ port: first.port, portStrict: true }),
    new RegExp(`port ${first.port} taken`),
  );
});

test('stop frees the port at once, with connections still open', async (t) => {
  const authority = await startForTest(t);
  await fetch(authority.issuer);
  await authority.stop();
  await assert.rejects(fetch(authority.issuer));
  const server = createServer().listen(authority.port, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
});

test('a setting that cannot work is named at start', async () => {
  await assert.rejects(startDevAuthority({ accessTokenSeconds: 0 }), /accessTokenSeconds is 0/);
  await assert.rejects(startDevAuthority({ port: 70_000 }), /port is 70000/);
  const redirectUris = ['http://example.com/callback'];
  const client = { clientId: 'wrong', name: 'Wrong', type: 'native', redirectUris } as const;
  await assert.rejects(
    startDevAuthority({ port: 0, clients: [client] }),
    /client 'wrong' cannot be registered: .*loopback/,
  );
});

test('a setting that is misspelt or of another kind is named at start, with what was meant', async () => {
  const cases: [wrong: Record<string, unknown>, says: RegExp][] = [
    [{ accessTokenSecond: 5 }, /^accessTokenSecond is not a setting: did you mean accessTokenSeconds\?$/],
    [{ colour: 'red' }, /^colour is not a setting; there are port, /],
    [{ users: {} }, /^users is an object; expected a list of users, each with sub, username and email\.$/],
    [{ users: [{ sub: 'a', password: 'canary' }] }, /^users is another list; expected a list of users/],
    [{ clients: 'x' }, /^clients is "x"; expected a list of clients/],
    [{ accessTokenSeconds: '60' }, /^accessTokenSeconds is "60"; expected a number\.$/],
    [{ accessTokenFormat: 'JWT' }, /^accessTokenFormat is "JWT"; expected 'jwt' or 'opaque'\.$/],
    [{ admin: 'no' }, /^admin is "no"; expected true or false\.$/],
    [{ log: console }, /^log is an object; expected a function\.$/],
  ];
  for (const [wrong, message] of cases)
    await assert.rejects(startDevAuthority({ port: 0, ...wrong }), { name: 'TypeError', message });
});

test('prints nothing by itself', async () => {
  const script = fileURLToPath(new URL('./quiet-run.ts', import.meta.url));
  const run = promisify(execFile)(process.execPath, ['--conditions=source', script]);
  assert.deepEqual(await run, { stdout: 'signed in\n', stderr: '' });
});

async function loadKeys(issuer: string): Promise<Record<string, string>[]> {
  const { keys } = await (await fetch(`${issuer}/jwks`)).json();
  return keys;
}
