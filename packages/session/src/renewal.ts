import type { AccessTokens } from './authorized-fetch.ts';
import { AuthError } from './errors.ts';
import { type RefreshOutcome, type RefreshPorts, refresh } from './refresh.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionEvent, SettledState } from './state.ts';

/** Access tokens that are good, with one refresh for all who ask at the same time. */
export interface Renewal extends AccessTokens {
  /** After a sign-out: the outcome of a refresh that is still under way no longer counts. */
  forget(): void;
}

/** Creates the single flight around {@link refresh} and reports its outcomes as events. */
export function createRenewal(
  ports: RefreshPorts,
  settled: () => SettledState,
  dispatch: (event: SessionEvent) => void,
): Renewal {
  const { keeper, clock, settings } = ports;
  let renewing: Promise<SessionRecord> | undefined;

  function renew(record: SessionRecord): Promise<SessionRecord> {
    if (renewing) return renewing;
    const flight = refresh(record, ports)
      .then((outcome) => {
        if (renewing !== flight) throw signInRequired();
        return settle(outcome, record);
      })
      .catch((error: AuthError) => {
        if (renewing === flight && error.sessionKept)
          dispatch({ type: 'server-unreachable', error: error.toJSON() });
        throw error;
      })
      .finally(() => {
        if (renewing === flight) renewing = undefined;
      });
    renewing = flight;
    return flight;
  }

  function settle(outcome: RefreshOutcome, { user }: SessionRecord): SessionRecord {
    if (outcome.kind === 'renewed') {
      const next = {
        status: 'signed-in',
        user: outcome.record.user,
        verified: true,
        reason: 'fresh',
      } as const;
      dispatch({ type: 'settled', state: next });
      return outcome.record;
    }
    if (outcome.kind === 'signed-out') {
      dispatch({ type: 'settled', state: { status: 'signed-out', reason: outcome.reason } });
      throw signInRequired();
    }
    const { reason, error } = outcome;
    dispatch({ type: 'settled', state: { status: 'expired', user, reason, ...(error && { error }) } });
    throw new AuthError('AUTH_SESSION_EXPIRED', `The session of ${user.displayName} has ended (${reason}).`, {
      ...(error && { server: error }),
    });
  }

  function requireRecord(): SessionRecord {
    const { status } = settled();
    if (status === 'signed-in' && keeper.current) return keeper.current;
    throw status === 'expired'
      ? new AuthError('AUTH_SESSION_EXPIRED', 'The session has expired.')
      : signInRequired();
  }

  return {
    async current() {
      const record = requireRecord();
      const { accessToken, expiresAt } = record.tokens;
      const now = clock.now();
      if (expiresAt - settings.refreshMarginSeconds > now) return accessToken;
      try {
        return (await renew(record)).tokens.accessToken;
      } catch (error) {
        // The margin is there for this: the server is out of reach and the token is still good.
        if (error instanceof AuthError && error.sessionKept && expiresAt > now) return accessToken;
        throw error;
      }
    },
    async insteadOf(refused) {
      const record = requireRecord();
      if (record.tokens.accessToken !== refused) return record.tokens.accessToken;
      return (await renew(record)).tokens.accessToken;
    },
    forget() {
      renewing = undefined;
    },
  };
}

function signInRequired(): AuthError {
  return new AuthError('AUTH_SIGN_IN_REQUIRED', 'Nobody is signed in.');
}
