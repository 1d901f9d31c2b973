import type { Page } from 'playwright-core';

/** Plays a person on the dev authority's pages: user name, password, consent. */
export async function signInOnPage(page: Page, username: 'europe' | 'global'): Promise<void> {
  await page.getByLabel('User name').or(page.getByLabel('Username')).fill(username);
  await page.getByLabel('Password').fill('deskauth');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
}
