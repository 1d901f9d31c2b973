import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { manifest } from './manifest.ts';

/** RFC 3986 §3.1, in lower case. */
const SCHEME = /^[a-z][a-z0-9+.-]*$/;

/**
 * Makes this app the one that opens addresses of a scheme, for this user (Linux only).
 * @param args what follows the stand-in; the app's main file when there is nothing
 * @returns false where the system offers no way
 */
export function setAsDefault(scheme: string, args: readonly string[] | undefined): boolean {
  if (!SCHEME.test(scheme) || process.platform !== 'linux') return false;
  const folder = applicationsFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, fileName(scheme)),
    desktopEntry(scheme, args?.length ? args : [manifest().mainFile]),
  );
  run('update-desktop-database', [folder]);
  return run('xdg-mime', ['default', fileName(scheme), mimeType(scheme)]) !== undefined && isDefault(scheme);
}

/** Whether this app opens addresses of a scheme. */
export function isDefault(scheme: string): boolean {
  if (!existsSync(join(applicationsFolder(), fileName(scheme)))) return false;
  return run('xdg-mime', ['query', 'default', mimeType(scheme)])?.trim() === fileName(scheme);
}

/** Undoes {@link setAsDefault}. @returns false when there was nothing to undo */
export function removeAsDefault(scheme: string): boolean {
  if (!isDefault(scheme)) return false;
  rmSync(join(applicationsFolder(), fileName(scheme)));
  run('update-desktop-database', [applicationsFolder()]);
  return true;
}

function applicationsFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'applications');
}

function fileName(scheme: string): string {
  const app = manifest()
    .name.replace(/[^a-z0-9-]+/gi, '-')
    .replace(/^-+/, '');
  return `electron-stand-in-${app}-${scheme}.desktop`;
}

function mimeType(scheme: string): string {
  return `x-scheme-handler/${scheme}`;
}

function desktopEntry(scheme: string, args: readonly string[]): string {
  const command = [process.execPath, ...process.execArgv, ...args].map(quote).join(' ');
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${manifest().name}`,
    `Exec=${command} %u`,
    `MimeType=${mimeType(scheme)};`,
    'NoDisplay=true',
    '',
  ].join('\n');
}

/**
 * Desktop Entry Specification, "The Exec key": quotes, and a second layer of backslashes for the file itself. Plain
 * words stay plain, because `xdg-open` without a desktop does not know quotes.
 */
function quote(argument: string): string {
  if (/^[\w./:=@+,-]+$/.test(argument)) return argument;
  const quoted = argument
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return `"${quoted}"`;
}

/** What a program prints; nothing when it is missing or fails. */
function run(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
