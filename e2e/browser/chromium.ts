import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env.CHROME_PATH ?? PROGRAMS.find((path) => existsSync(path));

/** For `test(name, { skip })`: false, or the reason why there is no real browser here. */
export const noBrowser: string | false = program
  ? false
  : `no Chromium is installed (looked for ${PROGRAMS.join(', ')} and CHROME_PATH)`;

/** Flags that keep a Chromium quiet on a machine without a network. */
export const QUIET = [
  ...['--no-sandbox', '--test-type', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Starts a browser that plays the person's own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ ...(program && { executablePath: program }), args: QUIET });
}
