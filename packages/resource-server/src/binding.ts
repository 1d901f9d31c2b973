import type { Claims } from './claims.ts';
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
}

/**
 * Refuses a token that is bound to a key when it comes without the proof: whoever sends it may have stolen it.
 * Asked on every request, remembered claims or not.
 * @throws ApiError `API_TOKEN_BOUND`, `API_TOKEN_INVALID`, `API_DPOP_…`
 * @see RFC 7800 §3, RFC 9449 §7
 */
export async function requireBinding(
  token: string,
  claims: Claims,
  request: TokenPresentation | undefined,
  { dpop, isDpopRequired }: BindingRules,
): Promise<void> {
  if (request?.scheme === 'DPoP' && dpop) return dpop.verify(token, requireThumbprint(claims), request);
  if (!isUnbound(claims))
    throw new ApiError(
      'API_TOKEN_BOUND',
      'The token was refused: it has a cnf claim and came as a bearer token.',
    );
  if (isDpopRequired)
    throw new ApiError('API_DPOP_REQUIRED', 'The token was refused: it is not bound to a key.');
}

/** Confirmations that we do not know may weaken nothing, but one that we cannot check (a certificate) must not be lost. */
function requireThumbprint({ token: { cnf } }: Claims): string {
  if (cnf === undefined)
    throw new ApiError(
      'API_TOKEN_INVALID',
      'The token was refused: it is not bound to a key, but came as if it were.',
    );
  const { jkt, 'x5t#S256': certificate } = (cnf ?? {}) as Record<string, unknown>;
  if (typeof jkt === 'string' && certificate === undefined) return jkt;
  throw new ApiError(
    'API_TOKEN_BOUND',
    'The token was refused: it is bound to something else than a DPoP key.',
  );
}
