import type { TestContext } from 'node:test';
import { findChromium } from '@deskauth/electron-stand-in';
import { type Browser, chromium } from 'playwright-core';

const found = findChromium();

/** Why a test with a real browser cannot run here; false when it can. */
export const withoutChromium = 'reason' in found && found.reason;

const QUIET = [
  ...['--no-sandbox', '--test-type', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Starts a headless Chromium with a profile of its own, which goes away with the test. */
export async function launchChromium(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({
    ...('path' in found && { executablePath: found.path }),
    args: QUIET,
  });
  t.after(() => browser.close());
  return browser;
}
