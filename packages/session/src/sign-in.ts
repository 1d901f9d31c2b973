import { type AuthorizationRequest, buildAuthorizationRequest } from './authorization-request.ts';
import { ourAnswer } from './authorization-response.ts';
import { type ExchangePorts, exchangeCode, type SignedInUser } from './code-exchange.ts';
import type { AuthorizationServer } from './discovery.ts';
import { asAuthError } from './errors.ts';
import type { KeptRequests } from './kept-requests.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import type { BrowserLauncher, RedirectAnswer, RedirectListener } from './ports.ts';
import type { User } from './user.ts';

/** What one sign-in stands on. */
export interface SignInPorts extends ExchangePorts {
  readonly discover: () => Promise<AuthorizationServer>;
  readonly redirect: RedirectListener;
  readonly browser: BrowserLauncher;
  readonly requests: KeptRequests;
  /**
   * Asks the app whether this may be the next user.
   * @throws AuthError `AUTH_SUBJECT_CHANGED` for somebody whom a silent sign-in may not bring
   */
  readonly accepts: (user: User, isSilent: boolean) => Promise<boolean>;
  /** Saves the result, makes it the app's session, and the attempt a success. */
  readonly keep: (attempt: PendingSignIn, result: SignedInUser) => Promise<void>;
  /** Gives tokens back that nobody wants any more (RFC 7009). */
  readonly revoke: (server: AuthorizationServer, result: SignedInUser) => Promise<void>;
}

/**
 * One sign-in, from click to signed in: Authorization Code flow with PKCE in the person's own browser
 * (RFC 6749 §4.1, RFC 7636, RFC 8252). Read it from top to bottom; each step is one file.
 * @throws AuthError the one that ends the attempt
 */
export async function signIn(attempt: PendingSignIn, ports: SignInPorts): Promise<User> {
  const server = await ports.discover();
  const redirect = await ports.redirect.open(attempt.signal);
  try {
    attempt.signal.throwIfAborted();
    const request = await buildAuthorizationRequest(server, ports, redirect, attempt.options);
    await ports.requests.save(request);
    attempt.signal.throwIfAborted();
    attempt.advance('waiting', request.url);
    ports.browser.open(request.url).catch(attempt.reportBrowserFault);

    const waiting = ourAnswer(redirect, request, attempt.signal);
    const answer = await waiting.finally(() => ports.requests.drop(request));
    return await finishSignIn(attempt, ports, server, request, answer);
  } finally {
    await redirect.close(attempt.signal.reason);
  }
}

/** The second half: exchange the code, check, keep, and tell the browser. */
async function finishSignIn(
  attempt: PendingSignIn,
  ports: SignInPorts,
  server: AuthorizationServer,
  request: AuthorizationRequest,
  answer: RedirectAnswer,
): Promise<User> {
  attempt.advance('exchanging');
  return tellTheTruth(answer, async () => {
    attempt.signal.throwIfAborted();
    const result = await exchangeCode(server, request, answer.url, ports);
    return keepOrGiveBack(attempt, ports, server, result, request.isSilent);
  });
}

/** What is not kept, for whatever reason, is given back: no token is left that nobody knows of. */
export async function keepOrGiveBack(
  attempt: PendingSignIn,
  ports: Pick<SignInPorts, 'accepts' | 'keep' | 'revoke'>,
  server: AuthorizationServer,
  result: SignedInUser,
  isSilent = false,
): Promise<User> {
  try {
    if (!(await ports.accepts(result.user, isSilent))) attempt.cancel();
    attempt.signal.throwIfAborted();
    await ports.keep(attempt, result);
    return result.user;
  } catch (error) {
    await ports.revoke(server, result);
    throw error;
  }
}

/** The second half alone, for an app that was ended, or a page that was unloaded, while the person was in the browser. */
export async function resumeSignIn(
  attempt: PendingSignIn,
  ports: SignInPorts,
  request: AuthorizationRequest,
  answer: RedirectAnswer,
): Promise<User> {
  const server = await ports.discover();
  attempt.signal.throwIfAborted();
  return finishSignIn(attempt, ports, server, request, answer);
}

/** The browser waits until the exchange is over, so that its page says what really happened. */
async function tellTheTruth(answer: RedirectAnswer, exchange: () => Promise<User>): Promise<User> {
  try {
    const user = await exchange();
    answer.finish({ kind: 'signed-in', user });
    return user;
  } catch (error) {
    const failure = asAuthError(error);
    answer.finish({ kind: 'failed', error: failure.toJSON() });
    throw failure;
  }
}
