import { requireBrowsable } from '@deskauth/node';
import { AuthError, type BrowserLauncher, systemClock } from '@deskauth/session';

/** A launcher that has not answered after this time is given up. */
const TIME_LIMIT_SECONDS = 10;

/**
 * The person's own browser, by Electron's means (RFC 8252 §6).
 * @param openExternal Electron's `shell.openExternal`
 */
export function shellBrowser(
  openExternal: (url: string) => Promise<void>,
  clock = systemClock,
): BrowserLauncher {
  return {
    open(address) {
      return new Promise((resolve, reject) => {
        const fail = (why: string) =>
          reject(new AuthError('AUTH_BROWSER_NOT_OPENED', `No browser could be opened: ${why}.`));
        const url = requireBrowsable(address);
        const cancel = clock.after(TIME_LIMIT_SECONDS, () =>
          fail(`nothing happened within ${TIME_LIMIT_SECONDS} seconds`),
        );
        openExternal(url)
          .then(resolve, (error: Error) => fail(error.message))
          .finally(cancel);
      });
    },
  };
}
