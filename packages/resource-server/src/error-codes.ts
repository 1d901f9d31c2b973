/** RFC 6750 §3.1, RFC 9449 §7.1 and §9, RFC 9470 §3. */
export type ChallengeError =
  | ('invalid_request' | 'invalid_token' | 'insufficient_scope')
  | ('invalid_dpop_proof' | 'use_dpop_nonce' | 'insufficient_user_authentication');

/** What each error code means on the wire. */
export interface Meaning {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Where the fault lies, for a support desk. */
  readonly area: 'token' | 'request' | 'authorization-server' | 'claims' | 'api';
  /** All that a caller is told. It names no value and no reason: those are in the log. */
  readonly message: string;
  /** The `error` of the challenge; a code without one gives a bare challenge or none. */
  readonly challenge?: ChallengeError;
}

const meaning = (
  status: number,
  area: Meaning['area'],
  message: string,
  challenge?: Meaning['challenge'],
): Meaning => ({ status, area, message, ...(challenge && { challenge }) });

/** Every code that an API answers with, in the order in which one request can meet them. See docs/api-errors.md. */
export const API_ERRORS = {
  API_TOKEN_MISSING: meaning(401, 'token', 'Sign in first: this address needs an access token.'),
  API_TOKEN_MISPLACED: meaning(
    400,
    'token',
    'Send one access token, once, in the Authorization header and nowhere else.',
    'invalid_request',
  ),
  API_CSRF_HEADER_MISSING: meaning(
    403,
    'request',
    'A request that is authorised by a cookie must have the header that this API asks for.',
  ),
  API_TOKEN_INVALID: meaning(401, 'token', 'The access token is not valid. Sign in again.', 'invalid_token'),
  API_TOKEN_EXPIRED: meaning(401, 'token', 'The access token has expired. Get a new one.', 'invalid_token'),
  API_TOKEN_WRONG_AUDIENCE: meaning(
    401,
    'token',
    'The access token was issued for another API. Ask for one with the audience of this API.',
    'invalid_token',
  ),
  API_TOKEN_IS_ID_TOKEN: meaning(
    401,
    'token',
    'This is an ID token. Send the access token that was issued for this API.',
    'invalid_token',
  ),
  API_TOKEN_FOR_MICROSOFT: meaning(
    401,
    'token',
    'The access token has a nonce in its header: it is meant for an API of Microsoft. Ask for a scope of this API.',
    'invalid_token',
  ),
  API_TOKEN_BOUND: meaning(
    401,
    'token',
    'The access token is bound to a key and cannot be used as a plain bearer token.',
    'invalid_token',
  ),
  API_DPOP_REQUIRED: meaning(
    401,
    'token',
    'This API accepts only access tokens that are bound to a key of the caller (DPoP).',
    'invalid_token',
  ),
  API_DPOP_PROOF_INVALID: meaning(
    401,
    'token',
    'The proof that the caller holds the key of the access token is not valid.',
    'invalid_dpop_proof',
  ),
  API_DPOP_NONCE_REQUIRED: meaning(
    401,
    'token',
    'Repeat the request with the nonce of the DPoP-Nonce header in the proof.',
    'use_dpop_nonce',
  ),
  API_CLIENT_NOT_ALLOWED: meaning(403, 'token', 'The calling application may not use this API.'),
  API_SCOPE_INSUFFICIENT: meaning(
    403,
    'token',
    'The access token does not have the scope that this address needs.',
    'insufficient_scope',
  ),
  API_AUTHORIZATION_DETAILS_INSUFFICIENT: meaning(
    403,
    'token',
    'The access token does not grant what this address needs: ask for it in authorization_details.',
    'insufficient_scope',
  ),
  API_STEP_UP_REQUIRED: meaning(
    401,
    'token',
    'Sign in again: this address needs a fresher or stronger sign-in.',
    'insufficient_user_authentication',
  ),
  API_CHECK_UNAVAILABLE: meaning(
    503,
    'authorization-server',
    'The access token cannot be checked at the moment. You are still signed in: try again shortly.',
  ),
  API_CLAIMS_UNAVAILABLE: meaning(
    503,
    'claims',
    'What this API knows about you cannot be read at the moment. You are still signed in: try again shortly.',
  ),
  API_LOGOUT_TOKEN_INVALID: meaning(400, 'request', 'The logout token is not valid.'),
  API_REQUEST_INVALID: meaning(400, 'request', 'The request is not one that this API understands.'),
  API_NOT_FOUND: meaning(404, 'request', 'There is nothing at this address, or it is not yours to see.'),
  API_FAILED: meaning(500, 'api', 'The API failed. Give the error id to its support desk.'),
} as const satisfies Record<string, Meaning>;

/** The closed set of error codes. */
export type ApiErrorCode = keyof typeof API_ERRORS;
