import * as client from 'openid-client';
import { AuthError, type AuthErrorCode, type ServerError } from './errors.ts';
import { toPlainLine } from './plain-text.ts';
import { traceOf } from './server-trace.ts';

/** Which conversation failed; the same answer means different things in different ones. */
export type Conversation =
  | 'discovery'
  | 'authorization request'
  | 'authorization response'
  | 'device code'
  | 'code exchange'
  | 'refresh'
  | 'user info'
  | 'revocation';

/** Authorization errors (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6). Others are `AUTH_REQUEST_REJECTED`. */
const AUTHORIZATION_ERRORS: ReadonlyMap<string, AuthErrorCode> = new Map([
  ['access_denied', 'AUTH_ACCESS_DENIED'],
  ['login_required', 'AUTH_INTERACTION_REQUIRED'],
  ['interaction_required', 'AUTH_INTERACTION_REQUIRED'],
  ['consent_required', 'AUTH_INTERACTION_REQUIRED'],
  ['account_selection_required', 'AUTH_INTERACTION_REQUIRED'],
  ['temporarily_unavailable', 'AUTH_SERVER_UNAVAILABLE'],
  ['server_error', 'AUTH_SERVER_UNAVAILABLE'],
] as const);

/** What the library says about an answer, by its code (openid-client 6). */
const LIBRARY_CODES: Readonly<Record<string, AuthErrorCode>> = {
  OAUTH_TIMEOUT: 'AUTH_NETWORK',
  OAUTH_RESPONSE_IS_NOT_JSON: 'AUTH_SERVER_RESPONSE_INVALID',
  OAUTH_PARSE_ERROR: 'AUTH_SERVER_RESPONSE_INVALID',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'AUTH_ID_TOKEN_INVALID',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'AUTH_ID_TOKEN_INVALID',
  OAUTH_JWT_USERINFO_EXPECTED: 'AUTH_ID_TOKEN_INVALID',
  OAUTH_KEY_SELECTION_FAILED: 'AUTH_ID_TOKEN_INVALID',
  OAUTH_HTTP_REQUEST_FORBIDDEN: 'AUTH_ENDPOINT_REFUSED',
  OAUTH_REQUEST_PROTOCOL_FORBIDDEN: 'AUTH_ENDPOINT_REFUSED',
  OAUTH_MISSING_SERVER_METADATA: 'AUTH_DISCOVERY_FAILED',
  OAUTH_INVALID_SERVER_METADATA: 'AUTH_DISCOVERY_FAILED',
};

const OTHERWISE: Readonly<Record<Conversation, AuthErrorCode>> = {
  discovery: 'AUTH_DISCOVERY_FAILED',
  'authorization request': 'AUTH_DISCOVERY_FAILED',
  'authorization response': 'AUTH_RESPONSE_INVALID',
  'device code': 'AUTH_SERVER_RESPONSE_INVALID',
  'code exchange': 'AUTH_TOKEN_RESPONSE_INVALID',
  refresh: 'AUTH_TOKEN_RESPONSE_INVALID',
  'user info': 'AUTH_SERVER_RESPONSE_INVALID',
  revocation: 'AUTH_SERVER_RESPONSE_INVALID',
};

/** What we sent and nobody else may read: some servers quote it in the description of an error. */
export type Secrets = readonly (string | null | undefined)[];

/**
 * Turns what openid-client throws into our error, keeping the server's own fields and dropping everything else.
 * @param secrets of the request; they are cut out of what the server says
 */
export function toAuthError(error: unknown, conversation: Conversation, secrets: Secrets = []): AuthError {
  const inner = unwrap(error);
  if (inner instanceof AuthError) return inner;
  if (inner instanceof client.AuthorizationResponseError) return fromAuthorizationResponse(inner, secrets);
  if (inner instanceof client.ResponseBodyError) return fromResponseBody(inner, conversation, secrets);
  if (inner instanceof client.WWWAuthenticateChallengeError)
    return fromChallenge(inner, conversation, secrets);
  const { code } = inner as { code?: string };
  const response = responseOf(inner);
  const reason = response ? `HTTP status ${response.status}` : reasonOf(inner);
  const known = (code === undefined ? undefined : LIBRARY_CODES[code]) ?? OTHERWISE[conversation];
  const isOutage = response !== undefined && isOutageStatus(response.status);
  return new AuthError(
    isOutage ? 'AUTH_SERVER_UNAVAILABLE' : ABOUT_TOKEN.test(reason) ? 'AUTH_ID_TOKEN_INVALID' : known,
    say(conversation, reason),
    { server: serverFields({}, [], response), ...(code === 'OAUTH_TIMEOUT' && { network: 'timeout' }) },
  );
}

/** The library has one code for everything invalid; its fixed texts say what it is about. */
const ABOUT_TOKEN = /\bJW[TSE]\b|ID Token|modulusLength/;

/**
 * The library's own finding: a fixed text, with the values kept apart from it. What lies below has no code and may
 * quote the answer: a JSON parser shows the text that it stumbled over.
 */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const isFinding = cause instanceof Error && typeof (cause as { code?: unknown }).code === 'string';
  return isFinding ? reasonOf(cause) : message;
}

