import { isDeepStrictEqual } from 'node:util';
import type { Claims, TokenClaims } from './claims.ts';
import { ApiError } from './errors.ts';

/** One entry of `authorization_details`: a kind of permission, and what it is limited to. */
export interface AuthorizationDetail {
  readonly type: string;
  readonly [name: string]: unknown;
}

/**
 * What an address asks of the details of a token. A list must be contained in the token's list of that name, any other
 * value must be equal: `{ type: 'payment', actions: ['initiate'], identifier: 'account-1' }`.
 */
export type AuthorizationDetailNeeded = AuthorizationDetail;

/**
 * The details of one type, for rules that depend on the request: an amount, an account.
 * @see RFC 9396 §2 and §9.1
 */
export function authorizationDetailsOf({ token }: TokenClaims, type: string): readonly AuthorizationDetail[] {
  const { authorization_details: details } = token;
  const isDetail = (value: unknown): value is AuthorizationDetail =>
    typeof value === 'object' && value !== null && (value as AuthorizationDetail).type === type;
  return Array.isArray(details) ? details.filter(isDetail) : [];
}

/**
 * Passes when for each of the needed details one single detail of the token grants it: what two grant together, nobody
 * has consented to.
 * @throws ApiError `API_AUTHORIZATION_DETAILS_INSUFFICIENT`
 */
export function requireAuthorizationDetails(
  claims: TokenClaims,
  needed: readonly AuthorizationDetailNeeded[],
): void {
  const error = buildAuthorizationDetailsError(claims, needed);
  if (error) throw error;
}

/** The error for a token that does not grant all of these; undefined if it does. */
export function buildAuthorizationDetailsError(
  claims: Claims | TokenClaims,
  needed: readonly AuthorizationDetailNeeded[],
): ApiError | undefined {
  const missing = needed.find(
    (detail) => !authorizationDetailsOf(claims, detail.type).some((granted) => grants(granted, detail)),
  );
  if (!missing) return undefined;
  const reason = `The token has no authorization_details that grant ${JSON.stringify(missing)}.`;
  return new ApiError('API_AUTHORIZATION_DETAILS_INSUFFICIENT', reason);
}

function grants(granted: AuthorizationDetail, needed: AuthorizationDetailNeeded): boolean {
  return Object.entries(needed).every(([name, value]) => {
    if (!Object.hasOwn(granted, name)) return false;
    const has: unknown = granted[name];
    return Array.isArray(value)
      ? Array.isArray(has) && value.every((one) => has.some((other) => isDeepStrictEqual(other, one)))
      : isDeepStrictEqual(has, value);
  });
}
