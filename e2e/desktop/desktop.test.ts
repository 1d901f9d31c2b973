import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from '../browser/chromium.ts';
import { signInOnPage } from '../browser/sign-in-page.ts';
import { chooseFromMenu, signIn, withApp } from './desktop-story.ts';

const skip = noBrowser;
test('a person signs in from the window, in their own browser, and sees their companies', { skip }, () =>
  withApp(async (bench, window, person) => {
    await window.getByRole('heading', { name: 'Sign in' }).waitFor();
    await bench.screenshot(window, '1-sign-in-required');
    const page = await signIn(bench, window, person, 'global');
    await bench.screenshot(page, '2-browser-end-page');
    assert.doesNotMatch(page.url(), /code=/);

    await window.getByText('Northwind Turbines').waitFor();
    await window.getByRole('button', { name: /Global Manager/ }).waitFor();
    await bench.screenshot(window, '3-companies');

    await window.getByText('Northwind Turbines').click();
    await window.getByRole('heading', { name: 'Northwind Turbines' }).waitFor();
    await window.getByText('T10005').waitFor();
    await bench.screenshot(window, '4-company');
  }),
);

test(
  'ELEC-01 no token reaches the window: not its globals, its storage, its messages, or its requests',
  { skip },
  () =>
    withApp(async (bench, window, person) => {
      const seen: string[] = [];
      window.on('request', (request) => seen.push(JSON.stringify(request.headers())));
      window.on('console', (message) => seen.push(message.text()));
      await signIn(bench, window, person, 'europe');
      await window.getByText('Northwind Turbines').waitFor();
      const inside = await window.evaluate(`(async () => {
      const found = [];
      const visit = async (name, value, depth) => {
        if (typeof value === 'function' && depth < 2 && /state|snapshot|get/i.test(name)) value = await value();
        found.push(name + '=' + JSON.stringify(value));
      };
      for (const [name, value] of Object.entries(window.deskauth ?? {})) await visit(name, value, 1).catch(() => {});
      found.push(JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, document.documentElement.outerHTML);
      found.push(typeof require, typeof process);
      return found.join('\\n');
    })()`);
      assert.doesNotMatch(
        [...seen, inside].join('\n'),
        /eyJ[\w-]{10,}\.|refresh_?token"|access_?token"|[Bb]earer /,
      );
      assert.match(String(inside), /undefined\nundefined$/);
    }),
);

test(
  'D14 D16 D02 an expired access token is renewed unseen; an expired session comes back to the same place',
  { skip },
  () =>
    withApp(async (bench, window, person) => {
      await signIn(bench, window, person, 'global');
      await window.getByText('Lumen Rail').click();
      await window.getByText('T10008').waitFor();
      const place = await window.evaluate('location.hash');

      await chooseFromMenu(window, 'Expire access token');
      await window.getByRole('button', { name: 'Refresh' }).click();
      await window.getByText('T10008').waitFor();

      await chooseFromMenu(window, 'Expire refresh token');
      await window.getByRole('button', { name: 'Refresh' }).click();
      await window.getByRole('button', { name: /Sign in again/ }).waitFor();
      await bench.screenshot(window, '5-session-expired');
      await window.getByRole('button', { name: /Sign in again/ }).click();
      const page = await person.newPage();
      await page.goto(await bench.openedAddress());
      await signInOnPage(page, 'global');

      await window.getByText('T10008').waitFor();
      assert.equal(await window.evaluate('location.hash'), place);
      await chooseFromMenu(window, 'Sign out');
      await window.getByRole('heading', { name: /signed out/i }).waitFor();
    }),
);

test('D05 while the browser is open: copy, open again, cancel; a refused consent says so', { skip }, () =>
  withApp(async (bench, window, person) => {
    await window.getByRole('button', { name: 'Sign in with your browser' }).click();
    const first = await bench.openedAddress();
    await bench.screenshot(window, '6-signing-in');
    await window.getByRole('button', { name: /Open .*again/ }).click();
    assert.equal(await bench.openedAddress(), first);
    await window.getByRole('button', { name: 'Cancel' }).click();
    await window.getByRole('button', { name: 'Sign in with your browser' }).click();

    const page = await person.newPage();
    await page.goto(await bench.openedAddress());
    await page.getByLabel('User name').fill('europe');
    await page.getByLabel('Password').fill('deskauth');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByRole('heading', { name: 'The sign-in did not succeed' }).waitFor();
    await window
      .getByText(/AUTH_ACCESS_DENIED|refused/)
      .first()
      .waitFor();
    await bench.screenshot(window, '7-refused');
  }),
);
