import {
  AuthError,
  createSession,
  type Session,
  type SessionPorts,
  type SessionSettings,
  type SessionState,
  type SignIn,
  type SignInOptions,
} from '@deskauth/session';
import type { Page } from './page.ts';
import { pageFetch } from './page-fetch.ts';
import { pageLoad } from './page-load.ts';
import { pageBrowser, pageRedirect } from './page-redirect.ts';
import { createStart } from './page-start.ts';
import { pageStore, type StoreChoice } from './page-store.ts';
import { pendingRequests } from './pending-requests.ts';
import { createSignOuts } from './sign-outs.ts';
import { signedInMark } from './signed-in-mark.ts';
import { joinTabs } from './tabs.ts';
import { takeAnswer } from './take-answer.ts';

/** Settings of a session in a page. */
export interface SpaSessionSettings extends SessionSettings {
  /** Where the person comes back to, exactly as registered; of this page's origin. @default the origin and `/` */
  readonly redirectUri?: string;
  /** Addresses that may receive the access token; may be relative to the origin. @default none */
  readonly apiAddresses?: readonly string[];
  /**
   * Where tokens are kept: the tab's memory; its session storage, which survives a reload; or the memory of a shared
   * worker (the address of the bundled `@deskauth/spa/worker`), one session and one refresh for all tabs.
   * @default 'memory'
   */
  readonly store?: StoreChoice;
  /** Bound tokens are not for pages: script that could steal a token could use the key as well. See docs/dpop.md. */
  readonly dpop?: 'off';
  /** As the port of the engine. @default true: the state says who is signed in */
  readonly confirmAccountChange?: SessionPorts['confirmAccountChange'];
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

/** A session in a page. */
export interface SpaSession extends Session {
  /**
   * Call it once when the page is loaded. Finishes a sign-in that the person comes back from; otherwise loads the kept
   * session; otherwise, in a tab that was signed in before, leaves once more for a silent sign-in (`prompt=none`).
   * Never rejects for a failed sign-in: that is in the state. Sessions of one page with the same issuer and client id
   * come to the same end, one after the other; a closed one leaves it to the next.
   * @param answer from {@link takeAnswer}, where that was called first
   */
  start(answer?: string): Promise<SessionState>;
}

/**
 * Creates a session in this page: sign-in by full-page redirect, sign-out in all tabs.
 * @throws AuthError `AUTH_SETTINGS_INVALID`, `AUTH_RUNTIME_UNSUPPORTED` in a page that was not opened over https
 */
export function createSpaSession(settings: SpaSessionSettings, page: Page = window): SpaSession {
  const { redirectUri: own, store: choice = 'memory', fetch, confirmAccountChange, ...rest } = settings;
  const { origin } = page.location;
  requireSecure(page);
  requireUnbound(settings.dpop);
  const redirectUri = requireOwn(own ?? `${origin}/`, origin);
  const slot = `${settings.issuer}:${settings.clientId}`;
  const signOuts = createSignOuts(slot, page);
  const kept = pageStore(choice, slot, page, signOuts);
  const requests = pendingRequests(page, settings.signInTimeLimitSeconds ?? 600);
  const mark = signedInMark(slot, page, signOuts);
  const { apiAddresses: listed = [] } = settings;
  // What is no list is the engine's to refuse.
  const apiAddresses = Array.isArray(listed) ? listed.map((address) => onOrigin(address, origin)) : listed;
  const session = createSession(
    { ...rest, apiAddresses },
    {
      browser: pageBrowser(page, () => (isSilent ? leaveSilently() : 'assign')),
      redirect: pageRedirect(redirectUri),
      requests,
      fetch: pageFetch(origin, fetch),
      timeAddress: `${origin}/`,
      store: kept.store,
      lock: kept.lock,
      hostWarnings: kept.warning ? [{ code: 'store-unsupported', message: kept.warning }] : [],
      expectsSilently: mark.isOf,
      ...(confirmAccountChange && { confirmAccountChange }),
    },
  );
  const tabs = joinTabs(session, kept, signOuts, slot);
  const stopMarking = session.onChange(mark.follow);
  let attempt: SignIn | undefined;
  let isSilent = false;

  const signIn = (options: SignInOptions = {}) => {
    isSilent = options.prompt === 'none';
    attempt = session.signIn(options);
    return attempt;
  };
  const leaveSilently = () => {
    const load = pageLoad(page);
    if (load.hasLeftSilently) return 'stay';
    load.hasLeftSilently = true;
    mark.leave();
    return 'replace';
  };
  const closed = new AbortController();
  const showAgain = ({ persisted }: { readonly persisted: boolean }) => {
    if (!persisted) return;
    // Back from the authorization server by the back button: nobody is on the way any more.
    attempt?.cancel();
    void tabs.catchUp().catch(() => {});
  };
  page.addEventListener('pageshow', showAgain, closed);
  const begun = createStart({ page, slot, session, kept, requests, mark, tabs, signIn });

  const ours: Pick<SpaSession, 'start' | 'signIn' | 'signOut' | 'close'> = {
    signIn,
    signOut(options) {
      // A person has clicked, and may want to come back.
      isSilent = false;
      return tabs.signOut(options);
    },
    async start(answer = takeAnswer(page, redirectUri)) {
      await begun.start(answer);
      return session.state;
    },
    close() {
      closed.abort();
      stopMarking();
      tabs.leave();
      begun.close();
    },
  };
  // All the rest is the engine's.
  return Object.setPrototypeOf(ours, session);
}

/** Relative addresses are the page's own; whether an address will do is the engine's to say. */
function onOrigin(address: string, origin: string): string {
  return URL.canParse(address, origin) ? new URL(address, origin).href : address;
}

/** Over http a page has neither the cryptography nor the locks, and everybody on the way could read the tokens. */
function requireSecure({ isSecureContext, location: { origin } }: Page): void {
  if (isSecureContext) return;
  throw new AuthError('AUTH_RUNTIME_UNSUPPORTED', `This page must be served over https, not from ${origin}.`);
}

/** The settings may come from a file that other apps use too. */
function requireUnbound(dpop: string = 'off'): void {
  if (dpop === 'off') return;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "dpop": expected "off" in a page, found ${JSON.stringify(dpop)}.`,
  );
}

/** The answer is read by a page of this origin, and what was asked for is in storage of this origin. */
function requireOwn(redirectUri: string, origin: string): string {
  if (URL.canParse(redirectUri) && new URL(redirectUri).origin === origin) return redirectUri;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "redirectUri": expected an address of ${origin}, found ${JSON.stringify(redirectUri)}.`,
  );
}
