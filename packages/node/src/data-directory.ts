import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AuthError } from '@deskauth/session';

/**
 * Where an app keeps data that belongs to this machine and this user, by the custom of the operating system.
 * @throws AuthError `AUTH_SETTINGS_INVALID` for an app name that would lead elsewhere
 */
export function dataDirectory(appName: string, env: NodeJS.ProcessEnv = process.env): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(appName) || appName.includes('..'))
    throw new AuthError(
      'AUTH_SETTINGS_INVALID',
      `Setting "appName": expected letters, digits, space, "." "_" or "-", found ${JSON.stringify(appName)}.`,
    );
  return resolve(baseDirectory(env), appName);
}

function baseDirectory(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
}
