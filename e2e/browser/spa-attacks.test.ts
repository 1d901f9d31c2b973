import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from './chromium.ts';
import { choose, noteRequests, noWebApp, signIn, startWebApp, type WebApp } from './web-app.ts';

const skip = noWebApp;
let app: WebApp;
let browser: Browser;

before(async () => {
  if (skip) return;
  app = await startWebApp();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

/** A page of a browser profile of its own, before anybody has signed in. */
function onPage(name: string, run: (page: Page, context: BrowserContext) => Promise<void>): void {
  test(name, { skip }, async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    context.setDefaultTimeout(15_000);
    try {
      await run(await context.newPage(), context);
    } finally {
      await context.close();
    }
  });
}

const companies = (page: Page) => page.getByText('Northwind Turbines');
const refreshed = async (page: Page) => {
  const answer = page.waitForResponse((response) => response.url().includes('/api/') && response.ok());
  await page.getByRole('button', { name: 'Refresh data' }).click();
  await answer;
};

/** What became of a frame that a script put into the page: its text, or undefined where the browser showed nothing. */
async function frameText(page: Page, address: string): Promise<string | undefined> {
  await page.evaluate((src) => {
    const frame = Object.assign(document.createElement('iframe'), { src, id: 'attack' });
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    return loaded;
  }, address);
  const frame = await (await page.$('#attack'))?.contentFrame();
  return frame?.url().startsWith('http') ? frame.locator('body').innerText() : undefined;
}

const authorizeAddress = () => {
  const query = new URLSearchParams({
    ...{ client_id: 'deskauth-spa', redirect_uri: `${app.url}/`, response_type: 'code', scope: 'openid' },
    ...{ state: 'of-the-attacker', nonce: 'n', prompt: 'none', code_challenge_method: 'S256' },
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  });
  return `${app.authority.issuer}/authorize?${query}`;
};

onPage('SPA-02 a script in the page gets no code through a frame of its own', async (page) => {
  await signIn(page, app.url);
  await companies(page).waitFor();
  assert.equal(await frameText(page, authorizeAddress()), undefined);
  const framed = page.frames().map((frame) => frame.url());
  assert.ok(framed.every((url) => !url.includes('code=')));
});

onPage('SPA-02 SPA-13 no other site can frame the app or the sign-in page', async (page, context) => {
  await context.route('https://other.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>Another site</title>' }),
  );
  for (const address of [app.url, authorizeAddress().replace('prompt=none', 'prompt=login')]) {
    await page.goto('https://other.example/');
    assert.equal(await frameText(page, address), undefined);
  }
});

onPage(
  'SPA-03 with third-party cookies blocked the session is renewed, and no frame is used',
  async (page, context) => {
    const devTools = await context.newCDPSession(page);
    await devTools.send('Network.enable');
    await devTools.send('Network.setCookieControls', { enableThirdPartyCookieRestriction: true });
    const frames: string[] = [];
    page.on('frameattached', (frame) => frames.push(frame.url()));
    await signIn(page, app.url);
    await companies(page).waitFor();
    const notes = noteRequests(context, app);
    await choose(page, 'Expire access token');
    await page.getByText('now counts as expired').waitFor();
    await refreshed(page);
    assert.deepEqual(notes, ['refresh']);
    assert.deepEqual(frames, []);
  },
);

onPage(
  'SPA-05 tabs tell each other a word, never a token, and foreign messages change nothing',
  async (page, context) => {
    const ear = await context.newPage();
    await ear.goto(app.url);
    const name = `deskauth:${app.authority.issuer}:deskauth-spa`;
    await ear.evaluate((channel) => {
      const heard: unknown[] = [];
      new BroadcastChannel(channel).addEventListener('message', ({ data }) => heard.push(data));
      Object.assign(window, { heard });
    }, name);
    await signIn(page, app.url);
    await companies(page).waitFor();
    await companies(ear).waitFor();
    const heard = await ear.evaluate(() => (window as unknown as { heard: unknown[] }).heard);
    assert.ok(heard.length > 0 && heard.every((word) => /^signed-(in|out \d+)$/.test(String(word))));

    await ear.evaluate((channel) => {
      const mouth = new BroadcastChannel(channel);
      for (const word of [{ status: 'signed-out' }, 'SIGNED-OUT', ['signed-out 1'], null, 'expired'])
        mouth.postMessage(word);
    }, name);
    await page.evaluate(() => {
      window.postMessage('signed-out', '*');
      window.postMessage({ type: 'deskauth', news: 'signed-out' }, '*');
    });
    await refreshed(page);
    await companies(page).waitFor();
  },
);

onPage('SPA-11 no service worker, and no token in any storage that one could read', async (page) => {
  await signIn(page, app.url);
  await companies(page).waitFor();
  const found = await page.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    caches: await caches.keys(),
    databases: await indexedDB.databases(),
    cookies: document.cookie,
    kept: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  }));
  assert.deepEqual({ ...found, kept: '' }, { workers: 0, caches: [], databases: [], cookies: '', kept: '' });
  assert.doesNotMatch(found.kept, /eyJ|token/i);
});

onPage('SPA-12 a script that was changed on its way does not run', async (page, context) => {
  const answer = await page.goto(app.url);
  const policy = answer?.headers()['content-security-policy'] ?? '';
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  await context.route('**/app.js', async (route) => {
    const script = await route.fetch();
    await route.fulfill({ response: script, body: `window.stolen = true;\n${await script.text()}` });
  });
  const refused = page.waitForEvent('console', (message) => message.text().includes('integrity'));
  await page.reload();
  await refused;
  assert.equal(await page.evaluate(() => 'stolen' in window), false);
});

for (const days of [1, -1])
  onPage(
    `SPA-16 a device whose clock is ${days} day off signs in, and its session lasts`,
    async (page, context) => {
      await context.clock.install({ time: Date.now() + days * 86_400_000 });
      const notes = noteRequests(context, app);
      await signIn(page, app.url);
      await companies(page).waitFor();
      await refreshed(page);
      assert.deepEqual(notes, ['authorize', 'code']);
    },
  );