/** Our own errors come back wrapped when they were thrown inside the library (by the fetch we gave it). */
function unwrap(error: unknown): unknown {
  const { cause } = error as { cause?: unknown };
  return cause instanceof AuthError ? cause : error;
}

function fromAuthorizationResponse(error: client.AuthorizationResponseError, secrets: Secrets): AuthError {
  const server = serverFields(error, secrets);
  return new AuthError(
    AUTHORIZATION_ERRORS.get(error.error) ?? 'AUTH_REQUEST_REJECTED',
    say('authorization response', describe(server)),
    { server },
  );
}

/** What a token endpoint says of the client itself (RFC 6749 §5.2); other codes speak of the request. */
const CLIENT_ERRORS = new Set([
  'invalid_client',
  'unauthorized_client',
  'use_dpop_nonce',
  'invalid_dpop_proof',
]);

function fromResponseBody(
  error: client.ResponseBodyError,
  conversation: Conversation,
  secrets: Secrets,
): AuthError {
  const server = serverFields(error, secrets, error.response);
  return new AuthError(codeForTokenError(error, conversation), say(conversation, describe(server)), {
    server,
  });
}

function codeForTokenError(error: client.ResponseBodyError, conversation: Conversation): AuthErrorCode {
  if (isOutageStatus(error.status)) return 'AUTH_SERVER_UNAVAILABLE';
  if (error.error === 'temporarily_unavailable' || error.error === 'server_error')
    return 'AUTH_SERVER_UNAVAILABLE';
  const isRequest = conversation === 'authorization request' || conversation === 'device code';
  if (isRequest && error.error !== 'invalid_client')
    return AUTHORIZATION_ERRORS.get(error.error) ?? 'AUTH_REQUEST_REJECTED';
  if (error.error === 'invalid_grant')
    return conversation === 'refresh' ? 'AUTH_SESSION_EXPIRED' : 'AUTH_CODE_REJECTED';
  return CLIENT_ERRORS.has(error.error) ? 'AUTH_CLIENT_REJECTED' : 'AUTH_REQUEST_REJECTED';
}

/** A 401 from the token endpoint speaks of the client (RFC 6749 §5.2); from userinfo it speaks of the token. */
function fromChallenge(
  error: client.WWWAuthenticateChallengeError,
  conversation: Conversation,
  secrets: Secrets,
): AuthError {
  const server = serverFields(error.cause[0]?.parameters ?? {}, secrets, error.response);
  const code = conversation === 'user info' ? 'AUTH_SERVER_RESPONSE_INVALID' : 'AUTH_CLIENT_REJECTED';
  return new AuthError(code, say(conversation, describe(server)), { server });
}

function responseOf(error: unknown): Response | undefined {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Response ? cause : undefined;
}

function isOutageStatus(status: number): boolean {
  return status >= 500 || status === 429;
}

/** The server's own words, as far as they are words: a description may be a mebibyte, or commands for a terminal. */
function serverFields(
  stated: { readonly error?: unknown; readonly error_description?: unknown; readonly cause?: unknown },
  secrets: Secrets,
  response?: Response,
): ServerError {
  const trace = traceOf(response, stated.cause);
  const error = toPlainLine(withoutSecrets(stated.error, secrets), 100);
  const errorDescription = toPlainLine(withoutSecrets(stated.error_description, secrets), 500);
  const retryAfterSeconds = response && retryAfterOf(response);
  return {
    ...(error !== undefined && { error }),
    ...(errorDescription !== undefined && { errorDescription }),
    ...(response !== undefined && { status: response.status }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(trace && { trace }),
  };
}

function withoutSecrets(value: unknown, secrets: Secrets): unknown {
  if (typeof value !== 'string') return value;
  return secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), value);
}

const LONGEST_RETRY_AFTER_SECONDS = 3600;

/** `Retry-After` is a number of seconds or a date, which counts from the answer's own (RFC 9110 §10.2.3). */
function retryAfterOf({ headers }: Response): number | undefined {
  const stated = headers.get('retry-after');
  if (stated === null) return undefined;
  const answeredAt = Date.parse(headers.get('date') ?? '');
  const seconds = /^\d+$/.test(stated) ? Number(stated) : (Date.parse(stated) - answeredAt) / 1000;
  return seconds >= 0 ? Math.min(Math.ceil(seconds), LONGEST_RETRY_AFTER_SECONDS) : undefined;
}

function describe({ error, errorDescription, status }: ServerError): string {
  const what = error ?? (status === undefined ? 'no error code' : `HTTP status ${status}`);
  const said = errorDescription === undefined ? what : `${what} (${errorDescription})`;
  return /dpop/i.test(said) ? `${said}; it is about bound tokens, see the setting "dpop"` : said;
}

function say(conversation: Conversation, reason: string): string {
  return `The sign-in server's answer (${conversation}) cannot be used: ${reason}.`;
}
