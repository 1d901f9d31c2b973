import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '@deskauth/electron-stand-in';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const found = findChromium();
const program = 'path' in found ? found.path : undefined;

/** For `test(name, { skip })`: false, or the reason why there is no real browser here. */
export const noBrowser: string | false = 'reason' in found ? found.reason : false;

/** Flags that keep a Chromium quiet on a machine without a network. */
export const QUIET = [
  ...['--no-sandbox', '--test-type', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/**
 * Starts a browser that plays the person's own.
 * @param options `keepsPages`: with the cache for the back button, which Playwright switches off. @default false
 */
export function startBrowser({ keepsPages = false } = {}): Promise<Browser> {
  return chromium.launch({
    ...(program && { executablePath: program }),
    ...(keepsPages && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    args: QUIET,
  });
}

/** A browser whose owner has forbidden sites to keep data: no cookies, no storage. Its profile goes when it is closed. */
export async function startBrowserWithoutSiteData(): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'deskauth-profile-'));
  await mkdir(join(profile, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    ...(program && { executablePath: program }),
    args: QUIET,
  });
  context.once('close', () => void rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return context;
}

/** A browser with this profile folder, whose programs (handlers of schemes, for one) are started in this environment. */
export function startBrowserOfHome(
  profile: string,
  env: NodeJS.ProcessEnv,
  flags: readonly string[] = [],
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    ...(program && { executablePath: program }),
    args: [...QUIET, ...flags],
    env: env as Record<string, string>,
  });
}
