import { hash } from 'node:crypto';
import type { Claims } from './claims.ts';

/** What a finished check leaves behind. */
export interface CacheEntry<Evidence> {
  readonly claims: Claims;
  /** When the result must be forgotten, in seconds since the epoch; never later than the token's expiry. */
  readonly diesAt: number;
  /** What else the result rests on: a signing key that may be withdrawn. */
  readonly evidence: Evidence;
  /** The version of the evictions up to which the result is known to be good. */
  version: number;
}

/** Results of finished checks by the digest of the token. */
export interface ClaimsCache<Evidence> {
  /** @param now seconds since the epoch */
  get(digest: string, now: number): CacheEntry<Evidence> | undefined;
  set(digest: string, entry: CacheEntry<Evidence>, now: number): void;
  delete(digest: string): void;
  readonly size: number;
}

/**
 * The identity of a token: all of its characters count, nothing of it can be read back, and it is the same in every
 * instance of an API. A verifier has one issuer and a cache of its own, so that issuers cannot meet in it.
 */
export function digestToken(text: string): string {
  return hash('sha256', text, 'binary');
}

/** No single request pays for more than this much tidying. */
const MAX_STEPS = 32;

/**
 * A bounded cache. Only what passed every check gets in, so that bad tokens push nobody out, and one user's tokens push
 * out only each other. The bound is kept with a second chance: the oldest entry goes, unless it was used since its turn
 * came last; a hit therefore costs one write.
 */
export function createClaimsCache<Evidence>(maxEntries: number, maxPerUser: number): ClaimsCache<Evidence> {
  const entries = new Map<string, CacheEntry<Evidence> & { isUsed: boolean }>();
  const users = createUserIndex();

  const remove = (digest: string) => {
    const entry = entries.get(digest);
    if (entry && entries.delete(digest)) users.remove(entry.claims.userId, digest);
    return undefined;
  };
  const makeRoom = (now: number) => {
    let steps = 0;
    for (const [digest, entry] of entries) {
      const isDead = now >= entry.diesAt;
      if (entries.size < maxEntries && (!isDead || steps >= MAX_STEPS)) return;
      steps += 1;
      entries.delete(digest);
      if (isDead || !entry.isUsed || steps > MAX_STEPS) users.remove(entry.claims.userId, digest);
      else entries.set(digest, Object.assign(entry, { isUsed: false }));
    }
  };

  return {
    get(digest, now) {
      const entry = entries.get(digest);
      if (!entry) return undefined;
      if (now >= entry.diesAt) return remove(digest);
      entry.isUsed = true;
      return entry;
    },
    set(digest, { claims, diesAt, evidence, version }, now) {
      remove(digest);
      makeRoom(now);
      const oldest = users.add(claims.userId, digest, maxPerUser);
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(digest, { claims, diesAt, evidence, version, isUsed: false });
    },
    delete: remove,
    get size() {
      return entries.size;
    },
  };
}

/** The digests of each user, oldest first. Most users have one token: that one is kept without a set around it. */
function createUserIndex() {
  const users = new Map<string, string | Set<string>>();
  return {
    /** @returns the digest that had to leave, if the user had too many */
    add(userId: string, digest: string, limit: number): string | undefined {
      const known = users.get(userId);
      if (known === undefined) return void users.set(userId, digest);
      const digests = typeof known === 'string' ? new Set([known]) : known;
      users.set(userId, digests.add(digest));
      const [oldest] = digests;
      if (digests.size <= limit || oldest === undefined) return undefined;
      digests.delete(oldest);
      return oldest;
    },
    remove(userId: string, digest: string): void {
      const known = users.get(userId);
      if (typeof known === 'object' && known.delete(digest) && known.size > 0) return;
      if (typeof known === 'object' || known === digest) users.delete(userId);
    },
  };
}
