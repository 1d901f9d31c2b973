import type { Counts } from './counts.ts';
import type { OutageGuard } from './outage.ts';
import type { Sealer } from './sealed-values.ts';
import type { SecondLevelStore } from './second-level.ts';

/** What is asked at most once per token by all instances together. */
export type Question = 'introspection' | 'claims';

/** An answer, and when it was asked for. */
export interface SharedAnswer {
  readonly value: Readonly<Record<string, unknown>>;
  /** Seconds since the epoch, by the clock of the instance that asked. */
  readonly askedAt: number;
}

/** Answers about tokens that other instances have got already. */
export interface SharedAnswers {
  load(question: Question, digest: string): Promise<SharedAnswer | undefined>;
  /** Returns at once. @param diesAt when nobody may use it any more, in seconds since the epoch */
  save(question: Question, digest: string, answer: SharedAnswer, diesAt: number): void;
}

/** The parts of the second level that its users have in common. */
export interface SecondLevel {
  readonly store: SecondLevelStore;
  readonly sealer: Sealer;
  /** For the log: what is revoked is so whatever else an instance asks for or makes of it. */
  readonly logSealer: Sealer;
  readonly guard: OutageGuard;
}

/** The same through the store. What does not open, or has died, is not there. */
export function createSharedAnswers(
  { store, sealer, guard }: SecondLevel,
  clock: () => number,
  toleranceSeconds: number,
  counts: Counts,
): SharedAnswers {
  return {
    async load(question, digest) {
      const name = sealer.nameOf(question, digest);
      const text = await guard.run(() => store.get(name));
      const kept = text === undefined ? undefined : ((await sealer.open(name, text)) as Sealed | undefined);
      const now = clock();
      // From a clock that is too far ahead: such an answer would seem younger than what has happened since.
      if (!kept || now >= kept.diesAt || kept.askedAt > now + toleranceSeconds) return undefined;
      counts.secondLevelHits += 1;
      return kept;
    },
    save(question, digest, answer, diesAt) {
      const maxAgeSeconds = Math.floor(diesAt - clock());
      if (maxAgeSeconds < 1) return;
      const name = sealer.nameOf(question, digest);
      void guard.run(async () =>
        store.set(name, await sealer.seal(name, { ...answer, diesAt }), maxAgeSeconds),
      );
    },
  };
}

type Sealed = SharedAnswer & { readonly diesAt: number };
