import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
import { signInOnPage } from './sign-in-page.ts';
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
function inBrowser(
  name: string,
  run: (context: BrowserContext, notes: string[]) => Promise<void>,
  own?: () => Promise<Browser>,
): void {
  test(name, { skip }, async () => {
    const context = await ((await own?.()) ?? browser).newContext();
    context.setDefaultTimeout(15_000);
    try {
      await run(context, noteRequests(context, app));
    } finally {
      await context.close();
      if (own) await context.browser()?.close();
    }
  });
}

/** A tab in which somebody is signed in; in the second one the authority knows the person already. */
async function signedInTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(app.url);
  await untilStarted(page);
  if ((await inSession(page, ({ state }) => state.status)) === 'signed-in') return page;
  const isFirst = context.pages().length === 1;
  if (isFirst) await clickSignIn(page);
  else await page.evaluate(() => void (window as unknown as BareWindow).session.signIn());
  await untilStatus(page, 'signed-in');
  return page;
}

for (const store of STORES)
  inBrowser(
    `SPA-15 a tab that was elsewhere during a sign-out comes back signed out and cannot undo it (${JSON.stringify(store)})`,
    async (context, notes) => {
      await atEachLoad(context, settingsFor(app.authority, { store }));
      const one = await signedInTab(context);
      const other = await signedInTab(context);
      await other.goto('about:blank');
      await inSession(one, (session) => session.signOut());
      notes.length = 0;
      await other.goto(app.url);
      await untilStarted(other);
      for (const page of [one, other]) {
        await untilStatus(page, 'signed-out');
        await page.reload();
        await untilStarted(page);
        await untilStatus(page, 'signed-out');
        assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), /eyJ/);
      }
      assert.deepEqual(notes, []);
      await other.evaluate(() => void (window as unknown as BareWindow).session.signIn());
      await other.getByRole('button', { name: 'Allow' }).click();
      await untilStatus(other, 'signed-in');
      assert.ok(await inSession(other, (session) => session.accessToken()));
    },
  );

/** The next request to this address waits until its route is let go on. */
function holdNext(from: BrowserContext | Page, address: string | RegExp): Promise<Route> {
  return new Promise((resolve) => {
    void from.route(address, resolve, { times: 1 });
  });
}

inBrowser('SPA-15 a silent sign-in during which another tab signs out brings nobody', async (context) => {
  await atEachLoad(context, settingsFor(app.authority));
  const one = await signedInTab(context);
  const other = await signedInTab(context);
  const held = holdNext(context, /prompt=none/);
  await other.reload();
  const silent = await held;
  const address = silent.request().url();
  await silent.abort('aborted');
  // The page is at the server, and hears nothing.
  await other.goto('about:blank');
  // Otherwise the server would bring nobody, whatever the page does.
  await context.route('**/revoke', (route) => route.abort());
  await inSession(one, (session) => session.signOut());
  await other.goto(address);
  await other.waitForURL(`${app.url}/`);
  await untilStarted(other);
  await untilStatus(other, 'signed-out');
});

for (const store of STORES.filter((each) => each !== 'session-storage'))
  inBrowser(
    `SPA-15 OUT-06 a sign-out while another tab renews ends both sessions (${JSON.stringify(store)})`,
    async (context, notes) => {
      await atEachLoad(context, settingsFor(app.authority, { store }));
      const one = await signedInTab(context);
      const other = await signedInTab(context);
      const held = holdNext(context, '**/token');
      await renew(other);
      const refresh = await held;
      const signedOut = inSession(one, (session) => session.signOut());
      await untilStatus(other, 'signed-out');
      void refresh.continue().catch(() => {}); // It may be cut off already.
      await signedOut;
      notes.length = 0;
      for (const page of [one, other]) {
        await untilStatus(page, 'signed-out');
        await page.reload();
        await untilStarted(page);
        await untilStatus(page, 'signed-out');
      }
      assert.deepEqual(notes, []);
    },
  );

test('a sign-out while another tab renews ends both sessions ("session-storage")', {
  skip: 'it waited without end in one of four full runs, and why is not known yet',
});

