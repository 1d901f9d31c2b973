import type { RedirectListener } from '@deskauth/session';
import { type LoopbackHost, loopbackRedirect } from './loopback-redirect.ts';
import type { PageSettings } from './pages/page-settings.ts';

/** The loopback redirects of a session in plain data: one for sign-in, one for sign-out at the server. */
export interface LoopbackSettings {
  /**
   * Ports to try in order, for authorization servers that compare the port too: all of them are registered there, for
   * sign-in and for sign-out.
   * @default any free port
   */
  readonly redirectPorts?: readonly number[] | undefined;
  /** @default '127.0.0.1', and '::1' on a machine without IPv4 @see LoopbackRedirectOptions */
  readonly redirectHost?: LoopbackHost | undefined;
  /** @default '/callback' */
  readonly redirectPath?: string | undefined;
  /** The path where the browser comes back to after sign-out. @default '/signed-out' */
  readonly signOutPath?: string | undefined;
  /** What the browser shows at the end. @default built-in pages without a brand */
  readonly pages?: PageSettings | undefined;
}

/** Where the browser comes back to, after sign-in and after sign-out at the server. */
export interface LoopbackRedirects {
  readonly redirect: RedirectListener;
  readonly signOutRedirect: RedirectListener;
}

/** The settings, and what the pages call the app. */
export interface LoopbackRedirectsOptions extends LoopbackSettings {
  /** @default 'the app', in the browser's language */
  readonly appName?: string | undefined;
}

/**
 * The redirects that a session has by default; to be spread into its settings, or to stand behind others.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function loopbackRedirects(options: LoopbackRedirectsOptions = {}): LoopbackRedirects {
  const { appName, pages, redirectPorts, redirectHost, redirectPath, signOutPath = '/signed-out' } = options;
  const shared = { appName, pages, ports: redirectPorts, host: redirectHost };
  return {
    redirect: loopbackRedirect({ ...shared, path: redirectPath }),
    signOutRedirect: loopbackRedirect({ ...shared, path: signOutPath }),
  };
}
