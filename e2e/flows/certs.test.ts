import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { machineFetch } from '@deskauth/node';
import { createHome, type Home } from './cli-bench.ts';

let home: Home;
before(async () => {
  home = await createHome();
});
after(() => home.remove());

const run = (...args: string[]) =>
  home.run(['certs', '--directory', join(home.directory, 'certificates'), ...args]);

test('Z05 deskauth certs says where the files are, which line the hosts file needs, and how to trust the root', async () => {
  const { code, stdout, stderr } = await run('--domain', 'nobody-knows.test');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^The root certificate is new: nothing trusts it yet\.\n$/);
  const [, root = ''] = /^root +(\/.*root\.crt)$/m.exec(stdout) ?? [];
  assert.match(await readFile(root, 'utf8'), /^-----BEGIN CERTIFICATE-----/);
  const hosts = 'web.nobody-knows.test api.nobody-knows.test login.nobody-knows.test';
  assert.ok(stdout.includes(`\n    127.0.0.1 ${hosts}\n`), stdout);
  assert.match(stdout, /certutil -D .* -n 'Deskauth local root [0-9a-f]{6} for nobody-knows\.test'/);
  assert.ok(stdout.includes(`'${root}'`), 'quoted: a home may have a space in its name');
  assert.ok(!`${stdout}${stderr}`.includes('PRIVATE'));
});

test('Z05 deskauth certs --json is for programs, and a second time nothing is new', async () => {
  await run();
  const { stdout, stderr } = await run('--json');
  assert.equal(stderr, '');
  const { domain, root, certificate, key, endsAt } = JSON.parse(stdout);
  assert.equal(domain, 'deskauth.localhost');
  for (const file of [root, certificate, key]) assert.ok((await readFile(file, 'utf8')).startsWith('-----'));
  assert.ok(endsAt > Date.now() / 1000);
});

test('Z05 deskauth certs takes no domain that others may own', async () => {
  const { code, stderr } = await run('--domain', 'example.com');
  assert.equal(code, 2);
  assert.match(stderr, /^--domain: expected a name such as deskauth\.localhost, .* found "example\.com"/);
});

test('Z05 deskauth authority --https says how to sign in there, and so it is done', async () => {
  const authority = home.start([
    ...['authority', '--https', '--port', '0', '--directory', join(home.directory, 'authority')],
  ]);
  const issuer = await authority.address;
  assert.match(issuer, /^https:\/\/login\.deskauth\.localhost:\d+$/);
  const caFile = '.deskauth/certificates/deskauth.localhost/root.crt';
  const words = ['login', '--issuer', issuer, '--client-id', 'deskauth-cli', '--ca-file', caFile];
  const login = home.start([...words, '--no-browser']);
  const browser = createHttpBrowser({ fetch: machineFetch({ caFile }) });
  await browser.signIn(await login.address, {
    ...{ username: 'europe', password: 'deskauth', followRedirect: true },
  });
  assert.equal((await login.finished).code, 0);
  assert.match((await home.run(['whoami'])).stdout, /Europe Analyst/);
  authority.child.kill('SIGTERM');
  const { code, stderr } = await authority.finished;
  assert.equal(code, 0);
  assert.ok(stderr.includes(`Try: deskauth ${words.join(' ')}\n`), stderr);
});

test('Z05 deskauth authority takes a domain with --https only', async () => {
  const { code, stderr } = await home.run(['authority', '--domain', 'app.test']);
  assert.equal(code, 2);
  assert.match(stderr, /^--domain goes with --https\./);
});