inBrowser(
  'SPA-15 the second word of a sign-out does not end a sign-in that began after the first',
  async (context) => {
    await atEachLoad(context, settingsFor(app.authority));
    const one = await signedInTab(context);
    const other = await signedInTab(context);
    const heldRevocation = holdNext(one, '**/revoke');
    const signedOut = inSession(one, (session) => session.signOut());
    const revocation = await heldRevocation;
    await untilStatus(other, 'signed-out');
    const heldExchange = holdNext(other, '**/token');
    await other.evaluate(() => void (window as unknown as BareWindow).session.signIn());
    await other.getByRole('button', { name: 'Allow' }).click();
    const exchange = await heldExchange;
    await revocation.continue();
    await signedOut;
    await exchange.continue();
    await untilStatus(other, 'signed-in');
  },
);

inBrowser(
  'back from the authorization server, the page that the browser kept can sign in again',
  async (context) => {
    await atEachLoad(context, settingsFor(app.authority));
    const page = await context.newPage();
    await page.goto(app.url);
    await untilStarted(page);
    const click = () => page.evaluate(() => void (window as unknown as BareWindow).session.signIn());
    await page.evaluate(() => Object.assign(window, { isKept: true }));
    await click();
    await page.getByLabel('Password').waitFor();
    await page.goBack({ waitUntil: 'commit' });
    await untilStatus(page, 'signed-out');
    assert.equal(await page.evaluate(() => 'isKept' in window), true);
    await click();
    await signInOnPage(page, 'europe');
    await untilStatus(page, 'signed-in');
  },
  () => startBrowser({ keepsPages: true }),
);

/** Goes back step by step, and gives each page of the app the time to do what it does. */
async function goBackTo(page: Page, address: string): Promise<void> {
  for (let steps = await page.evaluate(() => history.length); page.url() !== address; steps -= 1) {
    assert.ok(steps > 0, `thrown forward again and again, at last to ${page.url()}`);
    await page.goBack();
    if (page.url().startsWith(app.url)) await untilStarted(page);
  }
}

inBrowser('SPA-08 the back button leads out of the app after a sign-in and silent ones', async (context) => {
  await atEachLoad(context, settingsFor(app.authority));
  const page = await context.newPage();
  const before = `${app.authority.issuer}/`;
  await page.goto(before);
  await page.goto(`${app.url}/#one`);
  await untilStarted(page);
  await clickSignIn(page);
  await page.evaluate(() => {
    location.hash = '#two';
  });
  await page.reload();
  await untilStatus(page, 'signed-in');
  assert.equal(page.url(), `${app.url}/#two`);
  await goBackTo(page, before);
});

inBrowser(
  'SPA-08 OUT-07 the back button leads out of the app after a sign-out, and signs nobody in',
  async (context, notes) => {
    await atEachLoad(context, settingsFor(app.authority));
    const page = await context.newPage();
    const before = `${app.authority.issuer}/`;
    await page.goto(before);
    await page.goto(app.url);
    await untilStarted(page);
    await clickSignIn(page);
    await page.evaluate(() => void (window as unknown as BareWindow).session.signOut({ atServer: true }));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await untilStatus(page, 'signed-out');
    notes.length = 0;
    await goBackTo(page, before);
    assert.deepEqual(notes, []);
  },
);

for (const store of STORES)
  inBrowser(
    `SPA-02 a page of the app in a frame changes nothing for the page around it (${JSON.stringify(store)})`,
    async (context, notes) => {
      await atEachLoad(context, settingsFor(app.authority, { store }));
      const page = await signedInTab(context);
      notes.length = 0;
      await page.evaluate(() => document.body.append(document.createElement('iframe')));
      const frame = page.frames()[1];
      await frame?.goto(`${app.url}/framed`);
      await frame?.waitForFunction(() => (window as unknown as BareWindow).started.then(() => true));
      await page.evaluate(() => (window as unknown as BareWindow).session.fetch('/api'));
      await untilStatus(page, 'signed-in');
      assert.deepEqual(notes.splice(0), ['refresh']);
      await page.reload();
      await untilStatus(page, 'signed-in');
      assert.deepEqual(notes, store === 'session-storage' ? [] : ['authorize', 'code']);
    },
  );
