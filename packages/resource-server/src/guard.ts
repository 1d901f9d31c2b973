import { buildAuthorizationDetailsError } from './authorization-details.ts';
import type { Claims } from './claims.ts';
import { type ApiError, renewApiError, toApiError } from './errors.ts';
import { parsePresentedToken, type TokenCarrier, type TokenPresentation } from './presented-token.ts';
import { isLate, type Promised } from './promised.ts';
import type { Requirement } from './requirement.ts';
import { buildScopeError } from './scopes.ts';
import { buildStepUpError } from './step-up.ts';
import type { AccessTokenVerifier } from './verifier.ts';

/** Where it is noted who sent a request: also when it is refused for a lack of rights. */
export interface Caller {
  claims: Claims | undefined;
  scheme: TokenPresentation['scheme'] | undefined;
}

/**
 * Looks at a verifier before anybody comes.
 * @throws TypeError for its settings, or nothing, in its place
 */
export function checkVerifier(name: string, verifier: AccessTokenVerifier): void {
  if (typeof verifier?.verifyNow !== 'function')
    throw new TypeError(`${name}: expected a verifier, as createAccessTokenVerifier(settings) makes one.`);
}

/** The same error in the challenge of the scheme under which the token came (RFC 9449 §7.1). */
export const withScheme = (error: ApiError, scheme: Caller['scheme']): ApiError =>
  scheme === 'DPoP' ? renewApiError(error, { scheme }) : error;

/**
 * Finds out who sent a request of node:http, and whether it may pass. At once unless somebody has to be asked: a promise
 * costs a busy API more than the look-up itself.
 * @returns the error that refuses it, if any; never throws
 */
export function guard(
  verifier: AccessTokenVerifier,
  carrier: TokenCarrier,
  requirement: Requirement,
  caller: Caller,
): Promised<ApiError | undefined> {
  try {
    const presented = parsePresentedToken(carrier, verifier.tokenCookie);
    caller.scheme = presented.scheme;
    const verified = verifier.verifyNow(presented.token, presented);
    if (isLate(verified))
      return verified.then((claims) => admit(caller, claims, requirement)).catch(toApiError);
    return admit(caller, verified, requirement);
  } catch (error) {
    return toApiError(error);
  }
}

function admit(caller: Caller, claims: Claims, requirement: Requirement): ApiError | undefined {
  caller.claims = claims;
  const error = judge(claims, requirement);
  return error && withScheme(error, caller.scheme);
}

const judge = (claims: Claims, { scope, authorizationDetails, stepUp }: Requirement): ApiError | undefined =>
  (scope === undefined ? undefined : buildScopeError(claims, typeof scope === 'string' ? [scope] : scope)) ??
  (authorizationDetails && buildAuthorizationDetailsError(claims, authorizationDetails)) ??
  (stepUp && buildStepUpError(claims, stepUp));
