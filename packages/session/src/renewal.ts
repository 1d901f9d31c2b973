import { type AccessRequest, buildAccessRequest, tokenFor } from './access-token.ts';
import type { AccessTokens } from './authorized-fetch.ts';
import type { BackOff } from './back-off.ts';
import { AuthError, asAuthError } from './errors.ts';
import { isWithinGrace, type RefreshOutcome, type RefreshPorts, refresh } from './refresh.ts';
import type { ServerClock } from './server-clock.ts';
import type { SessionRecord } from './session-record.ts';
import type { StateHolder } from './state-holder.ts';
import type { AccessToken, BoundToken } from './token-set.ts';

/** Access tokens that are good, with one refresh for all who ask at the same time. */
export interface Renewal extends AccessTokens {
  /** Renews the usual access token, however good it still is. */
  renewNow(): Promise<void>;
  /** Ends a refresh that is under way: its outcome no longer counts. */
  forget(): void;
}

/** What renewal stands on, beyond the refresh itself. */
export interface RenewalPorts extends RefreshPorts {
  readonly backOff: BackOff;
  readonly serverClock: Pick<ServerClock, 'skewSeconds' | 'skew'>;
}

/** An API that refuses a token made for it a minute ago has another reason than its age. */
const REPLACED_SECONDS = 60;

/** Creates the single flight around {@link refresh} and reports its outcomes as events. */
export function createRenewal(
  ports: RenewalPorts,
  holder: Pick<StateHolder, 'settled' | 'settle' | 'dispatch'>,
): Renewal {
  const { keeper, clock, settings, ages, backOff } = ports;
  const flights = new Map<string, Promise<BoundToken>>();
  const replacements = new Map<string, number>(); // Made because an API refused the one before.
  let wanted = new AbortController();

  function renew(access: AccessRequest, insteadOf: string | undefined): Promise<BoundToken> {
    const running = flights.get(access.key);
    if (running) return running;
    if (backOff.fault) return Promise.reject(backOff.fault);
    const { signal } = wanted;
    const flight = fly(access, insteadOf, signal).finally(() => {
      if (flights.get(access.key) === flight) flights.delete(access.key);
    });
    flights.set(access.key, flight);
    return flight;
  }

  async function fly(
    access: AccessRequest,
    insteadOf: string | undefined,
    signal: AbortSignal,
  ): Promise<BoundToken> {
    try {
      const outcome = await refresh({ access, insteadOf, signal }, ports);
      signal.throwIfAborted();
      backOff.reset();
      // Another process may have signed in meanwhile: its session has no further tokens yet.
      return tokenFor(settle(outcome), access) ?? (await fly(access, undefined, signal));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const fault = asAuthError(error);
      fault.circumstances = ports.serverClock.skew();
      if (fault.sessionKept) {
        backOff.failed(fault);
        holder.dispatch({ type: 'server-unreachable', error: fault.toJSON() });
      }
      throw fault;
    }
  }

  function settle(outcome: RefreshOutcome): SessionRecord {
    if (outcome.kind === 'renewed') {
      const { user } = outcome.record;
      holder.settle({ status: 'signed-in', user, verified: true, reason: 'fresh' });
      return outcome.record;
    }
    const before = holder.settled;
    if (outcome.kind === 'signed-out' || before.status === 'signed-out') {
      holder.settle({ status: 'signed-out', reason: 'elsewhere' });
      throw signInRequired();
    }
    const { user } = before;
    const { reason, error } = outcome;
    holder.settle({ status: 'expired', user, reason, ...(error && { error }) });
    throw new AuthError(
      'AUTH_SESSION_EXPIRED',
      `The session of ${user.displayName} has ended (${reason}). ${error?.message ?? ''}`.trim(),
      { ...(error && { server: error }) },
    );
  }

  function requireRecord(): SessionRecord {
    const { status } = holder.settled;
    if (status === 'signed-in' && keeper.current) return keeper.current;
    if (status === 'signed-in') holder.settle({ status: 'signed-out', reason: 'elsewhere' });
    throw status === 'expired'
      ? new AuthError('AUTH_SESSION_EXPIRED', 'The session has expired.')
      : signInRequired();
  }

  /**
   * In doubt about the refresh token: at once while the server grants grace, and otherwise only when the access token
   * has really ended, because the attempt may end the session.
   */
  function isDue(token: AccessToken, { refreshIntent, tokens }: SessionRecord): boolean {
    const left = ages.secondsLeft(token);
    if (tokens.refreshToken === undefined) return left <= 0;
    if (!refreshIntent) return left <= ages.marginSeconds(token);
    return left <= 0 || isWithinGrace(refreshIntent.startedAt, clock.now(), settings.refreshGraceSeconds);
  }

  return {
    async current(options = {}) {
      const record = requireRecord();
      const access = buildAccessRequest(options, settings.resource);
      const token = tokenFor(record, access);
      if (token && !isDue(token, record)) return token;
      try {
        return await renew(access, token?.accessToken);
      } catch (error) {
        // The margin is there for this: the server is out of reach and the token is still good.
        const isKept = error instanceof AuthError && error.sessionKept;
        if (isKept && token && ages.secondsLeft(token) > 0) return token;
        throw error;
      }
    },
    async insteadOf(refused, options = {}) {
      const record = requireRecord();
      const access = buildAccessRequest(options, settings.resource);
      const token = tokenFor(record, access);
      if (token && token.accessToken !== refused.accessToken) return token;
      const replacedAt = replacements.get(refused.accessToken) ?? Number.NEGATIVE_INFINITY;
      if (clock.monotonic() - replacedAt < REPLACED_SECONDS) return refused;
      const replacement = await renew(access, refused.accessToken);
      replacements.clear();
      replacements.set(replacement.accessToken, clock.monotonic());
      return replacement;
    },
    owner() {
      const { current } = keeper;
      return current && JSON.stringify([current.issuer, current.user.sub]);
    },
    async renewNow() {
      const { accessToken } = requireRecord().tokens;
      await renew(buildAccessRequest({}, settings.resource), accessToken);
    },
    forget() {
      wanted.abort(signInRequired());
      wanted = new AbortController();
      flights.clear();
      backOff.reset();
    },
  };
}

function signInRequired(): AuthError {
  return new AuthError('AUTH_SIGN_IN_REQUIRED', 'Nobody is signed in.');
}
