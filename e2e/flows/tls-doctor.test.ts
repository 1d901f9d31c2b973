import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import type { KeyedCertificate } from '../../packages/cli/src/certificates/build.ts';
import { filesOf, saveCertificate } from '../../packages/cli/src/certificates/files.ts';
import { makeRoot, makeServerCertificate } from '../../packages/cli/src/certificates/make.ts';
import { prepareCertificates } from '../../packages/cli/src/certificates/prepare.ts';
import { checkLocalCertificates } from '../../packages/cli/src/doctor/local-certificates.ts';
import { checkTls, type TlsCheck } from '../../packages/cli/src/doctor/tls.ts';
import { makeCertificate, makeRoot as makeForeignRoot, noOpenssl } from './certificates.ts';
import { createHome } from './cli-bench.ts';
import { startProxy } from './company-network.ts';

const DAY = 86_400;
const now = Math.floor(Date.now() / 1000);
const domain = 'app.test';

let certificates: string;
let caFile: string;
let served: KeyedCertificate;
let root: KeyedCertificate;
const load = async ({ certificate, key }: { certificate: string; key: string }) => ({
  certificate: await readFile(certificate, 'utf8'),
  key: await readFile(key, 'utf8'),
});
before(async () => {
  certificates = await mkdtemp(join(tmpdir(), 'deskauth tls '));
  const { files } = await prepareCertificates({ domain, directory: certificates });
  caFile = files.root.certificate;
  [root, served] = await Promise.all([load(files.root), load(files.server)]);
});
after(() => rm(certificates, { recursive: true, force: true }));

