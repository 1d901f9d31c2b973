import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser, type HttpBrowser } from '@deskauth/dev-authority/testing';
import { createSpaSession, type SpaSession, type SpaSessionSettings } from '@deskauth/spa';
import { createTab, type FakePage, type FakeTab, loadPage } from './fake-page.ts';

const origin = 'http://127.0.0.1:3701';
let authority: DevAuthority;
let browser: HttpBrowser;
const open: SpaSession[] = [];

before(async () => {
  authority = await startDevAuthority({ port: 0 });
});
after(() => authority.stop());
afterEach(() => {
  for (const session of open.splice(0)) session.close();
});

/** A page of the app in this tab, started. */
function visit(tab: FakeTab, address: string, more: Partial<SpaSessionSettings> = {}) {
  return startIn(loadPage(tab, address), more);
}

/** A session in a page that is loaded, started. */
function startIn(page: FakePage, more: Partial<SpaSessionSettings> = {}) {
  const settings = { issuer: authority.issuer, clientId: 'deskauth-spa', allowHttp: true, ...more };
  const session = createSpaSession(settings, page);
  open.push(session);
  return { page, session, started: session.start() };
}

/** The person signs in where the page went; the address that they come back to. */
async function comeBackFrom(page: FakePage, username = 'europe'): Promise<string> {
  const { redirectTo } = await browser.signIn(await page.leaving, {
    username,
    password: 'deskauth',
  });
  return redirectTo;
}

/** Resolves once the tabs have heard so much news. */
function heardInTabs(count: number): Promise<void> {
  const channel = new BroadcastChannel(`deskauth:${authority.issuer}:deskauth-spa`);
  let heard = 0;
  return new Promise<void>((resolve) => {
    channel.onmessage = () => {
      heard += 1;
      if (heard === count) resolve();
    };
  }).finally(() => channel.close());
}

/** A tab in which somebody has signed in, and its last page. */
async function signedInTab(more: Partial<SpaSessionSettings> = {}, tab = createTab()) {
  browser = createHttpBrowser();
  const first = visit(tab, `${origin}/#/companies/3`, more);
  assert.equal((await first.started).status, 'signed-out');
  first.session.signIn();
  const callback = await comeBackFrom(first.page);
  first.session.close(); // Its page has left.
  const second = visit(tab, callback, more);
  assert.equal(second.page.shown, `${origin}/#/companies/3`, 'cleaned before anything is awaited');
  assert.equal((await second.started).status, 'signed-in');
  return { tab, callback, ...second };
}

test('SPA-01 SPA-09 signed in by redirect, back at the same place, no token in storage', async () => {
  const { tab, session } = await signedInTab();
  const token = await session.accessToken();
  assert.equal(session.user?.sub, 'user-europe');
  assert.deepEqual(
    [...tab.storage.keys()].map((key) => key.split(':')[1]),
    ['signed-in'],
  );
  assert.ok(![...tab.storage.values()].some((value) => value.includes(token)));
});

test('SPA-08 the same callback address once more makes no second exchange', async () => {
  const { tab, callback } = await signedInTab();
  const again = visit(tab, callback);
  // It is nobody's answer, and the tab does not look signed out because of it.
  assert.equal(new URL(await again.page.leaving).searchParams.get('prompt'), 'none');
  assert.equal(again.page.shown, `${origin}/`);
});

test('a reload signs in silently where somebody was signed in, and not after sign-out', async () => {
  const { tab, session } = await signedInTab();
  const reloaded = visit(tab, `${origin}/#/companies/5`);
  const asked = await reloaded.page.leaving;
  assert.equal(new URL(asked).searchParams.get('prompt'), 'none');
  assert.equal(tab.history, 1, 'a silent sign-in is no step to go back to');
  const back = visit(tab, await comeBackFrom(reloaded.page));
  assert.equal((await back.started).status, 'signed-in');
  assert.equal(back.page.shown, `${origin}/#/companies/5`);
  await session.signOut();
  const left = tab.left.length;
  assert.equal((await visit(tab, `${origin}/`).started).status, 'signed-out');
  assert.equal(tab.left.length, left);
});

for (const store of ['memory', 'session-storage'] as const)
  test(`SPA-15 a tab that was elsewhere during a sign-out does not undo it (${store})`, async () => {
    const one = await signedInTab({ store });
    const other = await signedInTab({ store }, createTab(one.tab.shared));
    other.session.close();
    const told = heardInTabs(2);
    await one.session.signOut();
    await told;
    const back = visit(other.tab, `${origin}/`, { store });
    assert.equal((await back.started).status, 'signed-out');
    assert.equal(other.tab.left.length, 1);
    assert.ok(![...other.tab.storage.values()].some((value) => value.includes('accessToken')));
    const next = await signedInTab({ store }, other.tab);
    await next.session.signOut();
  });

