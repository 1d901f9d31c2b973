import { type ChildProcess, spawn } from 'node:child_process';
import { AuthError, type BrowserLauncher, isSafeAddress, parseAddress } from '@deskauth/session';

/** A launcher that has not failed by then is taken to be at work: some stay until the browser is closed. */
const FAILS_WITHIN_SECONDS = 1;

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
      const fault = await startFault(program, args);
      if (fault !== undefined) throw new AuthError('AUTH_BROWSER_NOT_OPENED', `${program} ${fault}.`);
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

/** Starts the program and leaves it alone. Resolves with what went wrong, if anything did. */
function startFault(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    // `xdg-open` would run what it names: a custom of terminals, see browserOfVariable().
    const { BROWSER: _ignored, ...environment } = process.env;
    let child: ChildProcess;
    try {
      child = spawn(program, args, { stdio: 'ignore', detached: true, env: environment });
    } catch (error) {
      // An address beyond the operating system's limit, for one.
      return resolve(describe(error as NodeJS.ErrnoException));
    }
    child.unref();
    const settle = setTimeout(() => settled(), FAILS_WITHIN_SECONDS * 1000);
    const settled = (fault?: string) => {
      clearTimeout(settle);
      resolve(fault);
    };
    child.once('error', (error) => settled(describe(error)));
    child.once('exit', (code, signal) =>
      settled(code === 0 ? undefined : `ended with ${code ?? signal}: no browser could be opened`),
    );
  });
}

function describe({ code }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' ? 'is not installed' : `could not be started (${code})`;
}
