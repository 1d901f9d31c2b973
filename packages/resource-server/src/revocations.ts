import type { TokenClaims } from './claims.ts';

/** Whose tokens are to be refused from now on: every token that has one of these. */
export interface Revocation {
  /** `sub`: tokens that this user was given up to now. */
  readonly subject?: string;
  /** `sid`: tokens of this session of the authorization server. */
  readonly sessionId?: string;
  /** `jti`: this one token. */
  readonly tokenId?: string;
}

/** The tokens that are refused although the authorization server made them and they have not expired. */
export interface Revocations {
  /** @param at since when, in seconds since the epoch */
  add(revocation: Revocation, at: number): void;
  isRevoked(claims: TokenClaims): boolean;
}

/** More than a day's worth of sign-outs; beyond it the oldest are forgotten, whose tokens have mostly expired. */
const MAX_REVOCATIONS = 100_000;

/**
 * Remembers revocations. A user may sign in again: what was issued after the revocation is good.
 * @param keepSeconds how long: longer than access tokens live
 */
export function createRevocations(clock: () => number, keepSeconds: number): Revocations {
  const revokedAt = new Map<string, number>();
  const namesOf = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values)
      .filter(([, value]) => typeof value === 'string')
      .map(([kind, value]) => `${kind} ${value}`);
  const dropOld = () => {
    for (const [name, at] of revokedAt) {
      if (revokedAt.size < MAX_REVOCATIONS && clock() - at < keepSeconds) return;
      revokedAt.delete(name);
    }
  };
  return {
    add({ subject, sessionId, tokenId }, at) {
      dropOld();
      for (const name of namesOf({ sub: subject, sid: sessionId, jti: tokenId })) {
        const known = revokedAt.get(name) ?? at;
        revokedAt.delete(name);
        // Tokens are dated in whole seconds, by a clock that is known to about a second.
        revokedAt.set(name, Math.max(known, Math.floor(at) + 1));
      }
    },
    isRevoked({ token: { sub, sid, jti, iat } }) {
      if (revokedAt.size === 0) return false;
      const issuedAt = typeof iat === 'number' ? iat : 0;
      // A token has its id for life; a user and, with some servers, a session may get new ones.
      if (typeof jti === 'string' && revokedAt.has(`jti ${jti}`)) return true;
      return namesOf({ sub, sid }).some(
        (name) => issuedAt <= (revokedAt.get(name) ?? Number.NEGATIVE_INFINITY),
      );
    },
  };
}
