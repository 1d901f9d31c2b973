import { buildAuthorizationRequest } from './authorization-request.ts';
import { ourAnswer } from './authorization-response.ts';
import { exchangeCode, type SignedInUser } from './code-exchange.ts';
import type { AuthorizationServer } from './discovery.ts';
import { asAuthError } from './errors.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import type { BrowserLauncher, Clock, RedirectAnswer, RedirectListener } from './ports.ts';
import type { CheckedSettings } from './settings.ts';
import type { User } from './user.ts';

/** What one sign-in stands on. */
export interface SignInPorts {
  readonly settings: CheckedSettings;
  readonly discover: () => Promise<AuthorizationServer>;
  readonly redirect: RedirectListener;
  readonly browser: BrowserLauncher;
  readonly clock: Clock;
  /** Makes the result the app's session and saves it. */
  readonly keep: (result: SignedInUser) => Promise<void>;
  /** Gives tokens back that nobody wants any more (RFC 7009). */
  readonly revoke: (server: AuthorizationServer, result: SignedInUser) => Promise<void>;
}

/**
 * One sign-in, from click to signed in: Authorization Code flow with PKCE in the person's own browser
 * (RFC 6749 §4.1, RFC 7636, RFC 8252). Read it from top to bottom; each step is one file.
 * @throws AuthError the one that ends the attempt
 */
export async function signIn(attempt: PendingSignIn, ports: SignInPorts): Promise<User> {
  const { settings, browser, clock } = ports;
  const server = await ports.discover();
  const redirect = await ports.redirect.open();
  try {
    attempt.signal.throwIfAborted();
    const request = await buildAuthorizationRequest(server, settings, redirect.redirectUri, attempt.options);
    attempt.advance('waiting', request.url);
    browser.open(request.url).catch(attempt.reportBrowserFault);

    const answer = await ourAnswer(redirect, request, attempt.signal);
    attempt.advance('exchanging');
    return await tellTheTruth(answer, async () => {
      const result = await exchangeCode(server, settings, request, answer.url, clock.now());
      if (!attempt.commit()) await ports.revoke(server, result);
      attempt.signal.throwIfAborted();
      await ports.keep(result);
      return result.user;
    });
  } finally {
    await redirect.close();
  }
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
