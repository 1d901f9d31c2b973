import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../browser/chromium.ts';
import { signInOnPage } from '../browser/sign-in-page.ts';
import { createDesktopBench } from './desktop-bench.ts';

/** The app, its authority and API. */
export type Bench = Awaited<ReturnType<typeof createDesktopBench>>;

/** Runs a story with the app's window, and a separate Chromium as the person's own browser. */
export async function withApp(
  story: (bench: Bench, window: Page, person: Browser) => Promise<void>,
): Promise<void> {
  const bench = await createDesktopBench();
  const person = await startBrowser();
  const app = await bench.startApp();
  try {
    app.window.setDefaultTimeout(20_000);
    await story(bench, app.window, person);
  } finally {
    await app.quit();
    await person.close();
    await bench.stop();
  }
}

/** Signs in from the window; the page where the browser ends. */
export async function signIn(
  bench: Bench,
  window: Page,
  person: Browser | BrowserContext,
  username: 'europe' | 'global',
): Promise<Page> {
  await window.getByRole('button', { name: 'Sign in with your browser' }).click();
  const page = await person.newPage();
  await page.goto(await bench.openedAddress());
  await signInOnPage(page, username);
  await page.getByRole('heading', { name: /You are signed in as/ }).waitFor();
  return page;
}

/** Chooses a command of the menu behind the user's name. */
export async function chooseFromMenu(window: Page, item: string): Promise<void> {
  await window.getByRole('button', { name: /Global Manager|Europe Analyst/ }).click();
  await window.getByRole('menuitem', { name: item, exact: true }).click();
}
