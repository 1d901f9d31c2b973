import type { Claims } from './claims.ts';
import { thumbprintOf } from './client-certificate.ts';
import type { DpopCheck } from './dpop.ts';
import { ApiError } from './errors.ts';
import type { TokenPresentation } from './presented-token.ts';

/** Is this token good for whoever holds it? */
export function isUnbound({ token }: Claims): boolean {
  return token.cnf === undefined;
}

/** How this API treats bound tokens. */
export interface BindingRules {
  readonly dpop: DpopCheck | undefined;
  readonly isDpopRequired: boolean;
  readonly mutualTls: boolean;
}

/**
 * Refuses a token that is bound to a key when it comes without the proof: whoever sends it may have stolen it.
 * Asked on every request, remembered claims or not.
 * @throws ApiError `API_TOKEN_BOUND`, `API_TOKEN_INVALID`, `API_DPOP_…`
 * @see RFC 7800 §3, RFC 8705 §3, RFC 9449 §7
 */
export function requireBinding(
  token: string,
  claims: Claims,
  request: TokenPresentation | undefined,
  { dpop, isDpopRequired, mutualTls }: BindingRules,
): Promise<void> | undefined {
  const { thumbprint, certificate } = parseConfirmation(claims);
  if (certificate !== undefined && !mutualTls)
    throw bound('it is bound to a certificate, and mutualTls is not set');
  if (certificate !== undefined && certificate !== thumbprintOf(request?.peer))
    throw bound('it is bound to another certificate than the one of this connection, if it has any');
  if (request?.scheme === 'DPoP' && dpop) {
    if (thumbprint === undefined) throw notBound(claims);
    return dpop.verify(token, thumbprint, request);
  }
  if (thumbprint !== undefined) throw bound('it has a cnf claim and came as a bearer token');
  if (isDpopRequired)
    throw new ApiError('API_DPOP_REQUIRED', 'The token was refused: it is not bound to a key.');
  return undefined;
}

/** All that a token is bound to counts, and what we cannot check (another kind of key) must not be lost. */
function parseConfirmation({ token: { cnf } }: Claims): { thumbprint?: string; certificate?: string } {
  if (cnf === undefined) return {};
  const { jkt, 'x5t#S256': certificate, ...others } = (cnf ?? {}) as Record<string, unknown>;
  const known = [jkt, certificate].filter((value) => value !== undefined);
  const isKnown = known.length > 0 && known.every((value) => typeof value === 'string');
  if (!isKnown || Object.keys(others).length > 0)
    throw bound('it is bound to something that this API cannot check');
  return {
    ...(jkt !== undefined && { thumbprint: String(jkt) }),
    ...(certificate !== undefined && { certificate: String(certificate) }),
  };
}

const bound = (why: string) => new ApiError('API_TOKEN_BOUND', `The token was refused: ${why}.`);

const notBound = (claims: Claims) =>
  isUnbound(claims)
    ? new ApiError(
        'API_TOKEN_INVALID',
        'The token was refused: it is not bound to a key, but came as if it were.',
      )
    : bound('it is bound to something else than a DPoP key');