test('SPA-15 a page that the browser kept while another tab signed out is signed out when it is shown again', async () => {
  const one = await signedInTab();
  const other = await signedInTab({}, createTab(one.tab.shared));
  one.tab.shared.set(`deskauth:signed-out:${authority.issuer}:deskauth-spa`, String(Date.now()));
  const ended = new Promise<void>((resolve) => {
    other.session.onChange(({ status }) => status === 'signed-out' && resolve());
  });
  other.page.comeBack();
  await ended;
});

test('login_required is the end of a silent sign-in, not a failure, and is not asked for again', async () => {
  const { tab } = await signedInTab();
  authority.endSessions();
  const reloaded = visit(tab, `${origin}/#/companies/3`);
  const back = visit(tab, await comeBackFrom(reloaded.page));
  const state = await back.started;
  assert.equal(state.status, 'signed-out');
  assert.equal(state.status === 'signed-out' && state.error?.code, 'AUTH_INTERACTION_REQUIRED');
  assert.equal(back.page.shown, `${origin}/#/companies/3`);
  const left = tab.left.length;
  assert.equal((await visit(tab, `${origin}/`).started).status, 'signed-out');
  assert.equal(tab.left.length, left);
});

test('SPA-19 a session that is closed at once leaves answer and silent sign-in to the next one of the page', async () => {
  browser = createHttpBrowser();
  const tab = createTab();
  const first = visit(tab, `${origin}/`);
  await first.started;
  first.session.signIn();
  const closed = visit(tab, await comeBackFrom(first.page));
  closed.session.close();
  const next = startIn(closed.page);
  assert.equal((await next.started).status, 'signed-in');
  await closed.started;

  const reloaded = visit(tab, `${origin}/`);
  reloaded.session.close();
  const after = startIn(reloaded.page);
  const asked = await reloaded.page.leaving;
  assert.equal(new URL(asked).searchParams.get('prompt'), 'none');
  after.session.close();
  await after.started;
  assert.equal(tab.left.length, 2);
});

test('SPA-19 an answer that is being exchanged when its session is closed signs the next one in', async () => {
  browser = createHttpBrowser();
  const tab = createTab();
  const first = visit(tab, `${origin}/`);
  await first.started;
  first.session.signIn();
  const closed = visit(tab, await comeBackFrom(first.page));
  const exchanging = new Promise<void>((resolve) => {
    closed.session.onChange((state) => 'step' in state && state.step === 'exchanging' && resolve());
  });
  await exchanging;
  closed.session.close();
  const next = startIn(closed.page);
  assert.equal((await next.started).status, 'signed-in');
  assert.ok(await next.session.accessToken());
});

test('SPA-19 two sessions of one page come to the same end, good or bad', async () => {
  browser = createHttpBrowser();
  const tab = createTab();
  const first = visit(tab, `${origin}/`);
  await first.started;
  first.session.signIn();
  const address = new URL(await first.page.leaving);
  const state = address.searchParams.get('state') ?? '';
  const denied = `${origin}/?${new URLSearchParams({ error: 'access_denied', state, iss: authority.issuer })}`;
  const one = visit(tab, denied);
  const other = startIn(one.page);
  for (const { started } of [one, other]) {
    const ended = await started;
    assert.equal(ended.status === 'signed-out' && ended.error?.code, 'AUTH_ACCESS_DENIED');
  }
  one.session.signIn();
  const back = visit(tab, await comeBackFrom(one.page));
  const beside = startIn(back.page);
  assert.deepEqual([(await back.started).status, (await beside.started).status], ['signed-in', 'signed-in']);
});

test('SPA-19 no silent sign-in follows another that nobody came back from', async () => {
  const { tab } = await signedInTab();
  const reloaded = visit(tab, `${origin}/`);
  await reloaded.page.leaving;
  startIn(reloaded.page);
  const again = visit(tab, `${origin}/`);
  assert.equal((await again.started).status, 'signed-out');
  assert.equal(tab.left.length, 2);
});

test('SPA-19 a sign-in that somebody has asked for is not replaced by a silent one', async () => {
  const { tab } = await signedInTab();
  const reloaded = loadPage(tab, `${origin}/`);
  const session = createSpaSession(
    { issuer: authority.issuer, clientId: 'deskauth-spa', allowHttp: true },
    reloaded,
  );
  open.push(session);
  const started = session.start();
  session.signIn();
  assert.notEqual(new URL(await reloaded.leaving).searchParams.get('prompt'), 'none');
  await started;
});

