import { spawn } from 'node:child_process';
import { AuthError, type BrowserLauncher, isSafeAddress, parseAddress } from '@deskauth/session';

/** A launcher that has neither started nor failed after this time is given up. */
const TIME_LIMIT_SECONDS = 10;

/** A program and its arguments: never a shell, so that nothing in an address is a command. */
export type OpenCommand = (url: string) => readonly [program: string, ...args: string[]];

const OPEN_COMMANDS: Readonly<Partial<Record<NodeJS.Platform, OpenCommand>>> = {
  darwin: (url) => ['/usr/bin/open', url],
  // Not "start": that is a shell's own word, and "&" in an address would end it.
  win32: (url) => ['rundll32.exe', 'url.dll,FileProtocolHandler', url],
};
const xdgOpen: OpenCommand = (url) => ['xdg-open', url];

/** The person's own browser, by the means of the operating system (RFC 8252 §6). */
export function systemBrowser(
  command: OpenCommand = OPEN_COMMANDS[process.platform] ?? xdgOpen,
): BrowserLauncher {
  return {
    async open(url) {
      const [program, ...args] = command(requireBrowsable(url));
      await started(program, args);
    },
  };
}

/**
 * The address as it may be given to the operating system: https, or http on this machine. Everything else could
 * start a program. Serialised once, so that what was checked is what is opened.
 * @throws AuthError `AUTH_BROWSER_NOT_OPENED`
 */
export function requireBrowsable(address: string): string {
  const url = parseAddress(address);
  if (url && isSafeAddress(url)) return url.href;
  throw new AuthError(
    'AUTH_BROWSER_NOT_OPENED',
    `Only https addresses are opened in the browser, not ${url?.protocol ?? 'this text'}.`,
  );
}

/** Resolves once the program runs, or has ended well: some launchers stay until the browser is closed. */
function started(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new AuthError('AUTH_BROWSER_NOT_OPENED', `${program} ${why}.`));
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    const settle = setTimeout(() => {
      child.unref();
      resolve();
    }, 1000);
    const late = setTimeout(() => fail('did not start'), TIME_LIMIT_SECONDS * 1000);
    child.once('spawn', () => clearTimeout(late));
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(settle);
      clearTimeout(late);
      fail(error.code === 'ENOENT' ? 'is not installed' : `could not be started (${error.code})`);
    });
    child.once('exit', (code) => {
      clearTimeout(settle);
      if (code === 0) resolve();
      else fail(`ended with code ${code}: no browser could be opened`);
    });
  });
}
