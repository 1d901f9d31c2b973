import { spawn } from 'node:child_process';
import type { Shell } from 'electron';
import { partial } from './partial.ts';

/** Electron's `shell`: addresses go to the system's browser, or to the program named in `DESKAUTH_STAND_IN_BROWSER`. */
export const shell = partial<Shell>('shell', {
  openExternal: (url) => {
    const [program, ...args] = opener();
    return new Promise((resolve, reject) => {
      // Never a shell: nothing in an address is a command. Until `spawn` only, since xdg-open may stay for long.
      const child = spawn(program, [...args, new URL(url).href], { stdio: 'ignore', detached: true });
      child.once('spawn', () => {
        child.unref();
        resolve();
      });
      child.once('error', (cause) =>
        reject(new Error(`${program} could not be started to open ${url}`, { cause })),
      );
    });
  },
});

function opener(): readonly [program: string, ...args: string[]] {
  const chosen = process.env.DESKAUTH_STAND_IN_BROWSER;
  if (chosen) return [chosen];
  if (process.platform === 'darwin') return ['/usr/bin/open'];
  if (process.platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
