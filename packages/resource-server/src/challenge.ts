import { API_ERRORS } from './error-codes.ts';
import type { ApiError } from './errors.ts';

/** What every challenge of one API has in common. */
export interface ChallengeSettings {
  /** Names what is protected (RFC 9110 §11.5). */
  readonly realm: string;
  /** Where the metadata of the API is (RFC 9728 §5.1). */
  readonly metadataUrl: string | undefined;
  readonly dpop: { readonly algorithms: readonly string[]; readonly required: boolean } | undefined;
}

/**
 * The value of `WWW-Authenticate` for an error, or undefined where no challenge belongs. It names every scheme that the
 * API takes; the error stands with the one that was used. A request without a token gets no error, so that a client can
 * tell "sign in" from "your token is bad".
 * @see RFC 6750 §3, RFC 9449 §7.1
 */
export function buildChallenge(
  error: ApiError,
  { realm, metadataUrl, dpop }: ChallengeSettings,
): string | undefined {
  const { challenge, message }: { challenge?: string; message: string } = API_ERRORS[error.code];
  if (!challenge && error.code !== 'API_TOKEN_MISSING') return undefined;
  const details = challenge
    ? { error: challenge, error_description: message, ...error.detail.parameters }
    : {};
  const used = challenge?.includes('dpop') || dpop?.required ? 'DPoP' : (error.detail.scheme ?? 'Bearer');
  const always = { realm, ...(metadataUrl && { resource_metadata: metadataUrl }) };
  const bearer = { ...always, ...(used === 'Bearer' && details) };
  const proof = { ...always, ...(used === 'DPoP' && details), algs: dpop?.algorithms.join(' ') ?? '' };
  return [...(dpop?.required ? [] : [write('Bearer', bearer)]), ...(dpop ? [write('DPoP', proof)] : [])].join(
    ', ',
  );
}

/** What RFC 6750 §3 allows in the values: printable ASCII without quote and backslash. */
const SAFE = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/;

/** Can this text stand in a challenge? */
export function isChallengeText(text: string): boolean {
  return SAFE.test(text);
}

function write(scheme: string, parameters: Readonly<Record<string, string>>): string {
  // What cannot be said is left out: an answer without it is better than none.
  const quoted = Object.entries(parameters)
    .filter(([, value]) => isChallengeText(value))
    .map(([name, value]) => `${name}="${value}"`);
  return `${scheme} ${quoted.join(', ')}`;
}
