import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevClient, startDevAuthority } from '@deskauth/dev-authority';
import { startStandIn } from '@deskauth/electron-stand-in';
import { startSampleApi } from '@deskauth/sample-api';
import { chromium, type Page } from 'playwright-core';

const DESKTOP = join(import.meta.dirname, '../../samples/desktop');
const SCREENSHOTS = join(import.meta.dirname, '../screenshots');

/**
 * The desktop sample in the stand-in, with its authority and API, all real.
 * @param settings other ones than the sample's
 * @param clients other ones than the authority's own
 */
export async function createDesktopBench(
  settings: Readonly<Record<string, unknown>> = {},
  clients: readonly DevClient[] = [],
) {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-desktop-'));
  const authority = await startDevAuthority({ port: 0, clients });
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
    JSON.stringify({
      ...sample,
      issuer,
      apiAddress: api.url,
      directory: join(directory, 'data'),
      ...settings,
    }),
  );
  const launcher = await createLauncher(directory);
  await mkdir(SCREENSHOTS, { recursive: true });

  return {
    authority,
    api,
    /** The throw-away home of the app and of whatever else a story starts. */
    directory,
    /** The next address that the app has the system browser open. */
    openedAddress: launcher.next,
    /** What the app reads. */
    settingsFile,
    startApp: () => attach(spawnApp(directory, settingsFile, launcher.program)),
    /** Starts a packed app, which has its settings beside it. */
    startPacked: (program: string) => attach(spawnPacked(directory, program, launcher.program)),
    /** A start of an app that is expected to end by itself; its exit code. */
    async startUntilEnd() {
      const { exited } = spawnApp(directory, settingsFile, launcher.program);
      return exited;
    },
    screenshot: (page: Page, name: string) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) }),
    async stop() {
      await api.stop();
      await authority.stop();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts the sample's own main file. */
function spawnApp(directory: string, settingsFile: string, browserProgram: string) {
  const debugFile = join(directory, `debug-${randomUUID()}`);
  const child = startStandIn({
    mainFile: join(DESKTOP, 'src/main.ts'),
    args: [`--settings=${settingsFile}`],
    stdio: ['ignore', 'inherit', 'inherit'],
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    env: { ...homeEnvironment(directory, debugFile), DESKAUTH_STAND_IN_BROWSER: browserProgram },
  });
  return { child, exited: exitOf(child), debugFile };
}

/** Starts a packed app's own program, in a home far from this repository. */
function spawnPacked(directory: string, program: string, browserProgram: string) {
  const debugFile = join(directory, `debug-${randomUUID()}`);
  const env = { ...homeEnvironment(directory, debugFile), DESKAUTH_STAND_IN_BROWSER: browserProgram };
  const child = spawn(program, { cwd: directory, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return { child, exited: exitOf(child), debugFile };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

/** Attaches to the window of an app that was started. */
async function attach({ child, exited, debugFile }: ReturnType<typeof spawnApp>) {
  const ended = new AbortController();
  exited.then(() => ended.abort(new Error('the app ended')));
  const { browser, window } = await attachToWindow(debugFile, ended.signal);
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

/** The environment of an app with this home, without a keyring. */
export function homeEnvironment(directory: string, debugFile: string) {
  const { DBUS_SESSION_BUS_ADDRESS, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CURRENT_DESKTOP, ...machine } =
    process.env;
  return {
    ...machine,
    HOME: directory,
    DESKAUTH_STAND_IN_HEADLESS: '1',
    DESKAUTH_STAND_IN_DEBUG_PORT: '0',
    DESKAUTH_STAND_IN_DEBUG_FILE: debugFile,
  };
}

/**
 * The window of an app that writes its address of attachment into this file.
 * @param signal ends the wait for the file
 */
export async function attachToWindow(debugFile: string, signal?: AbortSignal) {
  const browser = await chromium.connectOverCDP((await textOf(debugFile, signal)).trim());
  const context = browser.contexts()[0];
  const window = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (!window) throw new Error('the app has no window');
  return { browser, window };
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
async function textOf(file: string, signal?: AbortSignal): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text) return text;
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
