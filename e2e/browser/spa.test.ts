import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser, startBrowserWithoutSiteData } from './chromium.ts';
import { choose, noteRequests, noWebApp, signIn, startWebApp, type WebApp } from './web-app.ts';

const skip = noWebApp;
const SCREENSHOTS = 'e2e/screenshots';
let app: WebApp;
let browser: Browser;

before(async () => {
  if (skip) return;
  await mkdir(SCREENSHOTS, { recursive: true });
  app = await startWebApp();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

/** A test with a browser profile of its own: no cookies, no storage. */
function inBrowser(name: string, run: (context: BrowserContext, notes: string[]) => Promise<void>): void {
  test(name, { skip }, async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    context.setDefaultTimeout(15_000);
    try {
      await run(context, noteRequests(context, app));
    } finally {
      await context.close();
    }
  });
}

const companies = (page: Page) => page.getByText('Northwind Turbines');
const refresh = (page: Page) => page.getByRole('button', { name: 'Refresh data' });
const refreshed = async (page: Page) => {
  const answer = page.waitForResponse((response) => response.url().includes('/api/') && response.ok());
  await refresh(page).click();
  await answer;
};
const companyPage = () => `${app.url}/#/companies/2`;

inBrowser(
  'SPA-01 SPA-07 signed in by redirect, back at the same place, nothing left behind',
  async (context) => {
    const page = await context.newPage();
    await signIn(page, `${app.url}/?log=debug#/companies/2`);
    await page.getByRole('heading', { name: 'Lumen Rail' }).waitFor();
    assert.equal(page.url(), `${app.url}/?log=debug#/companies/2`);
    await page.screenshot({ path: `${SCREENSHOTS}/spa-company.png` });
    await page.getByRole('link', { name: '← Companies' }).click();
    await companies(page).waitFor();
    await page.screenshot({ path: `${SCREENSHOTS}/spa-companies.png` });

    const history = await (await context.newCDPSession(page)).send('Page.getNavigationHistory');
    assert.ok(history.entries.length > 2);
    for (const { url } of history.entries)
      assert.doesNotMatch(url.replace(app.authority.issuer, ''), /[?&]code=/);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.doesNotMatch(kept, /eyJ|codeVerifier/);
  },
);

inBrowser('SPA-08 the callback address once more makes no second exchange', async (context) => {
  const page = await context.newPage();
  let callback = '';
  page.on('request', (request) => {
    if (request.url().startsWith(`${app.url}/?code=`)) callback = request.url();
  });
  await signIn(page, app.url);
  await companies(page).waitFor();
  const code = new URL(callback).searchParams.get('code') ?? 'none';
  let isSentAgain = false;
  page.on('request', (request) => {
    isSentAgain ||= request.postData()?.includes(code) ?? false;
  });
  await page.goto(callback);
  await companies(page).waitFor();
  assert.equal(page.url(), `${app.url}/`);
  assert.equal(isSentAgain, false);
});

inBrowser('a reload signs in silently, at the same place', async (context, notes) => {
  const page = await context.newPage();
  await signIn(page, companyPage());
  await page.getByRole('heading', { name: 'Lumen Rail' }).waitFor();
  notes.length = 0;
  await page.reload();
  await page.getByRole('heading', { name: 'Lumen Rail' }).waitFor();
  assert.equal(page.url(), companyPage());
  assert.deepEqual(notes, ['authorize', 'code']);
});

inBrowser('an expired access token is renewed once, and the data comes', async (context, notes) => {
  const page = await context.newPage();
  await signIn(page, app.url);
  await companies(page).waitFor();
  notes.length = 0;
  await choose(page, 'Expire access token');
  await page.getByText('now counts as expired').waitFor();
  await refreshed(page);
  assert.deepEqual(notes, ['refresh']);
});

inBrowser('D16 an expired session asks for a sign-in and comes back to the same place', async (context) => {
  const page = await context.newPage();
  await signIn(page, companyPage());
  await page.getByRole('heading', { name: 'Lumen Rail' }).waitFor();
  await choose(page, 'Expire refresh token');
  await page.getByText('Both tokens now count as expired').waitFor();
  await refresh(page).click();
  await page.getByRole('heading', { name: 'Please sign in again' }).waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/spa-expired.png` });
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Lumen Rail' }).waitFor();
});

inBrowser(
  'SPA-04 a second tab has the session at once, and both renew with one refresh',
  async (context, notes) => {
    const first = await context.newPage();
    await signIn(first, app.url);
    await companies(first).waitFor();
    notes.length = 0;
    const second = await context.newPage();
    await second.goto(app.url);
    await companies(second).waitFor();
    assert.deepEqual(notes, []);
    await context.clock.setFixedTime(Date.now() + 29.5 * 60_000);
    await Promise.all([refreshed(first), refreshed(second)]);
    assert.deepEqual(notes, ['refresh']);
  },
);

inBrowser('SPA-15 a sign-in and a sign-out in one tab reach the other', async (context, notes) => {
  const first = await context.newPage();
  const second = await context.newPage();
  await second.goto(app.url);
  await second.getByRole('heading', { name: 'Sign in' }).waitFor();
  await first.bringToFront();
  await signIn(first, app.url);
  await companies(second).waitFor();
  await choose(first, 'Sign out');
  for (const page of [first, second]) {
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    notes.length = 0;
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.deepEqual(notes, []);
  }
});

inBrowser(
  'OUT-07 S05 signed out here and at the server: back in the app, and asked again',
  async (context) => {
    const page = await context.newPage();
    await signIn(page, app.url);
    await companies(page).waitFor();
    await choose(page, 'Sign out here and at the sign-in server');
    await page.getByRole('heading', { name: 'Do you want to sign out?' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(new URL(page.url()).origin, app.url);
    await signIn(page, app.url);
    await companies(page).waitFor();
  },
);

inBrowser(
  'session storage survives a reload; a duplicated tab gets tokens of its own',
  async (context, notes) => {
    await context.route('**/settings.json', async (route) => {
      const settings = await (await route.fetch()).json();
      await route.fulfill({ json: { ...settings, store: 'session-storage' } });
    });
    const page = await context.newPage();
    await signIn(page, app.url);
    await companies(page).waitFor();
    notes.length = 0;
    await page.reload();
    await companies(page).waitFor();
    assert.deepEqual(notes, []);
    const opened = context.waitForEvent('page');
    await page.evaluate(() => void window.open('/'));
    const copy = await opened;
    await companies(copy).waitFor();
    assert.deepEqual(notes, ['authorize', 'code']);
  },
);

inBrowser(
  'S04 on the narrowest screen nothing runs out of it (WCAG 1.4.10: 320 CSS pixels)',
  async (context) => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 320, height: 640 });
    const runsOut = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    await signIn(page, app.url);
    await companies(page).waitFor();
    assert.equal(await runsOut(), false);
    await page.getByRole('link', { name: /Lumen Rail/ }).click();
    await page.getByRole('heading', { name: 'Transactions' }).waitFor();
    await page.screenshot({ path: `${SCREENSHOTS}/spa-narrow.png` });
    assert.equal(await runsOut(), false);
  },
);

inBrowser('login_required after the session ended elsewhere is said calmly', async (context) => {
  const page = await context.newPage();
  await signIn(page, companyPage());
  await page.getByRole('heading', { name: 'Lumen Rail' }).waitFor();
  app.authority.endSessions();
  await page.reload();
  await page.getByRole('heading', { name: 'Please sign in again' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(page.url(), companyPage());
});

inBrowser('D18 a refused consent is shown with the fields of the server', async (context) => {
  const page = await context.newPage();
  await page.goto(companyPage());
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  await alert.getByText('Details for support').click();
  await alert.getByText('access_denied', { exact: true }).waitFor();
  assert.equal(page.url(), companyPage());
  await page.screenshot({ path: `${SCREENSHOTS}/spa-refused.png` });
});

inBrowser(
  'the error id of the service reaches the screen, and ?log=debug tells no secret',
  async (context) => {
    const page = await context.newPage();
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    await signIn(page, `${app.url}/?log=debug`);
    await companies(page).waitFor();
    await choose(page, 'Make the service fail once');
    const alert = page.getByRole('alert');
    await alert.getByText('Details for support').click();
    await alert.getByText(/^[0-9A-Z-]{19}$/).waitFor();
    await page.screenshot({ path: `${SCREENSHOTS}/spa-failure.png` });
    const log = lines.filter((line) => line.startsWith('deskauth:')).join('\n');
    assert.match(log, /"path":"\/api\/companies","status":200/);
    assert.match(log, /"status":500,"errorId"/);
    assert.doesNotMatch(log, /eyJ|code=|state=|verifier/i);
  },
);

test('SPA-18 where site data is forbidden the page works, and says why nobody can sign in', {
  skip,
}, async () => {
  const context = await startBrowserWithoutSiteData();
  try {
    const page = await context.newPage();
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText(`Allow site data for this address`).first().waitFor();
    await page.screenshot({ path: `${SCREENSHOTS}/spa-no-site-data.png` });
  } finally {
    await context.close();
  }
});
