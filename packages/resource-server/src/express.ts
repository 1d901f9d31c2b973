import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AuthorizationDetailNeeded, buildAuthorizationDetailsError } from './authorization-details.ts';
import type { Claims } from './claims.ts';
import { buildErrorResponse } from './error-response.ts';
import { ApiError, describeApiError, toApiError } from './errors.ts';
import { checkVerifier, guard, withScheme } from './guard.ts';
import { type ApiLog, consoleLog } from './log.ts';
import type { TokenPresentation } from './presented-token.ts';
import { isLate } from './promised.ts';
import { buildRequestRecord, parseCorrelationId, withoutQuery } from './request-log.ts';
import { checkDetails, checkScope, checkStepUp } from './requirement.ts';
import { buildScopeError } from './scopes.ts';
import { buildStepUpError, type StepUp } from './step-up.ts';
import type { AccessTokenVerifier } from './verifier.ts';

/** Options of {@link requireAccessToken}. */
export interface RequireAccessTokenOptions {
  /** Where refusals and requests are logged; pino fits. @default JSON lines on the console */
  readonly log?: ApiLog;
  /** Writes one line per request. @default true */
  readonly logRequests?: boolean;
}

/** Express and everything else that hands on `(request, response, next)` of node:http. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

type Next = (error?: unknown) => void;

interface Guarded {
  readonly verifier: AccessTokenVerifier;
  readonly log: ApiLog;
  claims: Claims | undefined;
  scheme: TokenPresentation['scheme'] | undefined;
  error: ApiError | undefined;
}

/** Complete from the start: an object that gains members later is dearer on every request. */
const guardedBy = (verifier: AccessTokenVerifier, log: ApiLog): Guarded => ({
  verifier,
  log,
  claims: undefined,
  scheme: undefined,
  error: undefined,
});

const GUARDED = Symbol('deskauth.guarded');
type GuardedRequest = IncomingMessage & { [GUARDED]?: Guarded; originalUrl?: string };

/** Lets a request pass only with a valid access token; answers all others itself. @throws TypeError without a verifier */
export function requireAccessToken(
  verifier: AccessTokenVerifier,
  options: RequireAccessTokenOptions = {},
): Middleware {
  checkVerifier('requireAccessToken', verifier);
  const { log = consoleLog, logRequests = true } = options;
  return (request: GuardedRequest, response, next) => {
    const before = request[GUARDED];
    // A proof is good for one use, so that a guard behind a guard must not ask for it again.
    if (before?.claims && before.verifier === verifier) return next();
    const guarded = guardedBy(verifier, log);
    request[GUARDED] = guarded;
    const correlationId = parseCorrelationId(request.headers['x-correlation-id']);
    if (correlationId) response.setHeader('x-correlation-id', correlationId);
    if (logRequests) logWhenDone(request, response, guarded, correlationId);
    const refusal = guard(verifier, request, NOTHING_MORE, guarded);
    if (isLate(refusal)) refusal.then((late) => admit(guarded, late, request, response, next)).catch(next);
    else admit(guarded, refusal, request, response, next);
  };
}

const NOTHING_MORE = {};

function admit(
  guarded: Guarded,
  refusal: ApiError | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
): void {
  // Somebody in front may have run out of patience while the token was being checked.
  if (response.headersSent) return;
  const nonce = request.headers.dpop && guarded.verifier.dpopNonce();
  if (nonce) response.setHeader('dpop-nonce', nonce);
  if (refusal) answer(guarded, refusal, response);
  else next();
}

/** Lets a request pass only with all of these scopes; stands behind {@link requireAccessToken}. @throws TypeError for none */
export function requireScope(...scope: readonly string[]): Middleware {
  checkScope('requireScope', scope);
  return requirement((claims) => buildScopeError(claims, scope));
}

/** Lets a request pass only when the token grants all of these in detail (RFC 9396). @throws TypeError for none */
export function requireDetails(...needed: readonly AuthorizationDetailNeeded[]): Middleware {
  checkDetails('requireDetails', needed);
  return requirement((claims) => buildAuthorizationDetailsError(claims, needed));
}

/** Lets a request pass only after a sign-in as fresh and strong as this (RFC 9470). @throws TypeError for any sign-in */
export function requireSignIn(needed: StepUp): Middleware {
  checkStepUp('requireSignIn', needed);
  return requirement((claims) => buildStepUpError(claims, needed));
}

function requirement(judge: (claims: Claims) => ApiError | undefined): Middleware {
  return (request, response, next) => {
    const error = judge(claimsOf(request));
    const guarded = guardedOf(request);
    if (error) answer(guarded, withScheme(error, guarded.scheme), response);
    else next();
  };
}

/** The verified claims of the caller. @throws Error where {@link requireAccessToken} does not stand in front */
export function claimsOf(request: IncomingMessage): Claims {
  const { claims } = guardedOf(request);
  if (claims) return claims;
  throw new Error('claimsOf was called before requireAccessToken had finished.');
}

/**
 * The last middleware of an app: answers what handlers throw with a code and an error id. What carries a 4xx status
 * keeps it; all else is our fault.
 */
export function apiErrorHandler(verifier: AccessTokenVerifier, log: ApiLog = consoleLog) {
  checkVerifier('apiErrorHandler', verifier);
  return (error: unknown, request: IncomingMessage, response: ServerResponse, next: Next): void => {
    if (response.headersSent) next(error);
    else
      answer(
        (request as GuardedRequest)[GUARDED] ?? guardedBy(verifier, log),
        parseFrameworkError(error),
        response,
      );
  };
}

function guardedOf(request: GuardedRequest): Guarded {
  const guarded = request[GUARDED];
  if (guarded) return guarded;
  throw new Error(
    `${request.method} ${withoutQuery(request.url ?? '')}: requireAccessToken must stand in front.`,
  );
}

function answer(guarded: Guarded, error: ApiError, response: ServerResponse): void {
  guarded.error = error;
  guarded.log[error.status >= 500 ? 'error' : 'info'](describeApiError(error), 'request refused');
  if (response.headersSent) return;
  const { status, headers, body } = buildErrorResponse(guarded.verifier, error);
  response.writeHead(status, headers).end(body);
}

function parseFrameworkError(error: unknown): ApiError {
  const { status, message } = error as { status?: unknown; message?: unknown };
  if (error instanceof ApiError || typeof status !== 'number' || status < 400 || status >= 500)
    return toApiError(error);
  return new ApiError('API_REQUEST_INVALID', reasonOf(error, String(message)), { status });
}

/** The texts of Express and its parsers quote the request, and a token or a password could be in it. */
function reasonOf(error: unknown, message: string): string {
  const { type } = error as { type?: unknown };
  if (error instanceof URIError) return 'A part of the address is not valid percent-encoding.';
  return error instanceof SyntaxError || typeof type === 'string'
    ? String(type ?? 'It is not valid.')
    : message;
}

function logWhenDone(
  request: GuardedRequest,
  response: ServerResponse,
  guarded: Guarded,
  correlationId?: string,
): void {
  const startedAt = performance.now();
  response.once('close', () => {
    const record = buildRequestRecord({
      method: request.method ?? '',
      route: withoutQuery(request.originalUrl ?? request.url ?? ''),
      status: response.statusCode,
      ms: performance.now() - startedAt,
      isAborted: !response.writableFinished,
      correlationId,
      claims: guarded.claims,
      error: guarded.error,
    });
    guarded.log.info(record, 'request');
  });
}
