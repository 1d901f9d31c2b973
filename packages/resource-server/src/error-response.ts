import type { ApiError } from './errors.ts';
import type { AccessTokenVerifier } from './verifier.ts';

/** An error as HTTP: frameworks only have to copy it. */
export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

/** Builds the answer to a request that failed: status, challenge, and a body that gives nothing away. */
export function buildErrorResponse(verifier: AccessTokenVerifier, error: ApiError): ErrorResponse {
  const challenge = verifier.challenge(error);
  verifier.countRefusal(error);
  const nonce = challenge?.includes('DPoP ') && verifier.dpopNonce();
  const retryAfter = error.detail.retryAfterSeconds;
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(challenge && { 'www-authenticate': challenge }),
      ...(nonce && { 'dpop-nonce': nonce }),
      ...(retryAfter !== undefined && { 'retry-after': String(Math.ceil(retryAfter)) }),
    },
    body: JSON.stringify(error),
  };
}
