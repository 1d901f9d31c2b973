import type { Claims } from './claims.ts';
import { ApiError } from './errors.ts';

/** Is every one of these scopes granted? Scopes are compared whole (RFC 6749 §3.3): `read` is not `readwrite`. */
export function hasScopes({ scopes }: Claims, required: readonly string[]): boolean {
  return required.every((scope) => scopes.includes(scope));
}

/**
 * Passes when every one of these scopes is granted.
 * @throws ApiError `API_SCOPE_INSUFFICIENT`, which names them in the challenge
 */
export function requireScopes(claims: Claims, required: readonly string[]): void {
  const error = buildScopeError(claims, required);
  if (error) throw error;
}

/** The error for a token without one of these scopes; undefined if it has all of them. */
export function buildScopeError(claims: Claims, required: readonly string[]): ApiError | undefined {
  if (hasScopes(claims, required)) return undefined;
  const reason = `The token has the scopes "${claims.scopes.join(' ')}", needed are "${required.join(' ')}".`;
  return new ApiError('API_SCOPE_INSUFFICIENT', reason, { parameters: { scope: required.join(' ') } });
}
