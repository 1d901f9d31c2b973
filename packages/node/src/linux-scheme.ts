import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { AuthError } from '@deskauth/session';
import { requireSchemeName } from './scheme-name.ts';

const run = promisify(execFile);
const TIME_LIMIT_SECONDS = 10;

/** An app that links of a scheme lead to. */
export interface LinuxScheme {
  /** Private-use URI scheme. */
  readonly scheme: string;
  /** What the person knows the app by. */
  readonly appName: string;
  /** The program and its arguments; the link is added as the last one. */
  readonly command: readonly [program: string, ...args: string[]];
}

/**
 * Makes links of a scheme lead to this app, for this user: a desktop file with `MimeType=x-scheme-handler/…`, chosen as
 * the default. Electron's own way does nothing in an AppImage and for an app that no package has installed. Nothing is
 * written when it stands already.
 * @throws AuthError `AUTH_REDIRECT_UNAVAILABLE` when the system has no such thing, or keeps another app
 * @see freedesktop.org Desktop Entry Specification, Association between MIME types and applications
 */
export async function registerLinuxScheme(app: LinuxScheme): Promise<void> {
  const { scheme } = app;
  const wanted = buildDesktopEntry(app);
  if ((await isLinuxSchemeRegistered(scheme)) && (await read(entryFile(scheme))) === wanted) return;
  try {
    await mkdir(applicationsFolder(), { recursive: true });
    await writeFile(entryFile(scheme), wanted, { mode: 0o644 });
    await updateDatabase();
    await xdgMime('default', entryName(scheme), mimeType(scheme));
  } catch (error) {
    throw unavailable(scheme, (error as NodeJS.ErrnoException).message.split('\n')[0] ?? '');
  }
  if (!(await isLinuxSchemeRegistered(scheme))) throw unavailable(scheme, 'another app keeps it');
}

/** True when links of the scheme lead to the app that was registered last. */
export async function isLinuxSchemeRegistered(scheme: string): Promise<boolean> {
  const name = entryName(requireSchemeName(scheme));
  if ((await read(entryFile(scheme))) === undefined) return false;
  const found = await xdgMime('query', 'default', mimeType(scheme)).catch(() => '');
  return found.trim() === name;
}

/** Undoes {@link registerLinuxScheme}: no link leads to the app any more. Twice is no error. */
export async function unregisterLinuxScheme(scheme: string): Promise<void> {
  await rm(entryFile(requireSchemeName(scheme)), { force: true });
  await forgetDefault(scheme);
  await updateDatabase().catch(() => {});
}

/** The desktop file's text. */
export function buildDesktopEntry({ scheme, appName, command }: LinuxScheme): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${escapeValue(appName)}`,
    `Exec=${command.map(quoteArgument).join(' ')} %u`,
    `MimeType=${mimeType(requireSchemeName(scheme))};`,
    'NoDisplay=true',
    'StartupNotify=false',
    'Terminal=false',
    '',
  ].join('\n');
}

/**
 * Two layers: the quotes of the Exec key, then the backslashes of any value. Plain words stay plain, because `xdg-open`
 * without a desktop does not know quotes.
 */
function quoteArgument(argument: string): string {
  if (/[\p{Cc}]/u.test(argument)) throw unavailable('', 'its command has control characters');
  const percent = argument.replaceAll('%', '%%');
  if (/^[\w./:=@+,%-]+$/.test(percent)) return percent;
  return escapeValue(`"${percent.replace(/["`$\\]/g, '\\$&')}"`);
}

function escapeValue(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
}

const mimeType = (scheme: string) => `x-scheme-handler/${scheme}`;
const entryName = (scheme: string) => `${scheme}.link.desktop`;
const entryFile = (scheme: string) => join(applicationsFolder(), entryName(scheme));

function applicationsFolder(): string {
  return join(baseFolder('XDG_DATA_HOME', '.local/share'), 'applications');
}

function baseFolder(variable: string, otherwise: string): string {
  const stated = process.env[variable];
  return stated && isAbsolute(stated) ? stated : join(homedir(), otherwise);
}

async function xdgMime(...args: readonly string[]): Promise<string> {
  return (await run('xdg-mime', args, { timeout: TIME_LIMIT_SECONDS * 1000 })).stdout;
}

/** Not every desktop has it, and those without need none. */
async function updateDatabase(): Promise<void> {
  await run('update-desktop-database', [applicationsFolder()], { timeout: TIME_LIMIT_SECONDS * 1000 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
}

/** `xdg-mime` sets a default and has no way to take it back. */
async function forgetDefault(scheme: string): Promise<void> {
  const file = join(baseFolder('XDG_CONFIG_HOME', '.config'), 'mimeapps.list');
  const text = await read(file);
  const ours = `${mimeType(scheme)}=${entryName(scheme)}`;
  const rest = text?.split('\n').filter((line) => line.trim().replace(/;$/, '') !== ours);
  if (text !== undefined && rest && rest.join('\n') !== text) await writeFile(file, rest.join('\n'));
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

function unavailable(scheme: string, why: string): AuthError {
  return new AuthError('AUTH_REDIRECT_UNAVAILABLE', `The scheme ${scheme} could not be registered: ${why}.`);
}
