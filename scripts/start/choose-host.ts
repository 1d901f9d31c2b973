import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findChromium } from '@deskauth/electron-stand-in';

/** What can show the app. */
export type HostName = 'electron' | 'stand-in' | 'terminal';

/** A host, and why it is this one. */
export interface HostChoice {
  readonly name: HostName;
  readonly because: string;
  /** The program, for Electron and the stand-in. */
  readonly program?: string | undefined;
}

/** The best host that this machine has: real Electron, else Chromium in its place, else the terminal. */
export function chooseHost(wanted: string | undefined): HostChoice {
  const electron = findElectron();
  const found = findChromium();
  const chromium = 'path' in found ? found.path : undefined;
  const noChromium = 'reason' in found ? found.reason : undefined;
  const choices: Readonly<Record<HostName, HostChoice>> = {
    electron: { name: 'electron', because: 'its binary is installed', program: electron },
    'stand-in': {
      name: 'stand-in',
      because: `Electron's binary is not installed; windows are those of ${chromium}`,
      program: chromium,
    },
    terminal: { name: 'terminal', because: whyTerminal(noChromium) },
  };
  if (wanted !== undefined) return wantedHost(wanted, choices);
  if (!hasDisplay()) return choices.terminal;
  if (electron) return choices.electron;
  return chromium ? choices['stand-in'] : choices.terminal;
}

function wantedHost(wanted: string, choices: Readonly<Record<HostName, HostChoice>>): HostChoice {
  const choice = choices[wanted as HostName];
  if (!choice) throw new Error(`--host: expected ${Object.keys(choices).join(', ')}, found "${wanted}".`);
  if (choice.name !== 'terminal' && !choice.program)
    throw new Error(`--host: there is no ${wanted} on this machine.`);
  return { ...choice, because: 'it was asked for' };
}

function whyTerminal(noChromium: string | undefined): string {
  if (!hasDisplay()) return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
  return `neither Electron's binary nor a Chromium is installed (${noChromium})`;
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Electron fetches its binary when it is first asked for; looking must not start that. */
function findElectron(): string | undefined {
  const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(home, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const program = join(home, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(program) ? program : undefined;
}
