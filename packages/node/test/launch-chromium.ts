import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Why a test with a real browser cannot run here; false when it can. */
export const withoutChromium = EXECUTABLE === undefined && 'no Chromium is installed';

const QUIET = [
  ...['--no-sandbox', '--test-type', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Starts a headless Chromium with a profile of its own, which goes away with the test. */
export async function launchChromium(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: EXECUTABLE ?? '', args: QUIET });
  t.after(() => browser.close());
  return browser;
}
