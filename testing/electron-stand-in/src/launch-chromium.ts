import { type ChildProcess, spawn } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { type CdpSession, connectCdp } from './cdp-pipe.ts';
import { createProfile, removeProfile } from './profile.ts';

/** What a launch may be told. */
export interface LaunchSettings {
  /** The program. */
  readonly path: string;
  /** Without a screen. */
  readonly headless: boolean;
  /** Further switches: `name` or `name=value`. */
  readonly switches: readonly string[];
}

/** A running Chromium with a new, empty profile that is removed when it ends. */
export interface Chromium {
  readonly cdp: CdpSession;
  readonly headless: boolean;
  /** Resolves when the program has ended; says why, when it ended by itself. */
  readonly exited: Promise<string>;
  /** Opens a window without tabs or address bar at an address. Only with a screen. */
  openAppWindow(address: string): void;
  close(): Promise<void>;
  /** At once, for `process.on('exit')`, where nothing can be awaited. */
  kill(): void;
}

const QUIET = [
  '--test-type',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-features=Translate',
  // Electron has none either: a page that is gone back to is loaded anew.
  '--disable-back-forward-cache',
  // Nothing in a throw-away profile is worth a question for the keyring's password.
  '--password-store=basic',
  '--use-mock-keychain',
  '--log-level=3',
];

/** For the program itself, not for the calls that open its windows. */
const OWN = [
  '--remote-debugging-pipe',
  '--no-startup-window',
  // An app may live without a window.
  '--keep-alive-for-test',
  // Addresses of app schemes are answered by us; should one slip through, it finds no host.
  '--host-resolver-rules=MAP *.invalid ~NOTFOUND',
];

/** Closing takes a fraction of a second; a Chromium that hangs is killed. */
const CLOSE_LIMIT_SECONDS = 3;

/** Starts Chromium without a window. Its pipe is ours, so it ends when this process ends, however that happens. */
export function launchChromium({ path, headless, switches }: LaunchSettings): Chromium {
  const profile = createProfile();
  const more = switches.map((name) => `--${name}`);
  const common = [...QUIET, ...asRoot(), `--user-data-dir=${profile}`, ...more];
  const child = spawn(path, [...common, ...OWN, ...debugPort(), ...(headless ? ['--headless'] : [])], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const exited = exitOf(child, path).finally(() => removeProfile(profile));
  const cdp = connectCdp(child.stdio[3] as Writable, child.stdio[4] as Readable);
  return {
    cdp,
    headless,
    exited,
    openAppWindow(address) {
      // A second call with the same profile hands its address to the running program and ends.
      spawn(path, [...common, `--app=${address}`], { stdio: 'ignore' }).on('error', () => {});
    },
    async close() {
      cdp.send('Browser.close').catch(() => {});
      const limit = setTimeout(() => child.kill('SIGKILL'), CLOSE_LIMIT_SECONDS * 1000);
      await exited;
      clearTimeout(limit);
    },
    kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      removeProfile(profile);
    },
  };
}

function exitOf(child: ChildProcess, path: string): Promise<string> {
  const lastWords = readErrors(child);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`${path} could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`${path} ended with ${signal ?? code}. ${lastWords()}`));
  });
}

/** Chromium's sandbox refuses to run as root (a container). */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

function debugPort(): string[] {
  const port = process.env.DESKAUTH_STAND_IN_DEBUG_PORT;
  return port === undefined ? [] : [`--remote-debugging-port=${port}`];
}

/** Keeps the last lines for a report, and writes the endpoint for test drivers to their file. */
function readErrors(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const known = endpointIn(text);
    text = (text + chunk).slice(-4000);
    const endpoint = endpointIn(text);
    if (endpoint && !known) writeEndpoint(endpoint).catch((error) => console.error(error));
  });
  return () => text.trim().split('\n').slice(-5).join('\n');
}

function endpointIn(text: string): string | undefined {
  return /^DevTools listening on (ws:\S+)\s/m.exec(text)?.[1];
}

async function writeEndpoint(endpoint: string): Promise<void> {
  const file = process.env.DESKAUTH_STAND_IN_DEBUG_FILE;
  if (!file) return;
  // Renamed into place, so that a waiting reader never sees half of it.
  await writeFile(`${file}.new`, endpoint, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
