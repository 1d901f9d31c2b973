import * as client from 'openid-client';
import { AuthError, type AuthErrorCode, type ServerError } from './errors.ts';

/** Which conversation failed; the same answer means different things in different ones. */
export type Conversation = 'discovery' | 'authorization response' | 'code exchange' | 'refresh' | 'user info';

/** Authorization errors (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6). Others are `AUTH_REQUEST_REJECTED`. */
const AUTHORIZATION_ERRORS: Readonly<Record<string, AuthErrorCode>> = {
  access_denied: 'AUTH_ACCESS_DENIED',
  login_required: 'AUTH_INTERACTION_REQUIRED',
  interaction_required: 'AUTH_INTERACTION_REQUIRED',
  consent_required: 'AUTH_INTERACTION_REQUIRED',
  account_selection_required: 'AUTH_INTERACTION_REQUIRED',
  temporarily_unavailable: 'AUTH_SERVER_UNAVAILABLE',
  server_error: 'AUTH_SERVER_UNAVAILABLE',
};

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
  'authorization response': 'AUTH_RESPONSE_INVALID',
  'code exchange': 'AUTH_TOKEN_RESPONSE_INVALID',
  refresh: 'AUTH_TOKEN_RESPONSE_INVALID',
  'user info': 'AUTH_SERVER_RESPONSE_INVALID',
};

/** Turns what openid-client throws into our error, keeping the server's own fields and dropping everything else. */
export function toAuthError(error: unknown, conversation: Conversation): AuthError {
  const inner = unwrap(error);
  if (inner instanceof AuthError) return inner;
  if (inner instanceof client.AuthorizationResponseError) return fromAuthorizationResponse(inner);
  if (inner instanceof client.ResponseBodyError) return fromResponseBody(inner, conversation);
  if (inner instanceof client.WWWAuthenticateChallengeError) return fromChallenge(inner, conversation);
  const { code, message } = inner as { code?: string; message?: string };
  const known = code === undefined ? undefined : LIBRARY_CODES[code];
  const reason = statusOf(inner) === undefined ? message : `HTTP status ${statusOf(inner)}`;
  return new AuthError(codeForStatus(inner) ?? known ?? OTHERWISE[conversation], say(conversation, reason));
}

/** Our own errors come back wrapped when they were thrown inside the library (by the fetch we gave it). */
function unwrap(error: unknown): unknown {
  const { cause } = error as { cause?: unknown };
  return cause instanceof AuthError ? cause : error;
}

function fromAuthorizationResponse(error: client.AuthorizationResponseError): AuthError {
  return new AuthError(
    AUTHORIZATION_ERRORS[error.error] ?? 'AUTH_REQUEST_REJECTED',
    say('authorization response', describe(error.error, error.error_description)),
    { server: serverFields(error.error, error.error_description) },
  );
}

function fromResponseBody(error: client.ResponseBodyError, conversation: Conversation): AuthError {
  return new AuthError(
    codeForTokenError(error, conversation),
    say(conversation, describe(error.error, error.error_description)),
    { server: serverFields(error.error, error.error_description, error.status) },
  );
}

function codeForTokenError(error: client.ResponseBodyError, conversation: Conversation): AuthErrorCode {
  if (error.status >= 500 || error.status === 429) return 'AUTH_SERVER_UNAVAILABLE';
  if (error.error === 'temporarily_unavailable' || error.error === 'server_error')
    return 'AUTH_SERVER_UNAVAILABLE';
  if (error.error === 'invalid_grant')
    return conversation === 'refresh' ? 'AUTH_SESSION_EXPIRED' : 'AUTH_CODE_REJECTED';
  return 'AUTH_CLIENT_REJECTED';
}

/** A 401 from the token endpoint speaks of the client (RFC 6749 §5.2); from userinfo it speaks of the token. */
function fromChallenge(error: client.WWWAuthenticateChallengeError, conversation: Conversation): AuthError {
  const parameters = error.cause[0]?.parameters;
  const code = conversation === 'user info' ? 'AUTH_SERVER_RESPONSE_INVALID' : 'AUTH_CLIENT_REJECTED';
  const reason = describe(parameters?.error ?? `HTTP status ${error.status}`, parameters?.error_description);
  return new AuthError(code, say(conversation, reason), {
    server: serverFields(parameters?.error, parameters?.error_description, error.status),
  });
}

function statusOf(error: unknown): number | undefined {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Response ? cause.status : undefined;
}

function codeForStatus(error: unknown): AuthErrorCode | undefined {
  const status = statusOf(error);
  return status !== undefined && (status >= 500 || status === 429) ? 'AUTH_SERVER_UNAVAILABLE' : undefined;
}

function serverFields(error?: string, description?: string, status?: number): ServerError {
  return {
    ...(error !== undefined && { error }),
    ...(description !== undefined && { errorDescription: description }),
    ...(status !== undefined && { status }),
  };
}

function describe(error: string, description: string | undefined): string {
  return description ? `${error} (${description})` : error;
}

function say(conversation: Conversation, reason: string | undefined): string {
  return `The sign-in server's answer (${conversation}) cannot be used: ${reason ?? 'no reason given'}.`;
}
