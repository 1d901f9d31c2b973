import type { Claims } from './claims.ts';
import type { Promised } from './promised.ts';

/** A token that was found valid, by its signature or by asking the server. */
export interface ValidToken<Evidence> {
  /** Without what other sources say. */
  readonly claims: Claims;
  /** What the result rests on. */
  readonly evidence: Evidence;
  /** When the authorization server said so, if it was not just now, in seconds since the epoch. */
  readonly askedAt?: number;
}

/** One way to find out whether a token is valid. */
export interface TokenCheck<Evidence> {
  /**
   * @throws ApiError `API_TOKEN_…`, `API_CLIENT_NOT_ALLOWED`
   * @throws RemoteFault when the authorization server cannot be asked
   */
  check(text: string): Promised<ValidToken<Evidence>>;
  /** May an earlier result still be believed? @param now seconds since the epoch */
  isCurrent(evidence: Evidence, now: number): boolean;
}
