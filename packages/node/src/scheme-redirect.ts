import {
  AuthError,
  FUNCTION,
  oneOf,
  parseAddress,
  type RedirectAnswer,
  type RedirectListener,
  requireSettings,
  type SettingKinds,
  TEXT,
  withMethods,
} from '@deskauth/session';
import { createAnswerQueue } from './answer-queue.ts';
import type { LinkInbox } from './link-inbox.ts';

/** How answers come back through a private-use URI scheme. */
export interface SchemeRedirectOptions {
  /** Where the links arrive. */
  readonly links: LinkInbox;
  /** Which of its two redirect URIs this is. @default 'authorization-response' */
  readonly kind?: 'authorization-response' | 'signed-out';
  /**
   * An https page that passes its query on to the scheme with a button: it is the redirect URI then, and nobody is
   * left on a blank page. `deskauth interstitial` makes one. @default none: the scheme itself
   */
  readonly page?: string;
  /** Whether links of the scheme reach this app. @default it is taken for granted */
  readonly isRegistered?: () => Promise<boolean> | boolean;
}

const OPTIONS: SettingKinds<keyof SchemeRedirectOptions> = {
  links: withMethods('push', 'receive'),
  kind: oneOf('authorization-response', 'signed-out'),
  page: TEXT,
  isRegistered: FUNCTION,
};

/**
 * A redirect by a private-use URI scheme (RFC 8252 §7.1). Links that come while it is open are answers; which of them
 * is ours is decided by `state`. There is no browser tab to finish: the app comes to the front instead.
 * @throws AuthError `AUTH_SETTINGS_INVALID`; `AUTH_REDIRECT_UNAVAILABLE` from `open()` when links go elsewhere
 */
export function schemeRedirect(options: SchemeRedirectOptions): RedirectListener {
  requireSettings(options, OPTIONS, ['links']);
  const { links, kind = 'authorization-response', page, isRegistered = () => true } = options;
  const { scheme, path = '/callback', signedOutPath = '/signed-out' } = links.rules;
  const open = new Set<unknown>();
  const redirectUri = page ? requirePage(page) : `${scheme}:${kind === 'signed-out' ? signedOutPath : path}`;
  return {
    async open() {
      if (!(await isRegistered())) throw notRegistered(scheme);
      const queue = createAnswerQueue();
      const stop = links.receive(kind, (link) => queue.push(answerOf(link)));
      open.add(queue);
      const close = async () => {
        stop();
        open.delete(queue);
      };
      return { redirectUri, next: queue.next, close };
    },
    unasked: (receive) =>
      links.receive(kind, (link) => {
        if (open.size === 0) receive(answerOf(link));
      }),
  };

  function answerOf({ url }: { readonly url: string }): RedirectAnswer {
    return { url: atRedirectUri(url), finish: () => {} };
  }

  /** What the page passed on is the answer that the page got. */
  function atRedirectUri(url: string): string {
    const mark = url.indexOf('?');
    return mark < 0 ? redirectUri : redirectUri + url.slice(mark);
  }
}

function requirePage(page: string): string {
  const url = parseAddress(page);
  if (url?.protocol === 'https:' && url.href === page && !url.search && !url.hash) return page;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `The page that passes links on must be an https address without query or fragment, as a browser writes it, found ${JSON.stringify(page)}.`,
  );
}

function notRegistered(scheme: string): AuthError {
  return new AuthError(
    'AUTH_REDIRECT_UNAVAILABLE',
    `Links that begin with ${scheme}: do not lead to this app. Register the scheme, or use the loopback redirect.`,
  );
}
