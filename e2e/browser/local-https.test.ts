import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import type { KeyedCertificate } from '../../packages/cli/src/certificates/build.ts';
import { makeServerCertificate } from '../../packages/cli/src/certificates/make.ts';
import {
  type PreparedCertificates,
  prepareCertificates,
} from '../../packages/cli/src/certificates/prepare.ts';
import { nameOf } from '../../packages/cli/src/certificates/state.ts';
import { trustGuide } from '../../packages/cli/src/certificates/trust-guide.ts';
import { prepareLocalHttps } from '../../scripts/start/local-https.ts';
import { noBrowser, startBrowserOfHome } from './chromium.ts';
import { noWebApp, signIn, startWebApp } from './web-app.ts';

const noCertutil =
  spawnSync('certutil', ['-H']).error === undefined
    ? false
    : 'certutil (libnss3-tools) is not installed here';
const skip = noBrowser || noCertutil;
const now = Math.floor(Date.now() / 1000);

let home: string;
let prepared: PreparedCertificates;
let guide: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'deskauth-local-https-'));
  prepared = await prepareCertificates({ directory: join(home, 'certificates') });
  const file = prepared.files.root.certificate;
  const name = nameOf(await readFile(file, 'utf8'));
  guide = trustGuide({ file, name, domain: prepared.domain }, 'linux');
});
after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

/** The lines of the guide are typed as they stand there, by a person whose home this is. */
function type(word: 'trust' | 'forget'): void {
  const [, part = ''] = /^(Chromium[\s\S]*?)\n\n/m.exec(guide) ?? [];
  const lines = [...part.matchAll(/^ {4}(\w+) +(.*)$/gm)].filter(([, which]) => which === word);
  assert.ok(lines.length > 0);
  for (const [, , line = ''] of lines)
    execFileSync('sh', ['-c', line], { env: { ...process.env, HOME: home }, stdio: 'pipe' });
}

async function serve(t: TestContext, { certificate: cert, key }: KeyedCertificate): Promise<number> {
  const server = createServer({ cert, key }, (_request, response) => response.end('<h1>here</h1>'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The browser of this home; nothing but its database of certificates is kept from one start to the next. */
async function startBrowser(t: TestContext): Promise<BrowserContext> {
  await mkdir(join(home, 'profiles'), { recursive: true });
  const profile = await mkdtemp(join(home, 'profiles', 'x'));
  const flags = ['--host-resolver-rules=MAP login.example.com 127.0.0.1'];
  const browser = await startBrowserOfHome(profile, { ...process.env, HOME: home }, flags);
  t.after(() => browser.close());
  return browser;
}

/** What the browser shows, or why it does not. */
async function open(browser: BrowserContext, ...addresses: string[]): Promise<string[]> {
  const page = await browser.newPage();
  const seen: string[] = [];
  for (const address of addresses)
    seen.push(
      await page.goto(address).then(
        async () => (await page.textContent('h1')) ?? '',
        (error: Error) => /net::\w+/.exec(error.message)?.[0] ?? error.message,
      ),
    );
  return seen;
}

test('Z05 Chromium trusts the names once the guide’s lines were typed, never another name, and forgets by the guide’s line', {
  skip,
}, async (t) => {
  const { root, server } = prepared.files;
  const load = async (files: typeof root) => ({
    certificate: await readFile(files.certificate, 'utf8'),
    key: await readFile(files.key, 'utf8'),
  });
  const port = await serve(t, await load(server));
  const addresses = [
    ...['web', 'api', 'login'].map((part) => `https://${part}.deskauth.localhost:${port}/`),
    `https://127.0.0.1:${port}/`,
  ];
  type('trust');
  const browser = await startBrowser(t);
  assert.deepEqual(await open(browser, ...addresses), ['here', 'here', 'here', 'here']);
  await signInAtItsName(t, browser);
  const foreignPort = await serve(t, await makeServerCertificate(await load(root), 'example.com', now));
  const [seen] = await open(browser, `https://login.example.com:${foreignPort}/`);
  assert.equal(seen, 'net::ERR_CERT_INVALID', 'the name constraints hold');
  type('forget');
  const later = await open(await startBrowser(t), addresses[0] ?? '');
  assert.deepEqual(later, ['net::ERR_CERT_AUTHORITY_INVALID']);
});

/** All of it at its names, as `npm start -- --https` has it. */
async function signInAtItsName(t: TestContext, browser: BrowserContext): Promise<void> {
  if (noWebApp) return t.diagnostic(noWebApp);
  const web = await startWebApp(await prepareLocalHttps(home, undefined));
  t.after(() => web.stop());
  const page = await browser.newPage();
  await signIn(page, `${web.url}/`);
  await page.getByText('Northwind').first().waitFor();
  const cookies = await browser.cookies(web.authority.issuer);
  assert.ok(cookies.length > 0 && cookies.every(({ secure }) => secure), 'cookies are for https only');
  assert.ok(page.url().startsWith(`${web.url}/`));
}