test('SPA-20 the answer to one session is not taken by another of the page, whichever starts first', async () => {
  browser = createHttpBrowser();
  const tab = createTab();
  const first = visit(tab, `${origin}/`);
  await first.started;
  first.session.signIn();
  const other = visit(tab, await comeBackFrom(first.page), { clientId: 'another' });
  assert.deepEqual(await other.started, { status: 'signed-out', reason: 'no-session' });
  assert.equal((await startIn(other.page).started).status, 'signed-in');
});

test('SPA-21 a reload does not change the person silently; a click does', async () => {
  const { tab } = await signedInTab();
  browser = createHttpBrowser();
  const manager = visit(createTab(), `${origin}/`);
  manager.session.signIn();
  await comeBackFrom(manager.page, 'global');
  manager.session.close();

  const reloaded = visit(tab, `${origin}/`);
  const back = visit(tab, await comeBackFrom(reloaded.page, 'global'));
  const state = await back.started;
  assert.equal(state.status === 'signed-out' && state.error?.code, 'AUTH_SUBJECT_CHANGED');
  await assert.rejects(back.session.accessToken(), { code: 'AUTH_SIGN_IN_REQUIRED' });
  assert.ok(![...tab.storage.keys()].some((key) => key.includes('signed-in')), 'not tried again');

  back.session.signIn();
  const clicked = visit(tab, await comeBackFrom(back.page, 'global'));
  assert.equal((await clicked.started).status, 'signed-in');
  assert.ok(![...tab.storage.values()].some((value) => value.includes('user-global')));
});

test('SPA-21 the app is asked when somebody else signs in', async () => {
  const { tab, session } = await signedInTab({ store: 'session-storage' });
  const asked: string[] = [];
  const confirmAccountChange: SpaSessionSettings['confirmAccountChange'] = (next, before) => {
    asked.push(`${before.sub} ${next.sub}`);
    return false;
  };
  session.close();
  const reloaded = visit(tab, `${origin}/`, { store: 'session-storage' });
  await reloaded.started;
  browser = createHttpBrowser();
  reloaded.session.signIn({ prompt: 'login' });
  const address = await comeBackFrom(reloaded.page, 'global');
  reloaded.session.close();
  const back = visit(tab, address, { store: 'session-storage', confirmAccountChange });
  await back.started;
  assert.deepEqual(asked, ['user-europe user-global']);
  assert.equal(back.session.user?.sub, 'user-europe');
});

test('SPA-04 sessions of one page share what is in session storage; a closed one lets go of it', async () => {
  const { tab, session, page } = await signedInTab({ store: 'session-storage' });
  const other = startIn(page, { store: 'session-storage' });
  assert.equal((await other.started).status, 'signed-in');
  session.close();
  other.session.close();
  other.session.close();
  assert.equal(page.listeners, 0);
  const reloaded = visit(tab, `${origin}/`, { store: 'session-storage' });
  assert.equal((await reloaded.started).status, 'signed-in');
  assert.equal(tab.left.length, 1, 'without a silent sign-in');
});

test('a closed session starts and signs out quietly', async () => {
  const { session, page } = await signedInTab();
  session.close();
  assert.equal((await session.start()).status, 'signed-in');
  await session.signOut();
  const other = startIn(page);
  other.session.close();
  assert.equal((await other.started).status, 'signed-out');
});

test('a server that cannot be reached takes nobody away from the page', async () => {
  const tab = (await signedInTab()).tab;
  const left = tab.left.length;
  const unreachable: typeof fetch = async () => {
    throw new TypeError('fetch failed');
  };
  const reloaded = visit(tab, `${origin}/`, { fetch: unreachable });
  const state = await reloaded.started;
  assert.equal(state.status === 'signed-out' && state.error?.code, 'AUTH_NETWORK');
  assert.equal(tab.left.length, left);
  await visit(tab, `${origin}/`).page.leaving; // The next load tries again.
});

test('session storage, where chosen, holds the tokens until sign-out', async () => {
  const { tab, session } = await signedInTab({ store: 'session-storage' });
  const token = await session.accessToken();
  assert.ok([...tab.storage.values()].some((value) => value.includes(token)));
  await session.signOut();
  assert.ok(![...tab.storage.values()].some((value) => value.includes(token)));
});

