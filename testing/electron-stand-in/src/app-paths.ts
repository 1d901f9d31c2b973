import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { App } from 'electron';

type PathName = Parameters<App['getPath']>[0];

const USER_FOLDERS: Readonly<Partial<Record<PathName, string>>> = {
  desktop: 'Desktop',
  documents: 'Documents',
  downloads: 'Downloads',
  music: 'Music',
  pictures: 'Pictures',
  videos: 'Videos',
};

const changed = new Map<string, string>();

/** Where Electron puts things for an app of this name. @throws Error for a name that it does not know */
export function appPath(name: string, appName: string): string {
  const path = changed.get(name) ?? defaultPath(name as PathName, appName);
  if (path === undefined) throw new Error(`Failed to get '${name}' path`);
  return path;
}

/** Moves one of them, as tests and portable apps do. */
export function changePath(name: string, path: string): void {
  if (!isAbsolute(path)) throw new Error('Path must be absolute');
  mkdirSync(path, { recursive: true });
  changed.set(name, path);
}

function defaultPath(name: PathName, appName: string): string | undefined {
  const userData = () => appPath('userData', appName);
  switch (name) {
    case 'home':
      return homedir();
    case 'temp':
      return tmpdir();
    case 'exe':
      return process.execPath;
    case 'appData':
      return appData();
    case 'userData':
      return join(appPath('appData', appName), appName);
    case 'sessionData':
      return userData();
    case 'logs':
      return join(userData(), 'logs');
    case 'crashDumps':
      return join(userData(), 'Crashpad');
    default:
      return userFolder(name);
  }
}

function appData(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming');
  return process.env.XDG_CONFIG_HOME || join(homedir(), '.config');
}

/** On Linux people rename these folders; `xdg-user-dir` knows. */
function userFolder(name: PathName): string | undefined {
  const folder = USER_FOLDERS[name];
  if (folder === undefined) return undefined;
  if (process.platform === 'linux') {
    try {
      const key = name === 'downloads' ? 'DOWNLOAD' : name.toUpperCase();
      return execFileSync('xdg-user-dir', [key], { encoding: 'utf8' }).trim();
    } catch {
      // Not installed: the usual English name.
    }
  }
  return join(homedir(), folder);
}
