import type { Claims } from './claims.ts';
import { ApiError } from './errors.ts';

/** How fresh and how strong the sign-in behind a token must be. */
export interface StepUp {
  /** Authentication context classes, one of which the token must name (`acr`). */
  readonly acr?: readonly string[];
  /** How long ago the person may have signed in (`auth_time`), in seconds. */
  readonly maxAgeSeconds?: number;
}

/**
 * Passes when the sign-in behind the token is fresh and strong enough; a token that does not say so does not pass.
 * @throws ApiError `API_STEP_UP_REQUIRED`, whose challenge tells the client what to ask for
 * @see RFC 9470 §3 and §6
 */
export function requireStepUp(claims: Claims, needed: StepUp): void {
  const error = buildStepUpError(claims, needed);
  if (error) throw error;
}

/** The error for a sign-in that is not good enough; undefined if it is. */
export function buildStepUpError({ token }: Claims, { acr, maxAgeSeconds }: StepUp): ApiError | undefined {
  const age =
    typeof token.auth_time === 'number' ? Date.now() / 1000 - token.auth_time : Number.POSITIVE_INFINITY;
  const isFresh = maxAgeSeconds === undefined || (age <= maxAgeSeconds && age > -MAX_AHEAD_SECONDS);
  const isStrong = acr === undefined || (typeof token.acr === 'string' && acr.includes(token.acr));
  if (isFresh && isStrong) return undefined;
  const reason = isStrong
    ? `The sign-in is ${Math.round(age)} s old.`
    : 'The sign-in has none of the wanted acr values.';
  return new ApiError('API_STEP_UP_REQUIRED', reason, {
    parameters: {
      ...(acr && { acr_values: acr.join(' ') }),
      ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
    },
  });
}

/** A sign-in in the future is a clock that is off by a little, or a lie. */
const MAX_AHEAD_SECONDS = 60;