async function listen(t: TestContext, server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A real TLS server with this certificate. */
function serve(t: TestContext, { certificate: cert, key }: KeyedCertificate): Promise<number> {
  const server = createTlsServer({ cert, key }, (socket) => socket.on('error', () => {}).end());
  return listen(
    t,
    server.on('tlsClientError', () => {}),
  );
}

/** What is said of a server by this name. Every name leads to this machine. */
async function examine(host: string, port: number, more: TlsCheck = {}) {
  const resolve = async () => ['127.0.0.1'];
  return checkTls(`https://${host}:${port}`, { certificates, caFile, resolve, ...more });
}

/** The only thing that is said, which is a fault with something to do. */
async function faultOf(host: string, port: number, more: TlsCheck = {}): Promise<string> {
  const [finding, ...others] = await examine(host, port, more);
  assert.deepEqual(others, []);
  assert.equal(finding?.check, 'TLS');
  assert.equal(finding?.verdict, 'bad', finding?.says);
  return `${finding?.says} → ${finding?.next}`;
}

test('Z05 a server that is in order: until when, and who trusts it and who does not', async (t) => {
  const port = await serve(t, served);
  const [good, note, ...more] = await examine('login.app.test', port);
  assert.match(good?.says ?? '', /^login\.app\.test:\d+: in order until \d{4}-\d\d-\d\d; trusted by caFile$/);
  assert.equal(good?.verdict, 'good');
  assert.match(
    `${note?.verdict} ${note?.says}`,
    /^note login\.app\.test:\d+: the system does not trust its root/,
  );
  assert.deepEqual(more, []);
});

test('Z05 a name below localhost is reached though the system does not know it, and that is said', async (t) => {
  const local = await prepareCertificates({ directory: certificates });
  const port = await serve(t, await load(local.files.server));
  const more = { caFile: local.files.root.certificate, resolve: async () => [] };
  const findings = await examine('api.deskauth.localhost', port, more);
  assert.deepEqual(
    findings.map(({ verdict }) => verdict),
    ['good', 'note', 'note'],
  );
  assert.match(findings[2]?.next ?? '', /Add this line to .*hosts: 127\.0\.0\.1 api\.deskauth\.localhost$/);
});

test('Z05 the way: a name without an address, one that leads elsewhere, nothing that listens, http, no TLS at all', async (t) => {
  const nowhere = await faultOf('web.app.test', 1, { resolve: async () => [] });
  assert.match(nowhere, /web\.app\.test leads nowhere.*→ Add this line to .*: 127\.0\.0\.1 web\.app\.test$/);
  const public_ = await faultOf('login.example.com', 1, { resolve: async () => [] });
  assert.match(public_, /leads nowhere.* → Look at the spelling/);
  const away = await faultOf('web.app.test', 1, { resolve: async () => ['203.0.113.5'] });
  assert.match(away, /leads to 203\.0\.113\.5, which is not this machine → Add this line/);

  const closed = createTcpServer();
  const port = await listen(t, closed);
  await new Promise((resolve) => closed.close(resolve));
  assert.match(await faultOf('web.app.test', port), /: nothing listens there → Start the server/);

  const http = await listen(
    t,
    createHttpServer((_request, response) => response.end()),
  );
  assert.match(await faultOf('web.app.test', http), /: it speaks http there, and no TLS → .*deskauth certs/);
  const mute = await listen(
    t,
    createTcpServer((socket) => socket.on('error', () => {}).end('220 ready\r\n')),
  );
  assert.match(await faultOf('web.app.test', mute), /: it does not answer with TLS \(/);
});

test('Z05 a certificate for another name: both are said', async (t) => {
  const port = await serve(t, served);
  assert.match(
    await faultOf('a.b.app.test', port),
    /its certificate is for \*\.app\.test, app\.test, localhost, 127\.0\.0\.1, .*, not for a\.b\.app\.test → /,
  );
});

test('Z05 a certificate that has ended, or has not begun: when, and what the clock says', async (t) => {
  const old = await makeServerCertificate(root, domain, now - 500 * DAY);
  const ended = await faultOf('web.app.test', await serve(t, old));
  assert.match(
    ended,
    /"app\.test" ended at \d{4}-\d\d-\d\d \d\d:\d\d UTC; the clock here says .* UTC → If the clock/,
  );
  const early = await makeServerCertificate(root, domain, now + 2 * DAY);
  const begins = await faultOf('web.app.test', await serve(t, early));
  assert.match(begins, /"app\.test" is not valid before .* UTC; the clock here says .* → Set the clock/);
});

test('Z05 a root that nobody trusts here, and one that is not the folder’s', async (t) => {
  const port = await serve(t, served);
  assert.match(
    await faultOf('web.app.test', port, { caFile: undefined }),
    /its root "Deskauth local root [0-9a-f]{6} for app\.test" is not trusted here → deskauth certs .*--ca-file .*root\.crt/,
  );
  const before = await makeRoot(domain, now);
  const old = await serve(t, await makeServerCertificate(before, domain, now));
  assert.match(
    await faultOf('web.app.test', old),
    /signed by "Deskauth local root [0-9a-f]{6} .*"; the root in .*root\.crt is another → Start the server again/,
  );
});

test('Z05 somebody in between at a local name is named, also where their root is trusted', {
  skip: noOpenssl,
}, async (t) => {
  const theirs = makeForeignRoot(certificates, 'fiddler', 'Debugging Proxy Root');
  const subject = 'DNS:web.app.test';
  const { cert, key } = makeCertificate(certificates, 'bent', { subject, signedBy: 'fiddler' });
  const port = await serve(t, { certificate: cert, key });
  for (const trusted of [caFile, theirs])
    assert.match(
      await faultOf('web.app.test', port, { caFile: trusted }),
      /is issued by "Debugging Proxy Root" and not by the root in .*: a proxy or a virus scanner .* do not go on/,
    );
});

test('Z05 servers elsewhere: a root of a stranger, a chain with a gap, one that vouches for itself, a root without the right', {
  skip: noOpenssl,
}, async (t) => {
  const subject = 'DNS:login.example.com';
  makeForeignRoot(certificates, 'company', 'Example Company Root');
  const company = makeCertificate(certificates, 'elsewhere', { subject, signedBy: 'company' });
  const host = 'login.example.com';
  const alone = await serve(t, { certificate: company.cert, key: company.key });
  assert.match(
    await faultOf(host, alone),
    /issued by "Example Company Root", which is not trusted here; if that is no root.* → .*--ca-file/,
  );
  const withRoot = company.cert + (await readFile(join(certificates, 'company.crt'), 'utf8'));
  const whole = await serve(t, { certificate: withRoot, key: company.key });
  assert.match(await faultOf(host, whole), /its root "Example Company Root" is not trusted here → /);

  const place = `${subject}\nauthorityInfoAccess=caIssuers;URI:http://ca.example.com/x.crt`;
  const gap = makeCertificate(certificates, 'gap', { subject: place, signedBy: 'company' });
  const gapPort = await serve(t, { certificate: gap.cert, key: gap.key });
  assert.match(
    await faultOf(host, gapPort),
    /does not send the intermediate certificate "Example Company Root" .*fullchain/,
  );

  const own = makeCertificate(certificates, 'own', { subject });
  const ownPort = await serve(t, { certificate: own.cert, key: own.key });
  assert.match(
    await faultOf(host, ownPort),
    /its certificate "x" vouches for itself, and is not trusted here/,
  );

  const stolen = await makeServerCertificate(root, 'example.com', now);
  assert.match(
    await faultOf(host, await serve(t, stolen)),
    /issuer "Deskauth local root .*" may not speak for these names/,
  );
});

test('Z05 through a proxy the certificate is looked at too, and a proxy that refuses is named', async (t) => {
  const proxy = await startProxy({ leadsTo: await serve(t, served), credentials: 'max:s3cret' });
  t.after(() => proxy.stop());
  const address = (user: string) => `http://${user}@127.0.0.1:${proxy.port}`;
  const through = (user: string) => ({ proxy: address(user), resolve: async () => [] });
  assert.equal((await examine('web.app.test', 443, through('max:s3cret')))[0]?.verdict, 'good');
  assert.deepEqual(proxy.asked, ['web.app.test:443']);
  const refused = await faultOf('web.app.test', 443, through('max:wr0ng'));
  assert.match(refused, /the proxy 127\.0\.0\.1:\d+ .* does not accept/);
  assert.ok(!refused.includes('wr0ng'));
});

test('Z05 a key that belongs to another certificate: no server starts with such a pair, so one is put into the handshake on its way', async (t) => {
  const shown = new X509Certificate((await sameLength(served)).certificate);
  const own = new X509Certificate(served.certificate);
  const pair = { cert: served.certificate, key: served.key };
  // What TLS 1.3 hides, TLS 1.2 sends in the clear.
  const server = createTlsServer({ ...pair, maxVersion: 'TLSv1.2' }).on('tlsClientError', () => {});
  const behind = await listen(t, server);
  const port = await listen(
    t,
    createTcpServer((socket) => {
      const inner = connect(behind, '127.0.0.1');
      for (const end of [socket, inner]) end.on('error', () => {}).once('close', () => socket.destroy());
      socket.pipe(inner);
      inner.on('data', (data) => socket.write(replaceBytes(data, own.raw, shown.raw)));
    }),
  );
  assert.match(await faultOf('web.app.test', port), /its key does not belong to its certificate → /);
});

/** Another certificate for the same names, as long as this one: signatures differ by a byte or two. */
async function sameLength({ certificate }: KeyedCertificate): Promise<KeyedCertificate> {
  const { length } = new X509Certificate(certificate).raw;
  for (;;) {
    const other = await makeServerCertificate(root, domain, now);
    if (new X509Certificate(other.certificate).raw.length === length) return other;
  }
}

function replaceBytes(data: Buffer, old: Buffer, by: Buffer): Buffer {
  const at = data.indexOf(old);
  return at < 0 ? data : Buffer.concat([data.subarray(0, at), by, data.subarray(at + old.length)]);
}

test('Z05 the files of the folder: a key of another, one that ends soon, one that is gone', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth files '));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const { server } = filesOf(directory, domain);
  await prepareCertificates({ domain, directory });
  const say = async (at = now) => {
    const [finding] = await checkLocalCertificates(directory, at);
    return `${finding?.verdict} ${finding?.says} → ${finding?.next}`;
  };
  assert.match(await say(), /^good app\.test: its certificates are good/);
  assert.match(
    await say(now + 380 * DAY),
    /^note app\.test: of .*server\.crt, it ends in 17 days → deskauth certs --domain app\.test/,
  );
  assert.match(await say(now + 4000 * DAY), /root\.crt, it has ended/);
  const pair = await load(server);
  await writeFile(server.key, (await makeRoot(domain, now)).key);
  assert.match(await say(), /server\.crt, its key is missing or belongs to another/);
  await saveCertificate(server, pair);
  await rm(server.certificate);
  assert.match(await say(), /are not all there/);
  assert.deepEqual(await checkLocalCertificates(join(directory, 'none')), []);
});

test('Z05 deskauth doctor --address says it in the command’s words, and takes https addresses only', async (t) => {
  const home = await createHome();
  t.after(() => home.remove());
  const port = await serve(t, served);
  const words = ['doctor', '--json', '--address', `https://localhost:${port}`];
  const good = await home.run([...words, '--ca-file', caFile]);
  const bad = await home.run(words);
  const tls = (text: string) =>
    (JSON.parse(text) as { check: string; verdict: string }[]).filter(({ check }) => check === 'TLS');
  assert.equal(tls(good.stdout)[0]?.verdict, 'good', good.stdout);
  assert.deepEqual([bad.code, tls(bad.stdout)[0]?.verdict], [1, 'bad']);
  const { code, stderr } = await home.run(['doctor', '--address', 'http://localhost:1']);
  assert.equal(code, 2);
  assert.match(stderr, /^--address: expected an https address, found "http:\/\/localhost:1"/);
});
