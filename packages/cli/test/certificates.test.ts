import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { buildCertificate, type KeyedCertificate } from '../src/certificates/build.ts';
import { requireLocalDomain } from '../src/certificates/domain.ts';
import { hostsLine, namesNotHere } from '../src/certificates/hosts.ts';
import { makeRoot, makeServerCertificate } from '../src/certificates/make.ts';
import { prepareCertificates } from '../src/certificates/prepare.ts';
import { ROOT_NAME } from '../src/certificates/state.ts';
import { trustGuide } from '../src/certificates/trust-guide.ts';

const DAY = 86_400;
const now = Math.floor(Date.now() / 1000);
const domain = 'app.test';
const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed here';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'deskauth certs '));
});
after(() => rm(directory, { recursive: true, force: true }));

const prepare = (more: Partial<Parameters<typeof prepareCertificates>[0]> = {}) =>
  prepareCertificates({ domain, directory, now, ...more });
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const read = (file: string) => readFile(file, 'utf8');

/** A server with this certificate, and what a client that trusts the root makes of it under this name. */
async function ask(t: TestContext, server: KeyedCertificate, ca: string, servername: string) {
  const listener = createServer({ cert: server.certificate, key: server.key }, (socket) => socket.end());
  listener.on('tlsClientError', () => {});
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  t.after(() => listener.close());
  const { port } = listener.address() as AddressInfo;
  const options = servername ? { servername } : {};
  const socket = connect({ socket: connectTcp(port, '127.0.0.1'), ca, host: '127.0.0.1', ...options });
  return new Promise<string>((resolve) => {
    socket.once('secureConnect', () => resolve('trusted'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`));
  }).finally(() => socket.destroy());
}

test('Z05 a root and a certificate for all names of the domain: Node trusts them under these names and no others', async (t) => {
  const { files, root, server } = await prepare();
  assert.deepEqual([root, server], ['made', 'made']);
  const pair = { certificate: await read(files.server.certificate), key: await read(files.server.key) };
  const ca = await read(files.root.certificate);
  for (const name of ['web.app.test', 'api.app.test', 'login.app.test', 'app.test', 'localhost', ''])
    assert.equal(await ask(t, pair, ca, name), 'trusted', name || '127.0.0.1');
  for (const name of ['other.test', 'a.b.app.test'])
    assert.match(await ask(t, pair, ca, name), /^ERR_TLS_CERT_ALTNAME_INVALID/, name);
});

test('Z05 openssl takes the chain too, by the strict rules, and the certificate lasts no longer than browsers allow', {
  skip: noOpenssl,
}, async () => {
  const { files, endsAt } = await prepare();
  const strict = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'login.app.test'];
  const { stdout, stderr } = spawnSync(
    'openssl',
    [...strict, '-CAfile', files.root.certificate, files.server.certificate],
    { encoding: 'utf8' },
  );
  assert.match(stdout, /: OK\n/, stderr);
  assert.ok(endsAt - now <= 397 * DAY && endsAt - now > 390 * DAY);
  const text = spawnSync('openssl', ['x509', '-in', files.root.certificate, '-noout', '-text'], {
    encoding: 'utf8',
  }).stdout;
  assert.match(text, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
  assert.match(text, /Key Usage: critical\s+Certificate Sign\n/);
  assert.match(
    text,
    /Name Constraints: critical\s+Permitted:\s+DNS:app\.test\s+DNS:localhost\s+IP:127\.0\.0\.0/,
  );
});

test('Z05 who steals the root can speak for no other name: Node and openssl refuse what it signs', async (t) => {
  const root = await makeRoot(domain, now);
  const foreign = await makeServerCertificate(root, 'login.example.com', now);
  assert.match(await ask(t, foreign, root.certificate, 'login.example.com'), /permitted subtree violation/);
  if (noOpenssl) return t.diagnostic(noOpenssl);
  const files = { ca: join(directory, 'stolen.crt'), cert: join(directory, 'foreign.crt') };
  await writeFile(files.ca, root.certificate);
  await writeFile(files.cert, foreign.certificate);
  const { status, stderr } = spawnSync('openssl', ['verify', '-CAfile', files.ca, files.cert]);
  assert.notEqual(status, 0);
  assert.match(String(stderr), /permitted subtree violation/);
});

test('Z05 keys are readable by their owner only, also those that were open before, and git sees none of it', {
  skip: process.platform === 'win32' && 'Windows has other rights',
}, async () => {
  const { files } = await prepare();
  await chmod(files.root.key, 0o644);
  await chmod(join(directory, domain), 0o755);
  await prepare();
  for (const key of [files.root.key, files.server.key]) assert.equal(await modeOf(key), 0o600);
  assert.equal(await modeOf(join(directory, domain)), 0o700);
  assert.equal(await read(join(directory, domain, '.gitignore')), '*\n');
  assert.deepEqual((await readdir(join(directory, domain))).sort(), [
    ...['.gitignore', 'root.crt', 'root.key', 'server.crt', 'server.key'],
  ]);
});

test('Z05 a folder that is used for more keeps its rights and what it has', async () => {
  const folder = await mkdtemp(join(directory, 'more '));
  await chmod(folder, 0o755);
  await writeFile(join(folder, '.gitignore'), 'node_modules\n');
  await prepare({ directory: folder });
  assert.equal(await read(join(folder, '.gitignore')), 'node_modules\n');
  if (process.platform !== 'win32') assert.equal(await modeOf(folder), 0o755);
});

test('Z05 what is good is kept, and another domain has a root of its own beside it', async () => {
  const { files } = await prepare();
  const before = await Promise.all([read(files.root.certificate), read(files.server.certificate)]);
  const again = await prepare();
  assert.deepEqual([again.root, again.server, again.because], ['kept', 'kept', undefined]);
  const other = await prepare({ domain: 'local.example.com' });
  assert.equal(other.root, 'made');
  assert.deepEqual(await Promise.all([read(files.root.certificate), read(files.server.certificate)]), before);
});

test('Z05 the server’s certificate is renewed before its end under the same root; a root at its end gives way to a new one', async () => {
  const { files } = await prepare({ domain: 'clock.test' });
  const root = await read(files.root.certificate);
  const at = (days: number) => prepare({ domain: 'clock.test', now: now + days * DAY });
  assert.deepEqual([(await at(360)).server, (await at(367)).because], ['kept', 'it ends in 30 days']);
  assert.equal(await read(files.root.certificate), root);
  assert.equal((await at(367)).server, 'kept');
  assert.equal((await at(2000)).because, 'it has ended');
  assert.equal((await at(3640)).endsAt, now + 3650 * DAY, 'no longer than its root');
  const last = await at(3650);
  assert.deepEqual([last.root, last.because], ['made', 'it is signed by another root']);
  assert.notEqual(await read(files.root.certificate), root);
});

test('Z05 a server’s certificate that cannot be used is made again; a root that cannot sign is left alone and said', async () => {
  const { files } = await prepare({ domain: 'broken.test' });
  const again = () => prepare({ domain: 'broken.test' });
  const foreign = await makeRoot('broken.test', now);
  for (const [file, text, because] of [
    [files.server.certificate, 'no certificate', 'it is no certificate'],
    [files.server.key, foreign.key, 'its key is missing or belongs to another'],
    [files.server.certificate, undefined, undefined],
    [files.server.key, undefined, 'its key is missing or belongs to another'],
  ] as const) {
    await (text === undefined ? rm(file) : writeFile(file, text));
    const { server, because: said } = await again();
    assert.deepEqual([server, said], ['made', because]);
  }
  const root = await read(files.root.certificate);
  await writeFile(files.root.key, foreign.key);
  await assert.rejects(again(), /root\.crt cannot be used: its key .* delete the folder .*broken\.test/);
  await rm(files.root.key);
  await assert.rejects(again(), /root\.crt cannot be used/);
  assert.equal(await read(files.root.certificate), root);
});

test('Z05 a root that somebody put there, and that could vouch for other names, is not taken', async () => {
  const { files } = await prepare({ domain: 'planted.test' });
  const wide = await buildCertificate({
    ...{ name: `${ROOT_NAME} 123456 for planted.test`, beginsAt: now - DAY, endsAt: now + DAY },
    extensions: [],
  });
  for (const planted of [wide, await makeRoot('test', now), await makeRoot('example.com', now)]) {
    await writeFile(files.root.certificate, planted.certificate);
    await writeFile(files.root.key, planted.key);
    await assert.rejects(prepare({ domain: 'planted.test' }), /root\.crt was not made by .*Do not trust it/);
  }
});

test('Z05 a domain is a name that the machine may speak for', () => {
  for (const good of ['deskauth.localhost', 'App.Test', 'local.example.com', 'x.home.arpa', 'dev.internal'])
    assert.equal(requireLocalDomain(good), good.toLowerCase());
  for (const bad of [
    'localhost',
    'test',
    'com',
    'example.com',
    'a..test',
    '../x.test',
    '-a.test',
    '127.0.0.1',
  ])
    assert.throws(
      () => requireLocalDomain(bad),
      /--domain: expected a name such as deskauth\.localhost/,
      bad,
    );
  for (const bad of ['home.arpa', '', 'a b.test', 'a/b.test', '*.app.test', 'ä.test', '[::1]'])
    assert.throws(() => requireLocalDomain(bad), /--domain: expected/, bad);
});

test('Z05 names that do not lead here, or not only here, are found', async () => {
  const answers: Record<string, string[]> = {
    ...{ here: ['127.0.0.1', '::1'], mapped: ['127.1.2.3'], nowhere: [] },
    ...{ away: ['203.0.113.5'], both: ['127.0.0.1', '203.0.113.5'] },
  };
  const found = await namesNotHere(Object.keys(answers), async (host) => answers[host] ?? []);
  assert.deepEqual(found, ['nowhere', 'away', 'both']);
  assert.equal(hostsLine(['a.test', 'b.test']), '127.0.0.1 a.test b.test');
});

test('Z05 the guide has a way to trust and a way back for every system, this one first', () => {
  const root = { file: "/home/o'neil/my app/root.crt", name: 'Deskauth local root 1', domain };
  const guide = trustGuide(root, 'darwin');
  assert.match(guide, /^macOS/);
  assert.match(trustGuide(root, 'win32'), /^Windows.*\n {4}trust {3}certutil -user -addstore Root "/);
  for (const word of ['Debian', 'Fedora', 'Chromium', 'Firefox', 'NODE_EXTRA_CA_CERTS', '--use-system-ca'])
    assert.ok(guide.includes(word), word);
  const ways = guide.trimEnd().split('\n\n');
  assert.equal(ways.length, 8);
  for (const way of ways) assert.match(way, /\n {4}trust [\s\S]*\n {4}forget /);
  assert.ok(guide.includes(`sudo cp '/home/o'\\''neil/my app/root.crt' `), 'quoted for a shell');
});
