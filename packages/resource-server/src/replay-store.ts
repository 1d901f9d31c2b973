/** Remembers which proofs were used. Instances of one API need a common one. */
export interface ReplayStore {
  /**
   * Claims a proof for its first use.
   * @param keyThumbprint whose proof it is, so that one client cannot fill the store for the others
   * @param proofId unique for that key
   * @param windowSeconds how long the proof must be remembered at least: it is accepted for no longer
   * @returns false when it was used before
   * @throws Error when the store cannot tell: the request is then refused, because a replay could not be seen
   */
  claim(keyThumbprint: string, proofId: string, windowSeconds: number): boolean | Promise<boolean>;
}

/** Bounds of {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreSettings {
  /** How long a proof is remembered at least: longer than it is accepted, in seconds. */
  readonly windowSeconds: number;
  /** @default 200000 */
  readonly maxProofs?: number;
  /** How many of them one key may have. @default 20000 */
  readonly maxProofsPerKey?: number;
  /** Seconds; of a clock that nobody sets, or a proof may be good again when it is set back. @default a monotonic one */
  readonly clock?: () => number;
}

/**
 * A replay store for a single instance. Proofs live in two generations of one window each, and are dropped by the
 * generation: nothing has to be swept, and nobody can push a proof out before its time. When it is full it refuses.
 * @see RFC 9449 §11.1
 */
export function createMemoryReplayStore(settings: MemoryReplayStoreSettings): ReplayStore {
  const { windowSeconds, maxProofs = 200_000, maxProofsPerKey = 20_000, clock = monotonic } = settings;
  let current = createGeneration();
  let previous = createGeneration();
  let startedAt = clock();

  const turn = () => {
    const age = clock() - startedAt;
    if (age < windowSeconds) return;
    previous = age < 2 * windowSeconds ? current : createGeneration();
    current = createGeneration();
    startedAt = clock();
  };
  return {
    claim(keyThumbprint, proofId) {
      turn();
      const name = `${keyThumbprint} ${proofId}`;
      if (current.proofs.has(name) || previous.proofs.has(name)) return false;
      const count = current.perKey.get(keyThumbprint) ?? 0;
      if (current.proofs.size >= maxProofs || count >= maxProofsPerKey)
        throw new Error('The replay store is full.');
      current.proofs.add(name);
      current.perKey.set(keyThumbprint, count + 1);
      return true;
    },
  };
}

const monotonic = () => performance.now() / 1000;

const createGeneration = () => ({ proofs: new Set<string>(), perKey: new Map<string, number>() });
