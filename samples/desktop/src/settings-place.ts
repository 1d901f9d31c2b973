import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How the app was started, as far as its settings are concerned. */
export interface Start {
  readonly argv: readonly string[];
  readonly isPackaged: boolean;
  /** What lies beside a packed app's archive: `process.resourcesPath`. */
  readonly resources: string;
  /** The app's own folder, while it is developed. */
  readonly home: string;
  /** @default this machine's */
  readonly platform?: NodeJS.Platform;
  /** @default looks on the disk */
  readonly exists?: (file: string) => boolean;
}

const FILE = 'desktop.settings.json';

/** Folders that only an administrator can write to. Windows has none that a person could not make first. */
const ADMINISTRATORS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: '/etc/deskauth-companies',
  darwin: '/Library/Application Support/Deskauth Companies',
};

/** `--settings=FILE`. After `--` there is only the link that a browser has handed over: anybody can have written it. */
export function settingsArgument(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).find((argument) => argument.startsWith('--settings='));
}

/** The settings file that the start names, else the administrator's, else the one that lies beside the app. */
export function findSettings(start: Start): string {
  const { argv, isPackaged, resources, home, platform = process.platform, exists = existsSync } = start;
  const named = settingsArgument(argv);
  if (named) return named.slice('--settings='.length);
  if (!isPackaged) return join(home, FILE);
  const administrators = ADMINISTRATORS[platform];
  const file = administrators && join(administrators, FILE);
  return file && exists(file) ? file : join(resources, FILE);
}
