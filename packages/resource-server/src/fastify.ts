import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { AuthorizationDetailNeeded } from './authorization-details.ts';
import type { Claims } from './claims.ts';
import { buildErrorResponse } from './error-response.ts';
import { ApiError, describeApiError, toApiError } from './errors.ts';
import { checkVerifier, guard } from './guard.ts';
import { consoleLog, isNoLogger } from './log.ts';
import type { TokenPresentation } from './presented-token.ts';
import { isLate } from './promised.ts';
import { buildRequestRecord, parseCorrelationId, withoutQuery } from './request-log.ts';
import { checkRouteConfig } from './requirement.ts';
import type { StepUp } from './step-up.ts';
import type { AccessTokenVerifier } from './verifier.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scopes that the access token must have, all of them. @default none: any valid token will do */
    readonly scope?: string | readonly string[];
    /** What the token must grant in detail (RFC 9396), all of it. @default nothing */
    readonly authorizationDetails?: readonly AuthorizationDetailNeeded[];
    /** How fresh and strong the sign-in must be (RFC 9470). @default any will do */
    readonly stepUp?: StepUp;
    /** Serves this route without an access token. @default false */
    readonly public?: boolean;
  }
  interface FastifyRequest {
    /** The verified claims of the caller. @throws Error on a public route, where there are none */
    readonly claims: Claims;
  }
}

export { type CrossOriginOptions, crossOrigin } from './cross-origin.ts';

/** Options of {@link resourceServer}. */
export interface ResourceServerOptions {
  readonly verifier: AccessTokenVerifier;
  /** Answers every error of these routes with a code and an error id, not only refused tokens. @default true */
  readonly mapErrors?: boolean;
  /** Writes one line per request to the logger of the app. @default true */
  readonly logRequests?: boolean;
}

interface Seen {
  readonly correlationId: string | undefined;
  claims: Claims | undefined;
  scheme: TokenPresentation['scheme'] | undefined;
  error: ApiError | undefined;
}

const SEEN = Symbol('deskauth.seen');
type SeenRequest = FastifyRequest & { [SEEN]?: Seen };

/**
 * Guards every route of the instance it is registered in, unknown addresses included; a route opts out with
 * `config: { public: true }` and asks for scopes with `config: { scope: '…' }`.
 * @throws TypeError without a verifier, and from the route whose `config` asks for nothing that a token can have
 */
export const resourceServer = fastifyPlugin(plugin, { name: '@deskauth/resource-server', fastify: '5.x' });

/**
 * For `fastify({ frameworkErrors })`: answers what fastify refuses before it looks for a route, like every other error.
 * @example `fastify({ frameworkErrors: answerFrameworkErrors(verifier) })`
 */
export function answerFrameworkErrors(verifier: AccessTokenVerifier) {
  checkVerifier('answerFrameworkErrors', verifier);
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    logWhenDone(request as SeenRequest, reply);
    note(request as SeenRequest, reply);
    answer(verifier, parseFrameworkError(error), request as SeenRequest, reply);
  };
}

async function plugin(app: FastifyInstance, options: ResourceServerOptions): Promise<void> {
  const { verifier } = options;
  checkVerifier('resourceServer', verifier);
  app.addHook('onRoute', ({ config = {} }) => checkRouteConfig(config));
  app.decorateRequest('claims', { getter: claimsOf });
  if (options.logRequests !== false)
    app.addHook('onRequest', (request, reply, done) => {
      logWhenDone(request as SeenRequest, reply);
      done();
    });
  app.addHook('onRequest', (request, reply, done) =>
    authenticate(verifier, request as SeenRequest, reply, done),
  );
  if (options.mapErrors === false) return;
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answer(verifier, parseFrameworkError(error), request as SeenRequest, reply),
  );
  app.setNotFoundHandler((request, reply) =>
    answer(
      verifier,
      new ApiError('API_NOT_FOUND', 'No route has this address.'),
      request as SeenRequest,
      reply,
    ),
  );
}

function claimsOf(this: FastifyRequest): Claims {
  const claims = (this as SeenRequest)[SEEN]?.claims;
  if (!claims) throw new Error(`${this.routeOptions.url} is public, so that request.claims is not there.`);
  return claims;
}

function authenticate(
  verifier: AccessTokenVerifier,
  request: SeenRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const { config } = request.routeOptions;
  const seen = note(request, reply);
  if (config.public) {
    done();
    return;
  }
  const refusal = guard(verifier, request.raw, config, seen);
  if (isLate(refusal)) refusal.then((late) => admit(verifier, late, request, reply, done)).catch(done);
  else admit(verifier, refusal, request, reply, done);
}

/** Notes on a request what its log and its answer need. */
function note(request: SeenRequest, reply: FastifyReply): Seen {
  const correlationId = parseCorrelationId(request.raw.headers['x-correlation-id']);
  const seen: Seen = { correlationId, claims: undefined, scheme: undefined, error: undefined };
  request[SEEN] = seen;
  if (correlationId) reply.header('x-correlation-id', correlationId);
  return seen;
}

function admit(
  verifier: AccessTokenVerifier,
  refusal: ApiError | undefined,
  request: SeenRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const nonce = request.raw.headers.dpop && verifier.dpopNonce();
  if (nonce) reply.header('dpop-nonce', nonce);
  if (refusal) answer(verifier, refusal, request, reply);
  else done();
}

function answer(
  verifier: AccessTokenVerifier,
  error: ApiError,
  request: SeenRequest,
  reply: FastifyReply,
): FastifyReply {
  if (request[SEEN]) request[SEEN].error = error;
  logRefusal(request.log, error);
  const { status, headers, body } = buildErrorResponse(verifier, error);
  return reply.code(status).headers(headers).send(body);
}

/** A failure of ours, or of the authorization server, is told somewhere even where the app has no logger. */
function logRefusal(log: FastifyBaseLogger, error: ApiError): void {
  if (error.status < 500) log.info(describeApiError(error), 'request refused');
  else (isNoLogger(log) ? consoleLog : log).error(describeApiError(error), 'request refused');
}

/**
 * fastify's own 4xx (a body that is no JSON, too large …) stay what they are; all else is our fault. Of fastify's own only
 * the code is told: its texts quote the request, and a token could be in it.
 */
function parseFrameworkError(error: FastifyError): ApiError {
  const status = error.statusCode ?? 500;
  if (error instanceof ApiError || status < 400 || status >= 500) return toApiError(error);
  const reason = error.code?.startsWith('FST_') ? error.code : error.message;
  return new ApiError('API_REQUEST_INVALID', reason, { status });
}

/** At the end, or when the caller has gone: fastify's own hook is not told of that. */
function logWhenDone(request: SeenRequest, reply: FastifyReply): void {
  reply.raw.once('close', () => {
    const seen = request[SEEN];
    const record = buildRequestRecord({
      method: request.method,
      route: request.routeOptions.url ?? withoutQuery(request.url),
      status: reply.statusCode,
      ms: reply.elapsedTime,
      isAborted: !reply.raw.writableFinished,
      correlationId: seen?.correlationId,
      claims: seen?.claims,
      error: seen?.error,
    });
    request.log.info(record, 'request');
  });
}
