import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
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
  return join(baseDirectory(env), appName);
}

function baseDirectory(env: NodeJS.ProcessEnv): string {
  const stated = process.platform === 'win32' ? env.LOCALAPPDATA : env.XDG_DATA_HOME;
  // A relative path would mean another folder for every place from which the app is started.
  const base = stated && isAbsolute(stated) ? stated : undefined;
  if (process.platform === 'win32') return base ?? join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return base ?? join(homedir(), '.local', 'share');
}
