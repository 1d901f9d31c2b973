import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, type TestContext, test } from 'node:test';
import type { DevAuthority } from '@deskauth/dev-authority';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildAttempt, discover, startForTest } from './authority-fixture.ts';

// What only a real browser shows: the content security policy is enforced, also on the redirects after a form.

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const skip = executablePath === undefined && 'no Chromium is installed here';
const quietFlags = [
  '--no-sandbox',
  '--test-type',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let launched: Promise<Browser> | undefined;
after(async () => (await launched)?.close());

for (const host of ['127.0.0.1', '::1']) {
  test(`a browser comes from the forms to an app at ${host} and from there back to sign-out`, {
    skip,
  }, async (t) => {
    if (!hasAddress(host)) return t.skip(`this machine has no ${host}`);
    const authority = await startForTest(t);
    const appOrigin = await startApp(t, host);
    const { page, violations } = await openBrowser(t);
    await fillSignIn(page, authority, `${appOrigin}/callback`, 'europe');
    await page.click('button[value=allow]');
    await page.waitForURL(`${appOrigin}/callback?code=*`);

    const signOut = new URLSearchParams({
      client_id: 'deskauth-desktop',
      post_logout_redirect_uri: `${appOrigin}/signed-out`,
    });
    await page.goto(`${authority.issuer}/sign-out?${signOut}`);
    await page.click('button[value=yes]');
    await page.waitForURL(`${appOrigin}/signed-out`);
    assert.deepEqual(violations, []);
  });
}

test('a browser is sent on to the private-use scheme', { skip }, async (t) => {
  const authority = await startForTest(t);
  const { page, violations } = await openBrowser(t);
  await fillSignIn(page, authority, 'com.deskauth.sample:/callback', 'europe');
  const [handedOver] = await Promise.all([
    page.waitForEvent('requestfailed', (request) => request.url().startsWith('com.deskauth.sample:')),
    page.click('button[value=allow]'),
  ]);
  assert.match(handedOver.url(), /^com\.deskauth\.sample:\/callback\?code=/);
  assert.deepEqual(violations, []);
});

test('a signed-in browser changes to another account', { skip }, async (t) => {
  const authority = await startForTest(t);
  const { page, violations } = await openBrowser(t);
  await fillSignIn(page, authority, 'http://127.0.0.1:1/callback', 'europe');
  await page.click('button[value=other-account]');
  await fillAccount(page, 'global');

  await page.waitForSelector('text=Global Manager');
  assert.equal(await page.textContent('h1'), 'Allow Deskauth Desktop to access your account?');
  assert.deepEqual(violations, []);
});

test('a page may renew silently in a frame, but no page of the authority can be framed', {
  skip,
}, async (t) => {
  const appOrigin = await startApp(t, '127.0.0.1');
  const redirectUris = [`${appOrigin}/`];
  const web = { clientId: 'deskauth-spa', name: 'Web', type: 'web', redirectUris } as const;
  const authority = await startForTest(t, { clients: [web] });
  const { page } = await openBrowser(t);
  const config = await discover(authority, 'deskauth-spa');
  await page.goto((await buildAttempt(config, { redirect_uri: `${appOrigin}/` })).url);
  await fillAccount(page, 'europe');
  await page.click('button[value=allow]');
  await page.waitForURL(`${appOrigin}/?code=*`);

  const silent = await buildAttempt(config, { redirect_uri: `${appOrigin}/`, prompt: 'none' });
  const renewal = page.waitForRequest((request) => request.url().startsWith(`${appOrigin}/?`));
  await addFrame(page, silent.url);
  assert.match((await renewal).url(), /\?code=/);
  const refused = page.waitForEvent('requestfailed', (request) => request.url() === `${authority.issuer}/`);
  await addFrame(page, `${authority.issuer}/`);
  assert.equal((await refused).failure()?.errorText, 'net::ERR_BLOCKED_BY_RESPONSE');
});

test('the sign-in page is usable with the keyboard alone', { skip }, async (t) => {
  const authority = await startForTest(t);
  const { page } = await openBrowser(t);
  const { url } = await buildAttempt(await discover(authority), {
    redirect_uri: 'http://127.0.0.1:1/callback',
  });
  await page.goto(url);
  await page.waitForSelector('#username:focus');
  await page.keyboard.type('europe');
  await page.keyboard.press('Tab');
  await page.keyboard.type('deskauth');
  await page.keyboard.press('Enter');
  await page.waitForSelector('button[value=allow]');
});

async function openBrowser(t: TestContext): Promise<{ page: Page; violations: string[] }> {
  launched ??= chromium.launch({ executablePath: String(executablePath), args: quietFlags });
  const context = await (await launched).newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  return { page, violations };
}

async function fillSignIn(page: Page, authority: DevAuthority, redirectUri: string, username: string) {
  const { url } = await buildAttempt(await discover(authority), { redirect_uri: redirectUri });
  await page.goto(url);
  await fillAccount(page, username);
  await page.waitForSelector('button[value=allow]');
}

async function fillAccount(page: Page, username: string): Promise<void> {
  await page.fill('input[name=username]', username);
  await page.fill('input[name=password]', 'deskauth');
  await page.click('button[value=sign-in]');
}

async function addFrame(page: Page, url: string): Promise<void> {
  await page.locator('body').evaluate((body, src) => {
    body.append(Object.assign(body.ownerDocument.createElement('iframe'), { src }));
  }, url);
}

async function startApp(t: TestContext, host: string): Promise<string> {
  const app = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>App</title><body>the app');
  });
  t.after(() => {
    app.close();
    app.closeAllConnections();
  });
  await new Promise<void>((resolve) => app.listen(0, host, resolve));
  const { port } = app.address() as AddressInfo;
  return `http://${host === '::1' ? '[::1]' : host}:${port}`;
}

function hasAddress(host: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === host));
}
