import {
  chooseRedirect,
  firstRedirect,
  type LinkInbox,
  type LoopbackSettings,
  loopbackRedirects,
  type RedirectCircumstances,
  type RedirectKind,
  schemeRedirect,
} from '@deskauth/node';
import type { RedirectListener } from '@deskauth/session';
import { app } from 'electron';
import { type AppSchemeRegistration, isSchemeRegistered, registerScheme } from './scheme-registration.ts';

/** What the redirects of an app are made from. */
export interface AppRedirectOptions
  extends AppSchemeRegistration,
    LoopbackSettings,
    Pick<RedirectCircumstances, 'preference' | 'provider'> {
  /** Where the links of the scheme arrive. */
  readonly links: LinkInbox;
  /** The https page that passes links on. @default none */
  readonly page?: string;
}

/** The redirects of a session, to be spread into its settings. */
export interface AppRedirects {
  readonly redirect: RedirectListener;
  readonly signOutRedirect: RedirectListener;
}

/**
 * Registers the scheme where that is possible, and chooses how answers come back: by loopback or by the scheme, with
 * the other one in reserve. A scheme that another app takes later is noticed at each sign-in.
 * @param tell hears, for the log, what was chosen and each time the reserve is used
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export async function createAppRedirects(
  options: AppRedirectOptions,
  tell: (because: string) => void = () => {},
): Promise<AppRedirects> {
  const { links, page, preference, provider } = options;
  const schemeRegistered = await registerScheme(options).catch((error: Error) => {
    tell(error.message);
    return false;
  });
  const choice = chooseRedirect({
    ...{ packaged: app.isPackaged, schemeRegistered, environment: { browser: 'here' } },
    ...(preference && { preference }),
    ...(provider && { provider }),
  });
  tell(`${choice.order[0]}: ${choice.because}`);

  const isRegistered = () => isSchemeRegistered(options);
  const byLoopback = loopbackRedirects(options);
  const build = (kind: 'authorization-response' | 'signed-out'): RedirectListener => {
    const isSignOut = kind === 'signed-out';
    const byScheme = schemeRedirect({ links, kind, isRegistered, ...(!isSignOut && page && { page }) });
    const [first, ...rest] = choice.order;
    const listen = (by: RedirectKind) =>
      by === 'scheme' ? byScheme : byLoopback[isSignOut ? 'signOutRedirect' : 'redirect'];
    return firstRedirect([listen(first), ...rest.map(listen)], (error) => tell(error.message));
  };
  return { redirect: build('authorization-response'), signOutRedirect: build('signed-out') };
}
