import { type AuthorizationDetailNeeded, buildAuthorizationDetailsError } from './authorization-details.ts';
import type { Claims } from './claims.ts';
import { type ApiError, toApiError } from './errors.ts';
import { carrierOf, type HttpMessage, parsePresentedToken } from './presented-token.ts';
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
  { scope, authorizationDetails, stepUp }: Requirement,
  finish: Finish,
): void {
  const judge = (claims: Claims) =>
    (scope && buildScopeError(claims, scope)) ??
    (authorizationDetails && buildAuthorizationDetailsError(claims, authorizationDetails)) ??
    (stepUp && buildStepUpError(claims, stepUp));
  const accept = (claims: Claims) => finish(claims, judge(claims));
  const refuse = (error: unknown) => finish(undefined, toApiError(error));
  let claims: Claims | Promise<Claims>;
  try {
    const presented = parsePresentedToken(carrierOf(message), verifier.tokenCookie);
    const { token, scheme } = presented;
    claims = (scheme === 'Bearer' ? verifier.known(token) : undefined) ?? verifier.verify(token, presented);
  } catch (error) {
    refuse(error);
    return;
  }
  if (claims instanceof Promise) claims.then(accept, refuse);
  else accept(claims);
}