test('SPA-15 sign-out in one tab ends the session in the others, each with its own tokens', async () => {
  const one = await signedInTab();
  const other = await signedInTab();
  const ended = new Promise<void>((resolve) => {
    other.session.onChange(({ status }) => status === 'signed-out' && resolve());
  });
  await one.session.signOut();
  await ended;
  await assert.rejects(other.session.accessToken(), { code: 'AUTH_SIGN_IN_REQUIRED' });
});

test('back from the authorization server by the back button, the sign-in is over', async () => {
  browser = createHttpBrowser();
  const { page, session, started } = visit(createTab(), `${origin}/`);
  await started;
  const attempt = session.signIn();
  await page.leaving;
  page.comeBack();
  await assert.rejects(attempt.finished, { code: 'AUTH_SIGN_IN_CANCELLED' });
  assert.equal(session.state.status, 'signed-out');
});

test('a redirect URI of another origin is refused', () => {
  const settings = { issuer: authority.issuer, clientId: 'deskauth-spa', allowHttp: true };
  const page = loadPage(createTab(), `${origin}/`);
  for (const redirectUri of ['https://evil.example/', '/callback', ''])
    assert.throws(() => createSpaSession({ ...settings, redirectUri }, page), {
      code: 'AUTH_SETTINGS_INVALID',
      message: /"redirectUri": expected an address of http:\/\/127\.0\.0\.1:3701/,
    });
});

test('SPA-22 a page over http is refused in words', () => {
  const settings = { issuer: authority.issuer, clientId: 'deskauth-spa', allowHttp: true };
  assert.throws(() => createSpaSession(settings, loadPage(createTab(), 'http://app.example.com/')), {
    code: 'AUTH_RUNTIME_UNSUPPORTED',
    message: /must be served over https, not from http:\/\/app\.example\.com/,
  });
});

test('SPA-08 the verifier of a sign-in that nobody came back from is gone at the next start after its time', async () => {
  const tab = createTab();
  const request = { redirectUri: `${origin}/`, state: 'old', codeVerifier: 'v' };
  tab.storage.set('deskauth:request:old', JSON.stringify({ request, route: '/', savedAt: 1 }));
  await visit(tab, `${origin}/`).started;
  assert.deepEqual([...tab.storage.keys()], []);
});

test('SPA-23 a store that the browser does not have is told, and is the memory of the tab', () => {
  // Node has no shared workers; a page has none under Trusted Types without a policy for its address.
  const settings = { issuer: authority.issuer, clientId: 'deskauth-spa', allowHttp: true };
  const page = loadPage(createTab(), `${origin}/`);
  const session = createSpaSession({ ...settings, store: { worker: '/store-worker.js' } }, page);
  open.push(session);
  assert.deepEqual(
    session.warnings.map(({ code }) => code),
    ['store-unsupported'],
  );
  assert.match(session.warnings[0]?.message ?? '', /setting "store" .*SharedWorker is not defined/);
});

test('SPA-02 in a frame nobody is sent away silently, and the tokens of the page around it stay', async () => {
  const { tab } = await signedInTab({ store: 'session-storage' });
  const kept = [...tab.storage];
  for (const store of ['memory', 'session-storage'] as const) {
    const framed = startIn(loadPage(tab, `${origin}/`, { inFrame: true }), { store });
    assert.equal((await framed.started).status, 'signed-out');
    const warnings = framed.session.warnings.map(({ message }) => message).join();
    assert.match(warnings, store === 'memory' ? /^$/ : /setting "store" .*frame/);
  }
  assert.deepEqual([...tab.storage], kept);
  assert.equal(tab.left.length, 1);
});

test('SPA-17 TOK-15 bound tokens are refused in a page, in words', () => {
  // What the types forbid can still come from a file.
  const settings = { issuer: authority.issuer, clientId: 'deskauth-spa', dpop: 'required' as 'off' };
  assert.throws(() => createSpaSession(settings, loadPage(createTab(), `${origin}/`)), {
    code: 'AUTH_SETTINGS_INVALID',
    message: /"dpop": expected "off" in a page/,
  });
});

test('API addresses may be relative to the page', async () => {
  const { session } = await signedInTab({
    apiAddresses: ['/api'],
    fetch: async (input, init) =>
      input instanceof Request && input.url.startsWith(origin)
        ? new Response(input.headers.get('authorization'))
        : fetch(input, init),
  });
  assert.match(await (await session.fetch(`${origin}/api/companies`)).text(), /^Bearer ey/);
  await assert.rejects(session.fetch(`${origin}/other`), { code: 'AUTH_API_ADDRESS_REFUSED' });
});
