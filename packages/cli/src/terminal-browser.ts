import { browserOfVariable, detectEnvironment, systemBrowser, windowsBrowser } from '@deskauth/node';
import type { BrowserLauncher } from '@deskauth/session';
import type { Flags } from './command-line.ts';
import { print, say } from './terminal.ts';

/**
 * The browser of this machine, or an address for somebody else to open.
 * @param show where that address goes: alone on stdout, so that any script can play the browser
 */
export function chooseBrowser(flags: Flags, show: (url: string) => void = print): BrowserLauncher {
  return flags['no-browser'] ? printedAddress(show) : openedAddress();
}

function printedAddress(show: (url: string) => void): BrowserLauncher {
  return {
    async open(url) {
      say('Open this address in a browser; waiting for its answer.');
      show(url);
    },
  };
}

function openedAddress(): BrowserLauncher {
  const environment = detectEnvironment();
  const named = browserOfVariable();
  if (environment.browser === 'none' && !named) return addressToCopy(environment.because);
  const system = systemBrowser(named ?? (environment.browser === 'windows' ? windowsBrowser : undefined));
  return {
    async open(url) {
      say(`Continue in your browser. If it does not open, use this address:\n\n  ${url}\n`);
      await system.open(url).catch((error: Error) => say(`${error.message} Use the address above.`));
    },
  };
}

/** Nothing can be opened here; the answer still comes to this machine. */
function addressToCopy(because = ''): BrowserLauncher {
  return {
    async open(url) {
      say(
        `No browser can be opened here: ${because}. Open this address in a browser of this same machine:\n\n  ${url}\n`,
      );
      say('With a browser on another device only, stop this and start the same login with --device.');
    },
  };
}
