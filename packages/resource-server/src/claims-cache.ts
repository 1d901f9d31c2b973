import type { Claims } from './claims.ts';
import { createFingerprints } from './fingerprint.ts';

/** What a finished check leaves behind. */
export interface CacheEntry<Evidence> {
  readonly claims: Claims;
  /** Is the token good for whoever holds it? Kept here to spare a hit the way into the claims. */
  readonly isUnbound: boolean;
  /** When the result must be forgotten, in seconds since the epoch; never later than the token's expiry. */
  readonly diesAt: number;
  /** What else the result rests on: a signing key that may be withdrawn. */
  readonly evidence: Evidence;
  /** The version of the evictions up to which the result is known to be good. */
  version: number;
}

/** Results of finished checks by token; the tokens themselves are not kept. */
export interface ClaimsCache<Evidence> {
  /** @param now seconds since the epoch */
  get(token: string, now: number): CacheEntry<Evidence> | undefined;
  /** @param since what `lookups` gave right after this very token was not found: as long as it gives the same, nobody else was looked up */
  set(token: string, entry: CacheEntry<Evidence>, now: number, since: number): void;
  lookups(): number;
  delete(token: string): void;
  size(): number;
}

/** The limits of a cache. */
export interface CacheLimits {
  readonly maxEntries: number;
  readonly maxPerUser: number;
  /** Longer texts are never found. */
  readonly maxTokenLength: number;
}

/** An entry stands in the place that the first word of its fingerprint names; the rest of it is compared. */
interface Kept<Evidence> extends CacheEntry<Evidence> {
  readonly length: number;
  readonly second: number | undefined;
  readonly third: number | undefined;
  readonly fourth: number | undefined;
  isUsed: boolean;
}

/** No single request pays for more than this much tidying, and while there is room only one in some does. */
const MAX_STEPS = 32;
const TIDY_EVERY = 16;

/**
 * A bounded cache. Only what passed every check gets in, so that bad tokens push nobody out, and one user's tokens push
 * out only each other. The bound is kept with a second chance: the oldest entry goes, unless it was used since its turn
 * came last; a hit therefore costs one write.
 */
export function createClaimsCache<Evidence>(limits: CacheLimits): ClaimsCache<Evidence> {
  const { maxEntries, maxPerUser } = limits;
  const prints = createFingerprints(limits.maxTokenLength);
  const { words } = prints;
  const entries = new Map<number | undefined, Kept<Evidence>>();
  const users = createUserIndex();
  let saves = 0;

  const find = (text: string): Kept<Evidence> | undefined => {
    if (!prints.take(text)) return undefined;
    const entry = entries.get(words[0]);
    if (entry?.second !== words[1] || entry?.third !== words[2] || entry?.fourth !== words[3])
      return undefined;
    return entry?.length === text.length ? entry : undefined;
  };
  const removeAt = (place: number | undefined) => {
    const entry = entries.get(place);
    if (entry && entries.delete(place)) users.remove(entry.claims.userId, place);
    return undefined;
  };
  const makeRoom = (now: number) => {
    saves += 1;
    if (entries.size < maxEntries && saves % TIDY_EVERY !== 0) return;
    let steps = 0;
    for (const [place, entry] of entries) {
      const isDead = now >= entry.diesAt;
      if (entries.size < maxEntries && (!isDead || steps >= MAX_STEPS)) return;
      steps += 1;
      entries.delete(place);
      if (isDead || !entry.isUsed || steps > MAX_STEPS) users.remove(entry.claims.userId, place);
      else entries.set(place, Object.assign(entry, { isUsed: false }));
    }
  };

  return {
    get(token, now) {
      const entry = find(token);
      if (!entry) return undefined;
      if (now >= entry.diesAt) return removeAt(words[0]);
      if (!entry.isUsed) entry.isUsed = true;
      return entry;
    },
    set(token, { claims, isUnbound, diesAt, evidence, version }, now, since) {
      if (prints.taken() !== since && !prints.take(token)) return;
      const [place, second, third, fourth] = words;
      removeAt(place);
      makeRoom(now);
      const oldest = users.add(claims.userId, place, maxPerUser);
      if (oldest !== undefined) entries.delete(oldest);
      const { length } = token;
      // One literal: what is spread into it would lie elsewhere in memory, and a hit would have to go there too.
      entries.set(place, {
        second,
        third,
        fourth,
        length,
        isUsed: false,
        isUnbound,
        diesAt,
        version,
        evidence,
        claims,
      });
    },
    delete(token) {
      if (find(token)) removeAt(words[0]);
    },
    lookups: prints.taken,
    size: () => entries.size,
  };
}

type Place = number | undefined;

/** The places of each user's tokens, oldest first. Most users have one token: that one is kept without a set around it. */
function createUserIndex() {
  const users = new Map<string, Place | Set<Place>>();
  return {
    /** @returns the place that has to be left, if the user had too many */
    add(userId: string, place: Place, limit: number): Place {
      const known = users.get(userId);
      if (known === undefined) return void users.set(userId, place);
      const places = known instanceof Set ? known : new Set([known]);
      users.set(userId, places.add(place));
      const [oldest] = places;
      if (places.size <= limit || oldest === undefined) return undefined;
      places.delete(oldest);
      return oldest;
    },
    remove(userId: string, place: Place): void {
      const known = users.get(userId);
      if (known instanceof Set && known.delete(place) && known.size > 0) return;
      if (known instanceof Set || known === place) users.delete(userId);
    },
  };
}
