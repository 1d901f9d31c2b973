import * as client from 'openid-client';
import { createBackOff } from './back-off.ts';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError } from './errors.ts';
import type { Clock } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import type { ServerSignOut } from './state.ts';

/** Tells the server about tokens that are no longer wanted (RFC 7009). */
export interface Revocations {
  /**
   * Revokes this token; while the server is out of reach, again later. Never throws: whoever signs out is signed out,
   * whatever the server answers.
   * @param token the refresh token where there is one: a server ends its access tokens with it (§2.1)
   */
  revoke(token: string): Promise<ServerSignOut['tokens']>;
  /** Gives up what is waiting: some servers end every session of the person with one of his tokens. */
  drop(): void;
}

/** What revocation stands on. */
export interface RevocationPorts {
  readonly discover: () => Promise<AuthorizationServer>;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Spread over about ten minutes; after that the token's own end must do. */
const MOST_ATTEMPTS = 12;

/**
 * Creates {@link Revocations}. What waits is kept in memory only: a token that its owner has told us to forget is not
 * written down again to be remembered.
 */
export function createRevocations({ discover, clock, random }: RevocationPorts): Revocations {
  const waiting = new Set<() => void>();

  async function attempt(token: string): Promise<ServerSignOut['tokens'] | AuthError> {
    try {
      const server = await discover();
      if (server.serverMetadata().revocation_endpoint === undefined) return 'kept';
      await client.tokenRevocation(server, token);
      return 'revoked';
    } catch (error) {
      const fault = error instanceof AuthError ? error : toAuthError(error, 'revocation');
      // A token or a kind of token that the server does not know is as good as revoked (§2.2).
      if (fault.server.error === 'unsupported_token_type' || fault.server.error === 'invalid_token')
        return 'revoked';
      return isWorthRepeating(fault) ? fault : 'kept';
    }
  }

  return {
    async revoke(token) {
      const backOff = createBackOff(clock, random);
      let attemptsLeft = MOST_ATTEMPTS;
      const tryOnce = async (): Promise<ServerSignOut['tokens']> => {
        const outcome = await attempt(token);
        attemptsLeft -= 1;
        if (!(outcome instanceof AuthError)) return outcome;
        if (attemptsLeft === 0) return 'kept';
        backOff.failed(outcome);
        const cancel = clock.after(backOff.secondsLeft(), () => {
          waiting.delete(cancel);
          void tryOnce();
        });
        waiting.add(cancel);
        return 'pending';
      };
      return tryOnce();
    },
    drop() {
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
}

function isWorthRepeating({ code }: AuthError): boolean {
  return (
    code === 'AUTH_NETWORK' || code === 'AUTH_SERVER_UNAVAILABLE' || code === 'AUTH_SERVER_RESPONSE_INVALID'
  );
}
