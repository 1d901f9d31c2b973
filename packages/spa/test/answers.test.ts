import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthorizationRequest } from '@deskauth/session';
import { takeAnswer } from '@deskauth/spa';
import fc from 'fast-check';
import { pageBrowser, pageRedirect } from '../src/page-redirect.ts';
import { pendingRequests } from '../src/pending-requests.ts';
import { parseRoute } from '../src/route.ts';
import { createTab, loadPage } from './fake-page.ts';

const origin = 'https://app.example.com';
const request: AuthorizationRequest = {
  url: 'https://login.example.com/authorize?state=s1',
  issuer: 'https://login.example.com',
  clientId: 'web-app',
  redirectUri: `${origin}/`,
  state: 's1',
  codeVerifier: 'v',
  expiresAt: 4_000_000_000,
  scope: 'openid',
  nonce: 'n',
};

test('SPA-06 a route cannot lead out of the app', () => {
  const refused = ['//evil.example', '\\\\evil.example', '/\\evil.example', 'javascript:alert(1)', 'data:,x'];
  for (const address of [...refused, 'https://evil.example/a', 'http://app.example.com/a', 7, undefined])
    assert.equal(parseRoute(address, origin), '/', String(address));
  assert.equal(parseRoute(`${origin}//evil.example/a`, origin), '/evil.example/a');
  assert.equal(parseRoute(`${origin}/companies?q=1#/3`, origin), '/companies?q=1#/3');
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webPath()), (address) => {
      const route = parseRoute(address, origin);
      assert.equal(new URL(route, origin).origin, origin);
      assert.equal(parseRoute(route, origin), route);
    }),
  );
});

test('SPA-07 the answer leaves the address, and the place where the person was comes back', async () => {
  const tab = createTab();
  await pendingRequests(loadPage(tab, `${origin}/?log=debug#/companies/3`), 600).save(request);
  const page = loadPage(tab, `${origin}/?code=c&state=s1`);
  assert.equal(takeAnswer(page), `${origin}/?code=c&state=s1`);
  assert.equal(page.shown, `${origin}/?log=debug#/companies/3`);
});

test('SPA-06 a route that was altered in storage does not lead out of the app', async () => {
  const tab = createTab();
  await pendingRequests(loadPage(tab, `${origin}/a`), 600).save(request);
  for (const [key, value] of tab.storage) tab.storage.set(key, value.replace('"/a"', '"//evil.example/"'));
  const page = loadPage(tab, `${origin}/?error=access_denied&state=s1`);
  takeAnswer(page);
  assert.equal(page.shown, `${origin}/`);
});

test('SPA-07 an answer that nobody asked for leaves the address too; all else in it stays', () => {
  const state = 'a'.repeat(43);
  for (const [address, shown] of [
    [`/cb?code=c&state=${state}&iss=https%3A%2F%2Flogin.example&session_state=1`, '/cb'],
    [
      `/cb?page=2&error=access_denied&error_description=no&state=${state}&scope=a#list`,
      '/cb?page=2&scope=a#list',
    ],
  ] as const) {
    const foreign = loadPage(createTab(), origin + address);
    assert.equal(takeAnswer(foreign, `${origin}/cb`), origin + address);
    assert.equal(foreign.shown, origin + shown);
  }
  const back = loadPage(createTab(), `${origin}/?state=${state}&page=2`);
  assert.equal(takeAnswer(back), undefined, 'from a sign-out at the server');
  assert.equal(back.shown, `${origin}/?page=2`);
});

test('SPA-07 a redirect URI may be given as a path of the page', () => {
  const answer = `/cb?code=c&state=${'a'.repeat(43)}`;
  const page = loadPage(createTab(), origin + answer);
  assert.equal(takeAnswer(page, '/cb'), origin + answer);
  assert.equal(page.shown, `${origin}/cb`);
});

test('SPA-07 the app’s own parameters and fragment are its own', () => {
  const addresses = ['/?code=7', '/?state=CA', '/#code=c&state=s1', '/?state=CA&code=94016&page=2#list'];
  for (const path of [...addresses, `/connect/github?code=c&state=${'a'.repeat(43)}`]) {
    const address = origin + path;
    const page = loadPage(createTab(), address);
    assert.equal(takeAnswer(page), undefined);
    assert.equal(page.shown, address);
  }
});

test('SPA-08 a request is taken once, and not when its answer comes too late', async () => {
  const tab = createTab();
  const page = loadPage(tab, `${origin}/`);
  await pendingRequests(page, 600).save(request);
  assert.deepEqual(await pendingRequests(page, 600).take('s1'), request);
  assert.equal(await pendingRequests(page, 600).take('s1'), undefined);
  await pendingRequests(page, 600).save(request);
  assert.equal(await pendingRequests(page, -1).take('s1'), undefined);
  assert.equal(tab.storage.size, 0);
});

test('requests that nobody came back for, and what cannot be read, are swept', async () => {
  const tab = createTab();
  const page = loadPage(tab, `${origin}/`);
  await pendingRequests(page, 600).save(request);
  tab.storage.set('deskauth:request:broken', '{');
  tab.storage.set('another-key', '{');
  await pendingRequests(page, -1).save({ ...request, state: 's2' });
  assert.deepEqual([...tab.storage.keys()], ['another-key', 'deskauth:request:s2']);
});

test('SPA-18 a full storage is told as one', async () => {
  const page = loadPage(createTab(), `${origin}/`);
  const full = Object.defineProperty(page, 'sessionStorage', {
    get() {
      throw new DOMException('exceeded', 'QuotaExceededError');
    },
  });
  await assert.rejects(pendingRequests(full, 600).save(request), { message: /is full/ });
});

test('SPA-18 without storage a sign-in says why it cannot begin', async () => {
  const page = loadPage(createTab(), `${origin}/`, { denyStorage: true });
  await assert.rejects(pendingRequests(page, 600).save(request), {
    code: 'AUTH_STORE_UNAVAILABLE',
    message: /keeps no data for https:\/\/app\.example\.com/,
  });
  assert.equal(await pendingRequests(page, 600).take('s1'), undefined);
});

test('the page goes to https addresses only', async () => {
  const tab = createTab();
  const browser = pageBrowser(loadPage(tab, `${origin}/`));
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'http://login.example.com/', 'nonsense'])
    await assert.rejects(browser.open(address), { code: 'AUTH_BROWSER_NOT_OPENED' });
  await browser.open('https://login.example.com/authorize');
  assert.deepEqual(tab.left, ['https://login.example.com/authorize']);
});

test('waiting in a page that has left ends with its signal only', async () => {
  const redirect = await pageRedirect(`${origin}/`).open();
  assert.equal(redirect.redirectUri, `${origin}/`);
  const reason = new Error('enough');
  const controller = new AbortController();
  const waiting = redirect.next(controller.signal);
  controller.abort(reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(redirect.next(controller.signal), reason);
});
