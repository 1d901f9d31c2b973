import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { createNodeSession, type NetworkSettings } from '@deskauth/node';
import type { AuthError } from '@deskauth/session';
import {
  createHttpBrowser,
  createKeyRing,
  type KeyRing,
  startHostileAuthority,
} from '../../testing/hostile-authority/src/index.ts';
import { type Certificate, makeCertificate, makeRoot, noOpenssl } from './certificates.ts';
import { type ProxyManner, startProxy, startTlsFront } from './company-network.ts';

/** A company: its sign-in server has a name that only the proxy knows, and a certificate that only the company trusts. */
let keys: KeyRing;
let folder: string;
let caFile: string;
let certificate: Certificate;
before(async () => {
  keys = await createKeyRing();
  folder = mkdtempSync(join(tmpdir(), 'deskauth company '));
  if (noOpenssl) return;
  caFile = makeRoot(folder, 'root', 'Example Company Root');
  certificate = makeCertificate(folder, 'login', { subject: 'DNS:login.example.com', signedBy: 'root' });
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function startCompany(t: TestContext, manner: Omit<ProxyManner, 'leadsTo'> = {}) {
  const authority = await startHostileAuthority({ bend: {}, keys, isPublic: true });
  const front = await startTlsFront(certificate, authority.origin);
  const proxy = await startProxy({ ...manner, leadsTo: front.port });
  t.after(() => Promise.all([authority.stop(), front.stop(), proxy.stop()]));
  const browser = createHttpBrowser(authority.fetch);
  const createSession = (network: NetworkSettings) =>
    createNodeSession({
      ...{ appName: 'Company', issuer: authority.issuer, clientId: 'desktop', store: 'memory', browser },
      ...network,
    });
  const signIn = (network: NetworkSettings) =>
    createSession(network)
      .signIn()
      .finished.then(
        (user): Ended => ({ user: user.sub }),
        (error: AuthError): Ended => ({ error }),
      );
  return { proxy, signIn, authority };
}

interface Ended {
  readonly user?: string;
  readonly error?: AuthError;
}

/** Runs work in an environment with these variables. */
async function withVariables<T>(variables: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const names = Object.keys(variables);
  const before = names.map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

const skip = noOpenssl;

test('ENV-01 ENV-02 D19 N11 sign-in through a proxy with a password, to a server with the company’s certificate', {
  skip,
}, async (t) => {
  const { proxy, signIn } = await startCompany(t, { credentials: 'max:p@ss' });
  const address = `http://max:p%40ss@127.0.0.1:${proxy.port}`;
  assert.deepEqual(await signIn({ proxy: address, caFile }), { user: 'user-europe' });
  assert.deepEqual([...new Set(proxy.asked)], ['login.example.com:443']);
});

for (const name of ['HTTPS_PROXY', 'https_proxy'])
  test(`ENV-01 D19 ${name} is enough, and NO_PROXY is heard`, { skip }, async (t) => {
    const { proxy, signIn } = await startCompany(t);
    const variables = { [name]: `127.0.0.1:${proxy.port}` };
    const ended = await withVariables(variables, () => signIn({ caFile }));
    assert.deepEqual(ended, { user: 'user-europe' });
    const { length } = proxy.asked;
    const direct = await withVariables({ ...variables, NO_PROXY: '.example.com' }, () => signIn({ caFile }));
    assert.equal(direct.error?.code, 'AUTH_NETWORK');
    assert.equal(proxy.asked.length, length, 'the proxy was left alone');
  });

const REFUSALS: readonly [name: string, manner: Omit<ProxyManner, 'leadsTo'>, user: string, says: RegExp][] =
  [
    ['that wants a password', { credentials: 'max:right' }, '', /wants a user name and password.*407/],
    ['with the wrong password', { credentials: 'max:right' }, 'max:wr0ng!@', /does not accept.*407/],
    [
      'that wants NTLM',
      { refusal: { status: 407, challenge: 'Negotiate, NTLM' } },
      '',
      /Negotiate or NTLM, and only Basic/,
    ],
    [
      'that cannot reach the server',
      { refusal: { status: 502 } },
      '',
      /did not open a way there: HTTP status 502/,
    ],
  ];
for (const [name, manner, user, says] of REFUSALS)
  test(`ENV-01 a proxy ${name} is named, without its password, and the session stays`, {
    skip,
  }, async (t) => {
    const { proxy, signIn, authority } = await startCompany(t, manner);
    const { error } = await signIn({ proxy: `http://${user}127.0.0.1:${proxy.port}`, caFile });
    assert.equal(error?.code, 'AUTH_NETWORK');
    assert.equal(error.network, 'proxy');
    assert.match(error.message, says);
    assert.ok(error.message.includes(`127.0.0.1:${proxy.port}`));
    assert.ok(error.sessionKept);
    assert.doesNotMatch(JSON.stringify(error) + error.stack, /wr0ng/);
    assert.deepEqual(authority.asked.parts, []);
  });

test('ENV-01 a proxy that is not there is named', { skip }, async (t) => {
  const { proxy, signIn } = await startCompany(t);
  await proxy.stop();
  const { error } = await signIn({ proxy: `http://127.0.0.1:${proxy.port}`, caFile });
  assert.equal(error?.network, 'proxy');
  assert.match(error.message, /the proxy 127\.0\.0\.1:\d+ \(setting "proxy"\) cannot be reached/);
});

test('ENV-02 D19 a certificate of the company is told as such, with who made it and what helps', {
  skip,
}, async (t) => {
  const { proxy, signIn, authority } = await startCompany(t);
  const { error } = await signIn({ proxy: `http://127.0.0.1:${proxy.port}` });
  assert.equal(error?.code, 'AUTH_NETWORK');
  assert.equal(error.network, 'tls');
  assert.match(error.message, /certificate is not trusted.*issued by "Example Company Root".*caFile/);
  assert.ok(error.sessionKept && error.mayRetry);
  assert.deepEqual(authority.asked.parts, []);
});

test('ENV-02 NODE_TLS_REJECT_UNAUTHORIZED=0 switches nothing off, and is warned of', { skip }, async (t) => {
  const { proxy, signIn, authority } = await startCompany(t);
  await withVariables({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, async () => {
    const { error } = await signIn({ proxy: `http://127.0.0.1:${proxy.port}` });
    assert.equal(error?.network, 'tls');
    assert.deepEqual(authority.asked.parts, []);
    const session = createNodeSession({
      ...{ appName: 'Company', issuer: authority.issuer, clientId: 'desktop', store: 'memory' },
      onWarning: () => {},
    });
    assert.deepEqual(
      session.warnings.map(({ code }) => code),
      ['tls-checks-off'],
    );
  });
});
