import type { Claims } from './claims.ts';
import { withScheme } from './guard.ts';
import { parsePresentedToken } from './presented-token.ts';
import { buildScopeError } from './scopes.ts';
import type { AccessTokenVerifier } from './verifier.ts';

/**
 * The claims behind a Fetch API request, for every server that has no adapter here.
 * @param scope scopes that the token must have, all of them
 * @throws ApiError; `buildErrorResponse` turns it into an answer
 */
export async function verifyRequest(
  verifier: AccessTokenVerifier,
  request: Request,
  scope: string | readonly string[] = [],
): Promise<Claims> {
  const { method, url } = request;
  const headers = Object.fromEntries(request.headers);
  const presented = parsePresentedToken({ method, url, headers }, verifier.tokenCookie);
  const claims = await verifier.verify(presented.token, presented);
  const error = buildScopeError(claims, [scope].flat());
  if (error) throw withScheme(error, presented.scheme);
  return claims;
}
