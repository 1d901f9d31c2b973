import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import { signInOnPage } from '../browser/sign-in-page.ts';
import { attachToWindow, createDesktopBench } from './desktop-bench.ts';
import {
  type Bench,
  clickSignIn,
  noScheme,
  personEnvironment,
  SCHEME,
  startPersonBrowser,
} from './scheme-bench.ts';

const skip = noScheme;

/** Runs a story with the app, whose answers come by its scheme, and a browser that opens links of it. */
async function withScheme(
  story: (bench: Bench, app: App, person: BrowserContext) => Promise<void>,
): Promise<void> {
  const bench = await createDesktopBench({ redirect: 'scheme' });
  const person = await startPersonBrowser(bench);
  const app = await bench.startApp();
  try {
    app.window.setDefaultTimeout(20_000);
    await story(bench, app, person);
  } finally {
    await app.quit();
    await person.close();
    await bench.stop();
  }
}
type App = Awaited<ReturnType<Bench['startApp']>>;

test(
  'D07 LINK-11 the real loop: window, browser, authority, 302 to the scheme, desktop file, second process, window',
  { skip },
  () =>
    withScheme(async (bench, { window }, person) => {
      const address = await clickSignIn(bench, window);
      assert.equal(new URL(address).searchParams.get('redirect_uri'), `${SCHEME}:/callback`);
      const page = await person.newPage();
      await page.goto(address);
      await signInOnPage(page, 'global');
      await window.getByText('Northwind Turbines').waitFor();
      await window.getByRole('button', { name: /Global Manager/ }).waitFor();
      await bench.screenshot(window, '8-signed-in-by-scheme');
      const entry = join(bench.directory, '.local/share/applications', `${SCHEME}.link.desktop`);
      assert.match(await readFile(entry, 'utf8'), /^Exec=.*main\.ts --settings=\S+ %u$/m);
    }),
);

test('LINK-02 LINK-03 LINK-06 LINK-09 links from anybody start nothing and show nothing', { skip }, () =>
  withScheme(async (bench, { window }, person) => {
    await window.getByRole('button', { name: 'Sign in with your browser' }).waitFor();
    const hostile = [
      `${SCHEME}:/callback?code=stolen&state=forged`,
      `${SCHEME}:/callback?error=x&error_description=<img src=x onerror=document.title='taken'>`,
      `${SCHEME}://evil.example/callback?issuer=https://evil.example`,
    ];
    for (const link of hostile)
      execFileSync('xdg-open', [link], { env: personEnvironment(bench), stdio: 'ignore' });
    await window.getByRole('button', { name: 'Sign in with your browser' }).waitFor();
    const { state } = (await window.evaluate(`deskauth.snapshot().then(({ value }) => value)`)) as {
      state: { status: string };
    };
    assert.equal(state.status, 'signed-out');
    assert.notEqual(await window.title(), 'taken');
    assert.doesNotMatch(await window.content(), /stolen|forged|evil/);

    // A sign-in that is under way is not ended by them either.
    const address = await clickSignIn(bench, window);
    for (const link of hostile)
      execFileSync('xdg-open', [link], { env: personEnvironment(bench), stdio: 'ignore' });
    const page = await person.newPage();
    await page.goto(address);
    await signInOnPage(page, 'europe');
    await window.getByRole('button', { name: /Europe Analyst/ }).waitFor();
  }),
);

test('LINK-10 cold start: the link starts the app, which waits for the person', { skip }, async () => {
  const bench = await createDesktopBench({ redirect: 'scheme' });
  const environment = personEnvironment(bench);
  const first = await bench.startApp();
  const address = await clickSignIn(bench, first.window);
  await first.quit();
  const state = new URL(address).searchParams.get('state');
  // xdg-open stays as long as the app that it has started.
  const link = `${SCHEME}:/callback?code=late&state=${state}`;
  const opener = spawn('xdg-open', [link], { env: environment, stdio: 'ignore' });
  const closed = new Promise((resolve) => opener.once('exit', resolve));
  const { browser, window } = await attachToWindow(environment.DESKAUTH_STAND_IN_DEBUG_FILE);
  try {
    window.setDefaultTimeout(20_000);
    await window.getByRole('button', { name: 'Sign in with your browser' }).waitFor();
    await bench.screenshot(window, '9-cold-start-by-link');
  } finally {
    await window.close();
    await closed;
    await browser.close();
    await bench.stop();
  }
});

test('LINK-10 D07 killed while the person is in the browser, the app is started by the link and signed in', {
  skip,
}, async () => {
  const bench = await createDesktopBench({ redirect: 'scheme', weakerStorage: 'allow' });
  const person = await startPersonBrowser(bench);
  const first = await bench.startApp();
  const address = await clickSignIn(bench, first.window);
  await first.kill();
  const page = await person.newPage();
  await page.goto(address);
  await signInOnPage(page, 'europe');
  const { browser, window } = await attachToWindow(personEnvironment(bench).DESKAUTH_STAND_IN_DEBUG_FILE);
  try {
    window.setDefaultTimeout(20_000);
    await window.getByRole('button', { name: /Europe Analyst/ }).waitFor();
    await bench.screenshot(window, '10-signed-in-after-being-killed');
  } finally {
    await window.close();
    await browser.close();
    await person.close();
    await bench.stop();
  }
});

test('D20 by its scheme the app runs once, and a second start is left to the first', { skip }, () =>
  withScheme(async (bench, { window }) => {
    await window.getByRole('button', { name: 'Sign in with your browser' }).waitFor();
    assert.equal(await bench.startUntilEnd(), 0);
    await window.getByRole('button', { name: 'Sign in with your browser' }).waitFor();
  }),
);

test('D20 by loopback two instances run side by side', { skip }, async () => {
  const bench = await createDesktopBench();
  const apps = [await bench.startApp(), await bench.startApp()];
  try {
    const addresses: (string | null)[] = [];
    for (const { window } of apps)
      addresses.push(new URL(await clickSignIn(bench, window)).searchParams.get('redirect_uri'));
    assert.match(
      addresses.join(),
      /^http:\/\/127\.0\.0\.1:\d+\/callback,http:\/\/127\.0\.0\.1:\d+\/callback$/,
    );
    assert.notEqual(addresses[0], addresses[1]);
  } finally {
    for (const app of apps) await app.quit();
    await bench.stop();
  }
});
