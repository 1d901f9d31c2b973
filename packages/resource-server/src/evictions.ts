import type { CheckedSettings } from './checked-settings.ts';
import type { TokenClaims } from './claims.ts';
import { createInvalidations } from './invalidations.ts';
import { createRevocations, type Revocation } from './revocations.ts';
import type { SecondLevel } from './shared-answers.ts';
import { createSharedLog } from './shared-log.ts';

/** What must not be believed any more, although it was checked: here, and in every instance that shares the second level. */
export interface Evictions {
  /** What to wait for until that which was evicted before this instance began is known, or cannot be; if there is anything. */
  ready(): Promise<void> | undefined;
  /**
   * At once here; settles when the others can know it, or when that has to wait for the store.
   * @param saidAt when the authorization server said so by its own clock, in seconds since the epoch
   */
  revoke(revocation: Revocation, saidAt?: number): Promise<void>;
  /** The same for the claims of a user. */
  invalidate(userId: string): Promise<void>;
  isRevoked(claims: TokenClaims): boolean;
  /** Is a result of this version to be dropped? */
  isEvicted(claims: TokenClaims, version: number): boolean;
  /** Was this user's data invalidated after another instance had asked for it? */
  isOutdated(userId: string, askedAt: number): boolean;
  /** Grows with every eviction: a result of the present version needs no look. */
  version(): number;
}

/** What instances tell each other. */
interface Message {
  readonly at: number;
  readonly revocation?: Revocation;
  readonly userId?: string;
}

/**
 * Remembers evictions, and shares them where there is a second level.
 * @param serverAheadSeconds how far the authorization server's clock is ahead: it is the one that dates tokens
 */
export function createEvictions(
  settings: CheckedSettings,
  secondLevel: SecondLevel | undefined,
  serverAheadSeconds: () => number,
): Evictions {
  const { clock, clockToleranceSeconds, revocationsMaxAgeSeconds, claimsMaxAgeSeconds } = settings;
  const revocations = createRevocations(clock, revocationsMaxAgeSeconds);
  const invalidations = createInvalidations(clock, claimsMaxAgeSeconds);
  let version = 0;

  const apply = ({ at, revocation, userId }: Message) => {
    version += 1;
    if (revocation) revocations.add(revocation, at);
    if (userId !== undefined) invalidations.add(userId, version, at);
  };
  const keepSeconds = Math.ceil(Math.max(revocationsMaxAgeSeconds, claimsMaxAgeSeconds));
  const log =
    secondLevel && createSharedLog(secondLevel, keepSeconds, (message) => apply(message as Message));
  const evict = async (message: Message) => {
    apply(message);
    await log?.publish(message);
  };
  return {
    ready: () => log?.ready(),
    revoke: (revocation, saidAt = clock() + serverAheadSeconds()) => evict({ at: saidAt, revocation }),
    invalidate: (userId) => evict({ at: clock(), userId }),
    isRevoked: revocations.isRevoked,
    isEvicted: (claims, seen) =>
      revocations.isRevoked(claims) || invalidations.versionOf(claims.userId) > seen,
    // The two instants come from the clocks of two machines.
    isOutdated: (userId, askedAt) => askedAt <= invalidations.atOf(userId) + clockToleranceSeconds,
    version: () => version,
  };
}
