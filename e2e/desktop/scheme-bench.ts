import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { noBrowser, startBrowserOfHome } from '../browser/chromium.ts';
import { type createDesktopBench, homeEnvironment } from './desktop-bench.ts';

const noDesktopFiles =
  ['xdg-open', 'xdg-mime', 'update-desktop-database'].some(
    (name) => spawnSync('which', [name]).status !== 0,
  ) && 'xdg-utils and desktop-file-utils are not installed';

/** Why links of a scheme cannot be followed here; false when they can. */
export const noScheme: string | false = noBrowser || noDesktopFiles;

/** The sample's own scheme. */
export const SCHEME = 'com.deskauth.sample';
export type Bench = Awaited<ReturnType<typeof createDesktopBench>>;

/** What a browser of this person starts is started in their home. `DISPLAY` is looked at, and nothing is shown on it. */
export function personEnvironment({ directory }: Bench) {
  return { ...homeEnvironment(directory, join(directory, 'debug-cold')), DISPLAY: ':99' };
}

/** The person's own browser, which has been told before that this site may open the app. */
export async function startPersonBrowser(
  bench: Bench,
  site = bench.authority.issuer,
  flags: readonly string[] = [],
): Promise<BrowserContext> {
  const profile = join(bench.directory, 'browser-profile');
  await mkdir(join(profile, 'Default'), { recursive: true });
  const allowed = { [site]: { [SCHEME]: true } };
  await writeFile(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ protocol_handler: { allowed_origin_protocol_pairs: allowed } }),
  );
  return startBrowserOfHome(profile, personEnvironment(bench), flags);
}

/** Starts a sign-in in the app's window; the address that its browser is to open. */
export async function clickSignIn(bench: Bench, window: Page): Promise<string> {
  await window.getByRole('button', { name: 'Sign in with your browser' }).click();
  return bench.openedAddress();
}
