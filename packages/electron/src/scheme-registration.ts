import { resolve } from 'node:path';
import { isLinuxSchemeRegistered, registerLinuxScheme, unregisterLinuxScheme } from '@deskauth/node';
import { app } from 'electron';

/** A scheme whose links shall lead to this app. */
export interface AppSchemeRegistration {
  /** Private-use URI scheme. */
  readonly scheme: string;
  /** What the person knows the app by. */
  readonly appName: string;
  /** What the app is started with besides the link. @default nothing */
  readonly args?: readonly string[];
}

/**
 * Makes links of the scheme lead to this app, for this user, without an administrator: a desktop file on Linux, the
 * user's registry on Windows, the bundle's `CFBundleURLTypes` on macOS, which only an installed app has.
 * @returns whether links lead here now
 * @throws AuthError `AUTH_SETTINGS_INVALID` for a name that is none, `AUTH_REDIRECT_UNAVAILABLE` where Linux refuses
 */
export async function registerScheme(registration: AppSchemeRegistration): Promise<boolean> {
  const { scheme, appName, args = [] } = registration;
  if (process.platform === 'linux') {
    await registerLinuxScheme({ scheme, appName, command: startCommand(args) });
    return true;
  }
  if (process.platform === 'darwin' && !app.isPackaged) return false;
  return app.setAsDefaultProtocolClient(scheme, ...windowsCommand(args)) && isSchemeRegistered(registration);
}

/** Whether links of the scheme lead to this app: another one may have taken it since. */
export async function isSchemeRegistered({ scheme, args = [] }: AppSchemeRegistration): Promise<boolean> {
  if (process.platform === 'linux' && (await isLinuxSchemeRegistered(scheme))) return true;
  return app.isDefaultProtocolClient(scheme, ...windowsCommand(args));
}

/** Undoes {@link registerScheme}. */
export async function unregisterScheme({ scheme, args = [] }: AppSchemeRegistration): Promise<void> {
  if (process.platform === 'linux') await unregisterLinuxScheme(scheme);
  else app.removeAsDefaultProtocolClient(scheme, ...windowsCommand(args));
}

/** How the app was started, so that a link can start it again. An AppImage is mounted somewhere else each time. */
export function startCommand(args: readonly string[]): [program: string, ...args: string[]] {
  if (app.isPackaged) return [appImage() ?? process.execPath, ...args];
  const mainFile = process.argv[1];
  return [process.execPath, ...process.execArgv, ...(mainFile ? [resolve(mainFile)] : []), ...args];
}

/** The AppImage that this app is in. One that has started it from its terminal has left its name in the environment, too. */
function appImage(): string | undefined {
  const { APPIMAGE, APPDIR } = process.env;
  return APPDIR && process.execPath.startsWith(`${resolve(APPDIR)}/`) ? APPIMAGE : undefined;
}

/** The link comes after `--`, so that nothing in it is a switch of Chromium's (CVE-2018-1000006). */
function windowsCommand(args: readonly string[]): [program: string, args: string[]] {
  const [program, ...more] = startCommand(args);
  return [program, [...more, '--']];
}
