/** Users whose claims are to be loaded anew. */
export interface Invalidations {
  add(userId: string, version: number, at: number): void;
  /** The version of the latest invalidation that may concern this user. */
  versionOf(userId: string): number;
  /** When it was, in seconds since the epoch. */
  atOf(userId: string): number;
}

interface Invalidation {
  readonly version: number;
  readonly at: number;
}

const MAX_INVALIDATIONS = 100_000;

const NONE: Invalidation = { version: 0, at: Number.NEGATIVE_INFINITY };

/**
 * Remembers invalidations for as long as older claims could live. Where there are too many, the forgotten ones count
 * for everybody: claims are then loaded once too often, and never too seldom.
 */
export function createInvalidations(clock: () => number, keepSeconds: number): Invalidations {
  const latest = new Map<string, Invalidation>();
  let forgotten = NONE;

  const dropOld = () => {
    for (const [userId, invalidation] of latest) {
      const isOld = clock() - invalidation.at >= keepSeconds;
      if (latest.size < MAX_INVALIDATIONS && !isOld) return;
      latest.delete(userId);
      if (!isOld) forgotten = invalidation;
    }
  };
  const find = (userId: string) => latest.get(userId) ?? forgotten;
  return {
    add(userId, version, at) {
      dropOld();
      const known = latest.get(userId)?.at ?? at;
      latest.delete(userId);
      latest.set(userId, { version, at: Math.max(known, at) });
    },
    versionOf: (userId) => find(userId).version,
    atOf: (userId) => find(userId).at,
  };
}
