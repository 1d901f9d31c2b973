import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SpaSessionSettings } from '@deskauth/spa';

import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import {
  atEachLoad,
  type BareApp,
  type BareWindow,
  clickSignIn,
  inSession,
  renew,
  settingsFor,
  startBareApp,
  untilStarted,
  untilStatus,
} from './bare-app.ts';
import { noBrowser, startBrowser } from './chromium.ts';
import { noteRequests } from './web-app.ts';

const skip = noBrowser;
const STORES = ['memory', 'session-storage', { worker: '/store-worker.js' }] as const;
let app: BareApp;
let browser: Browser;

before(async () => {
  if (skip) return;
  [app, browser] = await Promise.all([startBareApp(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

/** A test with a browser profile of its own: no cookies, no storage. */
function inBrowser(name: string, run: (context: BrowserContext, notes: string[]) => Promise<void>): void {
  test(name, { skip }, async () => {
    const context = await browser.newContext();
    context.setDefaultTimeout(15_000);
    try {
      await run(context, noteRequests(context, app));
    } finally {
      await context.close();
    }
  });
}

async function signedInPage(context: BrowserContext, address = app.url): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await untilStatus(page, 'signed-out');
  await clickSignIn(page);
  return page;
}

/** In the page: what React does where a component that signs in is mounted twice. */
function startTwice(): void {
  const here = window as unknown as BareWindow;
  here.session = here.deskauth.createSpaSession(here.settings);
  here.started = Promise.all([here.session.start(), here.session.start()]);
}

/** In the page: what React's StrictMode does. */
function mountUnmountMount(): void {
  const here = window as unknown as BareWindow;
  const mount = () => {
    here.session = here.deskauth.createSpaSession(here.settings);
    return here.session.start();
  };
  const first = mount();
  here.session.close();
  here.started = Promise.all([first, mount()]);
}

for (const store of STORES)
  for (const atLoad of [startTwice, mountUnmountMount])
    inBrowser(
      `SPA-19 ${atLoad.name} signs in with one exchange, and one silent sign-in where memory was lost (${JSON.stringify(store)})`,
      async (context, notes) => {
        await atEachLoad(context, settingsFor(app.authority, { store }), atLoad);
        const page = await signedInPage(context);
        await untilStarted(page);
        assert.deepEqual(notes.splice(0), ['authorize', 'code']);
        await page.reload();
        await untilStatus(page, 'signed-in');
        await untilStarted(page);
        assert.deepEqual(notes, store === 'session-storage' ? [] : ['authorize', 'code']);
        assert.ok(await inSession(page, (session) => session.accessToken()));
      },
    );

inBrowser('SPA-19 other tabs hear of a sign-in though its session was closed meanwhile', async (context) => {
  const store: NonNullable<SpaSessionSettings['store']> = { worker: '/store-worker.js' };
  await atEachLoad(context, settingsFor(app.authority, { store }), () => {
    const here = window as unknown as BareWindow;
    const mount = () => {
      here.session = here.deskauth.createSpaSession(here.settings);
      return here.session.start();
    };
    const first = mount();
    const { session } = here;
    session.onChange((state) => {
      if (state.status !== 'signing-in' || state.step !== 'exchanging') return;
      session.close();
      here.started = Promise.all([first, mount()]);
    });
  });
  const other = await context.newPage();
  await other.goto(app.url);
  await untilStatus(other, 'signed-out');
  await signedInPage(context);
  await untilStatus(other, 'signed-in');
});

/** A tab of the same browser in which somebody else signs in: the authority's own session is that person's from now on. */
async function somebodyElseSignsIn(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto(app.url);
  await untilStatus(page, 'signed-out');
  await clickSignIn(page, 'global', 'login');
  await page.close();
}

inBrowser('SPA-21 a reload does not change the person; a click does', async (context, notes) => {
  await atEachLoad(context, settingsFor(app.authority));
  const page = await signedInPage(context);
  await somebodyElseSignsIn(context);
  notes.length = 0;
  await page.reload();
  await page.waitForFunction(() => {
    const { state } = (window as unknown as BareWindow).session ?? {};
    return state?.status === 'signed-out' && state.error?.code === 'AUTH_SUBJECT_CHANGED';
  });
  assert.deepEqual(notes.splice(0), ['authorize', 'code']);
  await page.reload();
  await untilStarted(page);
  assert.deepEqual(notes, [], 'not tried again');
  await page.evaluate(() => void (window as unknown as BareWindow).session.signIn());
  await page.getByRole('button', { name: 'Allow' }).click();
  await untilStatus(page, 'signed-in');
  assert.equal(await inSession(page, ({ user }) => user?.sub), 'user-global');
  await page.reload();
  await untilStatus(page, 'signed-in');
  assert.equal(await inSession(page, ({ user }) => user?.sub), 'user-global');
});

inBrowser('SPA-21 the app is asked when somebody else signs in, and its answer counts', async (context) => {
  await atEachLoad(context, settingsFor(app.authority, { store: 'session-storage' }), () => {
    const here = window as unknown as BareWindow;
    here.session = here.deskauth.createSpaSession({
      ...here.settings,
      confirmAccountChange: (next, before) => confirm(`${before.sub} ${next.sub}`),
    });
    here.started = here.session.start();
  });
  const page = await signedInPage(context);
  const asked: string[] = [];
  page.on('dialog', async (dialog) => {
    asked.push(dialog.message());
    await (asked.length === 1 ? dialog.dismiss() : dialog.accept());
  });
  for (const expected of ['user-europe', 'user-global']) {
    await clickSignIn(page, 'global', 'login');
    assert.equal(await inSession(page, ({ user }) => user?.sub), expected);
    await page.reload();
    await untilStatus(page, 'signed-in');
    assert.equal(await inSession(page, ({ user }) => user?.sub), expected);
  }
  assert.deepEqual(asked, ['user-europe user-global', 'user-europe user-global']);
});

inBrowser('SPA-07 the app’s own code and state survive a sign-in and a silent one', async (context) => {
  await atEachLoad(context, settingsFor(app.authority));
  const address = `${app.url}/companies?code=94016&state=CA&page=2#list`;
  const page = await signedInPage(context, address);
  assert.equal(page.url(), address);
  await page.reload();
  await untilStatus(page, 'signed-in');
  assert.equal(page.url(), address);
  // An address of the app that is the redirect URI, and looks like an answer.
  await page.goto(`${app.url}/?code=94016&state=CA`);
  await untilStatus(page, 'signed-in');
  assert.equal(page.url(), `${app.url}/?code=94016&state=CA`);
});

/** In the page: two sessions, each with an authority of its own; the other one starts first. */
function startWithTwoIssuers(): void {
  const here = window as unknown as BareWindow & { readonly otherSettings: BareWindow['settings'] };
  here.other = here.deskauth.createSpaSession(here.otherSettings);
  const first = here.other.start();
  here.session = here.deskauth.createSpaSession(here.settings);
  here.started = Promise.all([first, here.session.start()]);
}

async function withTwoIssuers(
  context: BrowserContext,
  store: NonNullable<SpaSessionSettings['store']>,
): Promise<string[]> {
  const other = JSON.stringify(settingsFor(app.another, { store }));
  await context.addInitScript(`window.otherSettings = ${other};`);
  await atEachLoad(context, settingsFor(app.authority, { store }), startWithTwoIssuers);
  return noteRequests(context, { authority: app.another });
}

inBrowser('SPA-20 with two issuers in one page each gets its own answers', async (context, notes) => {
  const atOther = await withTwoIssuers(context, 'session-storage');
  const page = await signedInPage(context);
  await untilStatus(page, 'signed-out', 'other');
  assert.deepEqual(notes, ['authorize', 'code']);
  assert.deepEqual(atOther, []);
  await page.reload();
  await untilStarted(page);
  await untilStatus(page, 'signed-in');
  await untilStatus(page, 'signed-out', 'other');
});

inBrowser('SPA-20 an answer that names another issuer is not exchanged anywhere', async (context, notes) => {
  const atOther = await withTwoIssuers(context, 'memory');
  const page = await context.newPage();
  await page.goto(app.url);
  await untilStatus(page, 'signed-out');
  const asked = page.waitForRequest(/authorize/);
  await page.evaluate(() => void (window as unknown as BareWindow).session.signIn());
  const state = new URL((await asked).url()).searchParams.get('state') ?? '';
  // Two navigations at once would interrupt each other.
  await page.waitForURL(/\/interaction\//);
  const iss = app.another.issuer;
  await page.goto(`${app.url}/?${new URLSearchParams({ code: 'of-the-person', state, iss })}`);
  await untilStarted(page);
  const ended = await inSession(page, (session) => session.state);
  assert.equal('error' in ended && ended.error?.code, 'AUTH_RESPONSE_INVALID');
  assert.equal(page.url(), `${app.url}/`);
  assert.deepEqual([...notes, ...atOther], ['authorize']);
});

inBrowser(
  'REF-09 a refresh that a reload has cut is made up for while the server grants grace',
  async (context, notes) => {
    const settings = settingsFor(app.authority, { store: 'session-storage', refreshGraceSeconds: 30 });
    await atEachLoad(context, settings);
    const page = await signedInPage(context);
    notes.length = 0;
    // The server has rotated, and its answer never reaches the page.
    const spent = new Promise<Route>((resolve) => {
      const hold = async (route: Route) => {
        await route.fetch();
        resolve(route);
      };
      void context.route('**/token', hold, { times: 1 });
    });
    await renew(page);
    const held = await spent;
    await page.reload();
    await held.abort().catch(() => {}); // The page that waited for it is gone.
    await page.waitForFunction(() => {
      const { state } = (window as unknown as BareWindow).session ?? {};
      return state?.status === 'signed-in' && state.verified;
    });
    assert.deepEqual(notes, ['refresh', 'refresh']);
    assert.ok(await inSession(page, (session) => session.accessToken()));
  },
);
