import type { ApiErrorCode } from './error-codes.ts';

/**
 * What one verifier has done since it was created, as totals. They are plain numbers that are read when somebody asks:
 * counting costs a request one addition, and any metrics library can read them.
 */
export interface VerifierCounts {
  /** Tokens checked in full. */
  readonly checks: number;
  /** Requests that were answered from remembered claims. */
  readonly hits: number;
  /** Checks that were spared a question because another instance, or an earlier run, had asked it. */
  readonly secondLevelHits: number;
  readonly keyFetches: number;
  readonly introspections: number;
  readonly userInfoLookups: number;
  /** Error answers by code; a code that never occurred is not there. */
  readonly refusals: Readonly<Partial<Record<ApiErrorCode, number>>>;
}

/** The same while it is being counted. */
export type Counts = { -readonly [Name in keyof VerifierCounts]: VerifierCounts[Name] } & {
  refusals: Partial<Record<ApiErrorCode, number>>;
};

/** All at nought. */
export const createCounts = (): Counts => ({
  ...{ checks: 0, hits: 0, secondLevelHits: 0 },
  ...{ keyFetches: 0, introspections: 0, userInfoLookups: 0 },
  refusals: {},
});
