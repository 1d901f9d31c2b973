import type { AccessTokenOptions } from './access-token.ts';
import type { SignInOptions } from './authorization-request.ts';
import type { AuthorizedFetch } from './authorized-fetch.ts';
import type { DevicePrompt } from './device-code.ts';
import type { AuthErrorData } from './errors.ts';
import type { SignIn } from './pending-sign-in.ts';
import type { RedirectAnswer } from './ports.ts';
import type { Expirable } from './rehearsal.ts';
import type { SignOutOptions } from './sign-out.ts';
import type { SessionState } from './state.ts';
import type { User } from './user.ts';
import type { SessionWarning } from './warnings.ts';

/** The app's signed-in period, and all that an app does with it. */
export interface Session {
  readonly state: SessionState;
  /** The sign-in that is under way, whoever has started it: to show its address, open it again, or cancel it. */
  readonly pendingSignIn: SignIn | undefined;
  /** Who is signed in, or was when the session expired. */
  readonly user: User | undefined;
  /** Set while the token store cannot be used: the session then ends with the process. */
  readonly storeFault: AuthErrorData | undefined;
  /** What was granted, space-separated: it may be less than was asked (RFC 6749 §3.3). */
  readonly scope: string | undefined;
  /**
   * When the session ends for good, in seconds since the epoch, where that is known: the server says so, or it gave no
   * refresh token and the access token is all there is. A good moment to ask for a new sign-in is before it.
   */
  readonly endsAt: number | undefined;
  /** What somebody should know and what stops nothing: a wrong clock, a session that cannot be renewed. */
  readonly warnings: readonly SessionWarning[];
  /**
   * Loads what an earlier run saved; asks no server, so that it is quick and works offline. Call it once at start. From
   * then on an answer to a sign-in that an earlier run has started is taken up, where redirects can still bring one.
   */
  restore(): Promise<SessionState>;
  /**
   * Starts a sign-in in the system browser. While one with the same options is under way, that one is shown again;
   * with other options it supersedes it.
   */
  signIn(options?: SignInOptions): SignIn;
  /**
   * Starts a sign-in on another device (RFC 8628), for a machine without a browser. Nothing is opened.
   * @param show hears the code, where the person types it, and what it gives away: say that together with the app's name
   */
  signInByDevice(show: (prompt: DevicePrompt) => void): SignIn;
  /**
   * Goes on with a sign-in that an earlier run of the app, or an earlier page, has started; needs the port `requests`.
   * @param url the address that the person came back to
   * @param finish hears the outcome, as the browser would
   * @returns undefined when the address is no answer to a request of ours
   */
  resumeSignIn(url: string, finish?: RedirectAnswer['finish']): Promise<SignIn | undefined>;
  /**
   * Ends the session: first this machine's copy, at once; then, as far as it can be reached, the server's tokens and,
   * where that is asked for, the person's session there. What was reached is in the state. Never rejects.
   */
  signOut(options?: SignOutOptions): Promise<void>;
  /**
   * An access token that is good by the clock, renewed first where it is due.
   * @param options for one with a narrower scope or for another API, kept beside the usual one
   * @throws AuthError `AUTH_SIGN_IN_REQUIRED`, `AUTH_SESSION_EXPIRED`; `AUTH_NETWORK` and the like keep the session
   */
  accessToken(options?: AccessTokenOptions): Promise<string>;
  /** `fetch` with the access token; see {@link createAuthorizedFetch}. */
  readonly fetch: AuthorizedFetch;
  /** Calls the listener after every change of state; returns what ends that. */
  onChange(listener: (state: SessionState) => void): () => void;
  /** For developers: corrupts a token, so that what follows its expiry can be seen at any time. */
  expire(what: Expirable): Promise<void>;
  /** The machine goes to sleep or its lid is closed: nothing is renewed in the background until {@link resume}. */
  suspend(): void;
  /** The machine is awake, or the network is back: what was waiting for a better moment may go on. */
  resume(): void;
  /** Ends a sign-in that is under way and everything that waits. What is saved stays for the next run. */
  close(): void;
}
