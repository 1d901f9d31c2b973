import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from '../browser/chromium.ts';
import { signInOnPage } from '../browser/sign-in-page.ts';
import { chooseFromMenu, signIn, withApp } from './desktop-story.ts';

test(
  'OUT-07 D17 a tester signs out here and in the browser, and comes back as another user',
  { skip: noBrowser },
  () =>
    withApp(async (bench, window, browser) => {
      // One browser with its cookies, as a person has it.
      const person = await browser.newContext();
      await signIn(bench, window, person, 'global');
      await window.getByText('Northwind Turbines').waitFor();
      await chooseFromMenu(window, 'Sign out here and in the browser');
      const page = await person.newPage();
      await page.goto(await bench.openedAddress());
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      assert.match(page.url(), /^http:\/\/127\.0\.0\.1:\d+\/signed-out/);
      await window.getByRole('main').getByText('Your sign-in in the browser has ended too.').waitFor();
      await bench.screenshot(window, '8-signed-out-everywhere');

      // The server asks who it is: its own session has ended.
      await signIn(bench, window, person, 'europe');
      await window.getByRole('button', { name: /Europe Analyst/ }).waitFor();
    }),
);

test(
  'OUT-07 D17 signed out in the app only, the browser is still signed in, and the app says how to be asked',
  { skip: noBrowser },
  () =>
    withApp(async (bench, window, browser) => {
      const person = await browser.newContext();
      await signIn(bench, window, person, 'global');
      await chooseFromMenu(window, 'Sign out');
      await window.getByRole('main').getByText('In your browser you may still be signed in').waitFor();
      await bench.screenshot(window, '9-signed-out-here');

      await window.getByRole('button', { name: 'Use another account' }).click();
      const page = await person.newPage();
      const address = await bench.openedAddress();
      assert.match(new URL(address).searchParams.get('prompt') ?? '', /select_account/);
      await page.goto(address);
      await page.getByRole('button', { name: 'Use another account' }).click();
      await signInOnPage(page, 'europe');
      await window.getByRole('button', { name: /Europe Analyst/ }).waitFor();
    }),
);
