import {
  AuthError,
  type BrowserLauncher,
  isSafeAddress,
  parseAddress,
  type RedirectListener,
} from '@deskauth/session';
import type { Page } from './page.ts';

/**
 * Sends the page itself to the authorization server: the person's own browser is the one they are looking at.
 * @param leave how, asked in the last moment. @default as a click does
 */
export function pageBrowser(
  { location }: Page,
  leave: (address: string) => 'assign' | 'replace' | 'stay' = () => 'assign',
): BrowserLauncher {
  return {
    async open(address) {
      const url = parseAddress(address);
      // Going to a `javascript:` address would run it in this page.
      if (!url || !isSafeAddress(url))
        throw new AuthError(
          'AUTH_BROWSER_NOT_OPENED',
          'The sign-in server gave an address that is not https.',
        );
      const how = leave(address);
      if (how !== 'stay') location[how](address);
    },
  };
}

/** No answer arrives in a page that has left: it is read when the page is loaded again. */
export function pageRedirect(redirectUri: string): RedirectListener {
  return {
    open: async () => ({ redirectUri, next: endOf, close: async () => {} }),
  };
}

function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
