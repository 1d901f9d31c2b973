import { type AuthorizationDetailNeeded, buildAuthorizationDetailsError } from './authorization-details.ts';
import type { Claims } from './claims.ts';
import { type ApiError, toApiError } from './errors.ts';
import {
  carrierOf,
  type HttpMessage,
  type PresentedToken,
  parsePresentedToken,
  peekBearerToken,
} from './presented-token.ts';
import { buildScopeError } from './scopes.ts';
import { buildStepUpError, type StepUp } from './step-up.ts';
import type { AccessTokenVerifier } from './verifier.ts';

/** What an address asks of its callers beyond a valid token. */
export interface Requirement {
  readonly scope?: readonly string[] | undefined;
  readonly authorizationDetails?: readonly AuthorizationDetailNeeded[] | undefined;
  readonly stepUp?: StepUp | undefined;
}

/** Told the outcome once: without an error the request may pass; beside an error, claims still say who it was. */
export type Finish = (claims: Claims | undefined, error: ApiError | undefined) => void;

/**
 * Finds out whether a request of node:http may pass. Finishes before it returns where the claims are known: a promise
 * costs a busy API more than the look-up itself.
 */
export function guard(
  verifier: AccessTokenVerifier,
  message: HttpMessage,
  requirement: Requirement,
  finish: Finish,
): void {
  const token = peekBearerToken(message);
  const claims = token === undefined ? undefined : verifier.known(token);
  if (claims) finish(claims, judge(claims, requirement));
  else check(verifier, message, requirement, finish);
}

function check(
  verifier: AccessTokenVerifier,
  message: HttpMessage,
  requirement: Requirement,
  finish: Finish,
): void {
  const accept = (claims: Claims) => finish(claims, judge(claims, requirement));
  const refuse = (error: unknown) => finish(undefined, toApiError(error));
  let presented: PresentedToken;
  try {
    presented = parsePresentedToken(carrierOf(message), verifier.tokenCookie);
  } catch (error) {
    refuse(error);
    return;
  }
  verifier.verify(presented.token, presented).then(accept, refuse);
}

const judge = (claims: Claims, { scope, authorizationDetails, stepUp }: Requirement): ApiError | undefined =>
  (scope && buildScopeError(claims, scope)) ??
  (authorizationDetails && buildAuthorizationDetailsError(claims, authorizationDetails)) ??
  (stepUp && buildStepUpError(claims, stepUp));
