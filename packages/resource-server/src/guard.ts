import { type AuthorizationDetailNeeded, buildAuthorizationDetailsError } from './authorization-details.ts';
import { isChallengeText } from './challenge.ts';
import type { Claims } from './claims.ts';
import { type ApiError, renewApiError, toApiError } from './errors.ts';
import { parsePresentedToken, type TokenCarrier, type TokenPresentation } from './presented-token.ts';
import { isLate, type Promised } from './promised.ts';
import { buildScopeError } from './scopes.ts';
import { buildStepUpError, type StepUp } from './step-up.ts';
import type { AccessTokenVerifier } from './verifier.ts';

/** What an address asks of its callers beyond a valid token. */
export interface Requirement {
  readonly scope?: string | readonly string[] | undefined;
  readonly authorizationDetails?: readonly AuthorizationDetailNeeded[] | undefined;
  readonly stepUp?: StepUp | undefined;
}

/** Where it is noted who sent a request: also when it is refused for a lack of rights. */
export interface Caller {
  claims: Claims | undefined;
  scheme: TokenPresentation['scheme'] | undefined;
}

/**
 * Looks at a requirement before anybody comes.
 * @throws TypeError for a text that no challenge can carry (RFC 6750 §3), and for a list of acr values without one
 */
export function checkRequirement({ scope = [], stepUp }: Requirement): void {
  const acr = stepUp?.acr;
  if (acr?.length === 0) throw new TypeError('stepUp.acr is empty: no sign-in would do.');
  const wrong = [scope, acr ?? []].flat().find((text) => typeof text !== 'string' || !isChallengeText(text));
  if (wrong !== undefined)
    throw new TypeError(
      `${JSON.stringify(wrong)} cannot be asked for: scopes and acr values are printable ASCII without quotes and backslashes.`,
    );
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
