import type { AuthorizationRequest } from './authorization-request.ts';
import type { AuthError, AuthErrorData } from './errors.ts';
import type { RequestHooks } from './extra-parameters.ts';
import type { SessionRecord } from './session-record.ts';
import type { User } from './user.ts';
import type { SessionWarning } from './warnings.ts';

/** Opens an address in the person's own browser (RFC 8252 §6), never in an embedded view. */
export interface BrowserLauncher {
  /**
   * Resolves once the browser has been started.
   * @throws AuthError `AUTH_BROWSER_NOT_OPENED`
   */
  open(url: string): Promise<void>;
}

/** What the person's browser is told at the end; the page must say what really happened. */
export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly user: User }
  | { readonly kind: 'failed'; readonly error: AuthErrorData }
  /** The person came back from the sign-out that we sent them to. */
  | { readonly kind: 'signed-out' }
  /** The answer belongs to no pending sign-in of ours. */
  | { readonly kind: 'unknown' }
  /** An error that names no sign-in, because the server left out the state: the one that waits goes on waiting. */
  | { readonly kind: 'stray-error'; readonly error: string };

/** One authorization response that reached the redirect URI (RFC 6749 §4.1.2). Untrusted. */
export interface RedirectAnswer {
  /** The whole URL as received. */
  readonly url: string;
  /** Ends the browser's wait. Later calls do nothing. */
  finish(outcome: SignInOutcome): void;
}

/** A redirect URI that is being listened on. */
export interface OpenRedirect {
  /** Exactly the string to register and to send: a string because `URL` rewrites some valid redirect URIs. */
  readonly redirectUri: string;
  /** How answers arrive where it is not in the address. @default in the query */
  readonly responseMode?: 'form_post';
  /**
   * The next answer, in order of arrival.
   * @throws the signal's reason when it aborts first.
   */
  next(signal: AbortSignal): Promise<RedirectAnswer>;
  /**
   * Stops listening for answers. Those that are not finished yet, or still come, are told why, or `unknown`.
   * @param why what ended the sign-in before its answer came. @default nothing did
   */
  close(why?: AuthError): Promise<void>;
}

/** Receives authorization responses: a loopback port (RFC 8252 §7.3) or a private-use URI scheme (§7.1). */
export interface RedirectListener {
  /**
   * @param signal closes it at once when it aborts, so that a port is free for the sign-in that takes this one's place
   * @throws AuthError `AUTH_REDIRECT_UNAVAILABLE`, or the signal's reason
   */
  open(signal?: AbortSignal): Promise<OpenRedirect>;
  /**
   * Hears answers that come while nothing is open: an earlier run of the app may have asked for them.
   * @returns what ends that
   */
  unasked?(receive: (answer: RedirectAnswer) => void): () => void;
}

/**
 * Keeps authorization requests for a host that may be ended while the person is in the browser: a web page, or an app
 * that a link starts.
 */
export interface PendingRequests {
  /** Does nothing for a request whose answer could not reach another run. */
  save(request: AuthorizationRequest): Promise<void>;
  /**
   * The request with this state, once: a second take finds nothing.
   * @param isOurs false for another session's: such a request stays where it is. @default takes any
   */
  take(
    state: string,
    isOurs?: (request: AuthorizationRequest) => boolean,
  ): Promise<AuthorizationRequest | undefined>;
}

/** Keeps one session record for one app, issuer and client. */
export interface TokenStore {
  /**
   * The record, or undefined when there is none.
   * @throws AuthError `AUTH_STORE_UNAVAILABLE` for now, `AUTH_STORE_UNREADABLE` for good.
   */
  load(): Promise<SessionRecord | undefined>;
  /** Replaces the record as a whole: the old one or the new one, never a mixture. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  save(record: SessionRecord): Promise<void>;
  /** Removes the record and every copy of it. */
  clear(): Promise<void>;
}

/** Excludes every other process and tab that shares the token store. Freed when its holder dies. */
export interface RefreshLock {
  /**
   * Does the work while nobody else holds the lock.
   * @param signal ends the wait for it; work that has begun goes on to its end
   * @throws the signal's reason, or AuthError `AUTH_STORE_UNAVAILABLE` where another process does not let go of it
   */
  hold<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Time, so that tests own it. */
export interface Clock {
  /** Seconds since the epoch. */
  now(): number;
  /** Seconds from any start, by a clock that nobody can set; it may stand still while the machine sleeps. */
  monotonic(): number;
  /** Calls back once after so many seconds; returns what cancels it. */
  after(seconds: number, run: () => void): () => void;
}

/** What the engine stands on. */
export interface SessionPorts {
  readonly browser: BrowserLauncher;
  readonly redirect: RedirectListener;
  readonly store: TokenStore;
  readonly lock: RefreshLock;
  /** Where `revokeLaterSeconds` keeps its token: of the same kind as `store`, and another place. @default memory only */
  readonly revocationStore?: TokenStore;
  /** Only for hosts that may be ended during a sign-in. @default none: requests live in memory */
  readonly requests?: PendingRequests;
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  /** @default the system's clock */
  readonly clock?: Clock;
  /**
   * An address whose `Date` can be read (RFC 9110 §6.6.1), for hosts that may not read the authorization server's: CORS
   * keeps it from a page. A wrong clock is then noticed by that one.
   * @default none: the authorization server's own answers tell the time
   */
  readonly timeAddress?: string;
  /** From 0 up to 1: spreads out what many would do at the same moment. @default Math.random */
  readonly random?: () => number;
  /** Where the browser comes back to after sign-out at the server. @default the redirect of the sign-in */
  readonly signOutRedirect?: RedirectListener;
  /** What the app adds to requests. @default nothing */
  readonly hooks?: RequestHooks;
  /**
   * Asked when somebody signs in while somebody else is, or was until the session expired: a page can send a person
   * to the sign-in of an attacker's account. False ends the sign-in as if it had been cancelled.
   * @default true: the last page and the state say who is signed in
   */
  readonly confirmAccountChange?: (next: User, before: User) => boolean | Promise<boolean>;
  /**
   * Asked whether a silent sign-in (`prompt=none`) may bring this person: nobody is there to notice that it is another
   * one than before. False ends it with `AUTH_SUBJECT_CHANGED`, and its tokens are given back.
   * @default true
   */
  readonly expectsSilently?: (user: User) => boolean | Promise<boolean>;
  /** What the host has found out about the machine beforehand. @default nothing */
  readonly hostWarnings?: readonly SessionWarning[];
  /** Hears each new warning once. @default nobody: see {@link Session.warnings} */
  readonly onWarning?: (warning: SessionWarning) => void;
}

/** Longer delays than this overflow a timer and fire at once: 2^31 - 1 ms. */
const LONGEST_DELAY_SECONDS = 2_147_483;

/** The system's clock and timers. */
export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  monotonic: () => performance.now() / 1000,
  after(seconds, run) {
    const timer = setTimeout(run, Math.min(seconds, LONGEST_DELAY_SECONDS) * 1000);
    // No timer of ours keeps a program running that has nothing else to do.
    (timer as unknown as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer);
  },
};
