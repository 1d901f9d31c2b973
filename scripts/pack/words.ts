import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DESKTOP } from '../samples/desktop-page.ts';
import type { System, Target } from './target.ts';

/** What can be said. */
export const WORDS = `npm run pack -- [--linux] [--mac] [--win] [--arch x64|arm64] [--settings FILE] [--out FOLDER]
                [--electron-zips FOLDER | --dir-without-electron]`;

/** What was said. */
export interface PackWords {
  /** This system, unless others are named. */
  readonly targets: readonly Target[];
  readonly settingsFile: string;
  readonly out: string;
  /** A folder with Electron's zips. @default downloads */
  readonly electronZips?: string | undefined;
  readonly isWithoutElectron: boolean;
}

const FLAG = { type: 'boolean', default: false } as const;
const TEXT = { type: 'string' } as const;

/**
 * Reads the words of the command line; undefined when help was asked for.
 * @throws Error for what is not among them
 */
export function readWords(args: readonly string[]): PackWords | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ linux: FLAG, mac: FLAG, win: FLAG, arch: TEXT, settings: TEXT, out: TEXT },
      ...{ 'electron-zips': TEXT, 'dir-without-electron': FLAG, help: FLAG },
    },
  });
  if (values.help) return undefined;
  const arch = requireArch(values.arch ?? process.arch);
  const asked = { linux: values.linux, darwin: values.mac, win32: values.win };
  const systems = (Object.keys(asked) as System[]).filter((system) => asked[system]);
  return {
    targets: (systems.length > 0 ? systems : [ownSystem()]).map((system) => ({ system, arch })),
    settingsFile: values.settings ?? join(DESKTOP, 'desktop.settings.json'),
    out: resolve(values.out ?? 'out'),
    electronZips: values['electron-zips'],
    isWithoutElectron: values['dir-without-electron'],
  };
}

function requireArch(arch: string): Target['arch'] {
  if (arch === 'x64' || arch === 'arm64') return arch;
  throw new Error(`--arch: expected x64 or arm64, found "${arch}".`);
}

function ownSystem(): System {
  const { platform } = process;
  if (platform === 'linux' || platform === 'darwin' || platform === 'win32') return platform;
  throw new Error(`There is no Electron for ${platform}: name a system, --linux, --mac or --win.`);
}
