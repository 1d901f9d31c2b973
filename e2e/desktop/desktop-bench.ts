import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevAuthority } from '@deskauth/dev-authority';
import { startStandIn } from '@deskauth/electron-stand-in';
import { startSampleApi } from '@deskauth/sample-api';
import { chromium, type Page } from 'playwright-core';

const DESKTOP = join(import.meta.dirname, '../../samples/desktop');
const SCREENSHOTS = join(import.meta.dirname, '../screenshots');

/** The desktop sample in the stand-in, with its authority and API, all real. */
export async function createDesktopBench() {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-desktop-'));
  const authority = await startDevAuthority({ port: 0 });
  const { issuer, apiAudience: audience } = authority;
  const api = await startSampleApi({
    port: 0,
    issuer,
    audience,
    allowHttp: true,
    allowRehearsal: true,
    logLevel: 'silent',
  });
  const settingsFile = join(directory, 'desktop.settings.json');
  const sample = JSON.parse(await readFile(join(DESKTOP, 'desktop.settings.json'), 'utf8'));
  await writeFile(
    settingsFile,
    JSON.stringify({ ...sample, issuer, apiAddress: api.url, directory: join(directory, 'data') }),
  );
  const launcher = await createLauncher(directory);
  await mkdir(SCREENSHOTS, { recursive: true });

  return {
    authority,
    api,
    /** The next address that the app has the system browser open. */
    openedAddress: launcher.next,
    startApp: () => startApp(directory, settingsFile, launcher.program),
    screenshot: (page: Page, name: string) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) }),
    async stop() {
      await api.stop();
      await authority.stop();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts the sample's own main file and attaches to its window. */
async function startApp(directory: string, settingsFile: string, browserProgram: string) {
  const debugFile = join(directory, `debug-${Date.now()}`);
  const { DBUS_SESSION_BUS_ADDRESS: _keyring, ...machine } = process.env;
  const child = startStandIn({
    mainFile: join(DESKTOP, 'src/main.ts'),
    args: [`--settings=${settingsFile}`],
    stdio: ['ignore', 'inherit', 'inherit'],
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    env: {
      ...machine,
      HOME: directory,
      DESKAUTH_STAND_IN_HEADLESS: '1',
      DESKAUTH_STAND_IN_DEBUG_PORT: '0',
      DESKAUTH_STAND_IN_DEBUG_FILE: debugFile,
      DESKAUTH_STAND_IN_BROWSER: browserProgram,
    },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const endpoint = await Promise.race([
    textOf(debugFile),
    exited.then(() => Promise.reject(new Error('the app ended'))),
  ]);
  const browser = await chromium.connectOverCDP(endpoint.trim());
  const context = browser.contexts()[0];
  const window = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (!window) throw new Error('the app has no window');
  return {
    window,
    async kill() {
      await browser.close();
      child.kill('SIGKILL');
      await exited;
    },
    async quit() {
      await browser.close();
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** A program that takes the place of the system browser: it writes down what it was asked to open. */
async function createLauncher(directory: string) {
  const program = join(directory, 'browser');
  const record = join(directory, 'opened');
  await writeFile(
    program,
    `#!/bin/sh\nprintf '%s' "$1" > "${record}.new" && mv "${record}.new" "${record}"\n`,
  );
  await chmod(program, 0o755);
  return {
    program,
    async next(): Promise<string> {
      const address = await textOf(record);
      await rm(record);
      return address;
    },
  };
}

/** The text of a file, once it is there. */
async function textOf(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
