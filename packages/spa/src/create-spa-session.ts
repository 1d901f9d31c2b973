import {
  createSession,
  type Session,
  type SessionPorts,
  type SessionSettings,
  type SessionState,
} from '@deskauth/session';
import type { Page } from './page.ts';
import { buildPorts, createParts } from './page-parts.ts';
import { parseSettings } from './page-settings.ts';
import { createStart } from './page-start.ts';
import type { StoreChoice } from './page-store.ts';
import { joinTabs, type Tabs } from './tabs.ts';
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
  const { engine, ...own } = parseSettings(settings, page);
  const parts = createParts(own, page);
  const session = createSession(engine, buildPorts(parts, own));
  const tabs = joinTabs(session, parts);
  const stops = [session.onChange(parts.mark.follow), followShowing(page, session, tabs), tabs.leave];
  const begun = createStart({ ...parts, session, tabs, stops });
  const ours: Pick<SpaSession, 'start' | 'signOut' | 'close'> = {
    signOut: tabs.signOut,
    close: begun.close,
    async start(answer = takeAnswer(page, own.redirectUri)) {
      await begun.start(answer);
      return session.state;
    },
  };
  // All the rest is the engine's.
  return Object.setPrototypeOf(ours, session);
}

/** A browser may keep a page as it was while the person is elsewhere. Returns what ends that. */
function followShowing(page: Page, session: Session, tabs: Tabs): () => void {
  const closed = new AbortController();
  const showAgain = ({ persisted }: { readonly persisted: boolean }) => {
    if (!persisted) return;
    const { pendingSignIn } = session;
    // Back from the authorization server by the back button: nobody is on the way any more.
    if (pendingSignIn?.state !== 'exchanging') pendingSignIn?.cancel();
    void tabs.catchUp().catch(() => {});
  };
  page.addEventListener('pageshow', showAgain, closed);
  return () => closed.abort();
}
