import type { DpopKey } from './dpop-key.ts';
import { AuthError } from './errors.ts';

/** One access token and what is known of it. */
export interface AccessToken {
  readonly accessToken: string;
  /** `DPoP`: bound to the key of its session, and sent with a proof (RFC 9449). */
  readonly tokenType: 'Bearer' | 'DPoP';
  /** When the access token expires, in seconds since the epoch, by this machine's clock. */
  readonly expiresAt: number;
  /** The scope granted, which may be less than was asked (RFC 6749 §3.3). */
  readonly scope: string;
}

/** An access token and all that it takes to send it. */
export interface BoundToken extends AccessToken {
  /** What the session's tokens are bound to, where they are. */
  readonly dpopKey?: DpopKey;
}

/** The tokens of one session (RFC 6749 §5.1). */
export interface TokenSet extends BoundToken {
  readonly refreshToken?: string;
  readonly idToken?: string;
  /** When the person's consent ends and no refresh helps any more, in seconds since the epoch, where the server says so. */
  readonly endsAt?: number;
}

/** The parts of a token response that we use. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in?: number | undefined;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
  readonly scope?: string | undefined;
  /** draft-ietf-oauth-refresh-token-expiration-02 */
  readonly authorization_expires_in?: unknown;
}

/** Used when the server states no lifetime (RFC 6749 §5.1 leaves it open). */
const UNSTATED_LIFETIME_SECONDS = 300;
/** No access token is believed to live longer. */
export const LONGEST_LIFETIME_SECONDS = 24 * 60 * 60;

/**
 * Builds the token set from a token response. What the response leaves out is kept from the previous set: a server
 * that does not rotate returns no new refresh token (RFC 6749 §6), and the key stays the same as long as the session.
 * @throws AuthError `AUTH_TOKEN_RESPONSE_INVALID` for characters no token may have (RFC 6750 §2.1), unknown types, and
 * a token that is bound otherwise than it was asked for (RFC 9449 §5)
 */
export function buildTokenSet(response: TokenResponse, now: number, previous: Partial<TokenSet>): TokenSet {
  const refreshToken = response.refresh_token ?? previous.refreshToken;
  const idToken = response.id_token ?? previous.idToken;
  const { authorization_expires_in: endsIn } = response;
  const endsAt = typeof endsIn === 'number' && endsIn >= 0 ? now + endsIn : previous.endsAt;
  requirePrintable('access_token', response.access_token);
  if (refreshToken !== undefined) requirePrintable('refresh_token', refreshToken);
  const { dpopKey } = previous;
  const tokenType = dpopKey ? 'DPoP' : 'Bearer';
  requireType(response.token_type, tokenType);
  return {
    accessToken: response.access_token,
    tokenType,
    expiresAt: now + lifetimeSeconds(response.expires_in),
    scope: response.scope ?? previous.scope ?? '',
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== undefined && { idToken }),
    ...(endsAt !== undefined && { endsAt }),
    ...(dpopKey && { dpopKey }),
  };
}

/** A bearer token in place of a bound one could be used by whoever steals it: that is what binding is against. */
function requireType(stated: string, wanted: AccessToken['tokenType']): void {
  if (stated.toLowerCase() === wanted.toLowerCase()) return;
  throw new AuthError(
    'AUTH_TOKEN_RESPONSE_INVALID',
    wanted === 'DPoP'
      ? "The sign-in server gave a token that is not bound to this app's key (DPoP), although that was asked for."
      : 'The sign-in server gave a token of a type that was not asked for.',
  );
}

/** When these tokens end for good, in seconds since the epoch; undefined where a refresh is all it takes. */
export function endOf({ refreshToken, expiresAt, endsAt }: TokenSet): number | undefined {
  return refreshToken === undefined ? Math.min(expiresAt, endsAt ?? expiresAt) : endsAt;
}

function lifetimeSeconds(expiresIn: number | undefined): number {
  const stated = Number(expiresIn ?? UNSTATED_LIFETIME_SECONDS);
  return Math.min(Math.max(stated, 0), LONGEST_LIFETIME_SECONDS);
}

function requirePrintable(name: string, token: string): void {
  if (!/^[\x20-\x7e]+$/.test(token))
    throw new AuthError('AUTH_TOKEN_RESPONSE_INVALID', `The ${name} has characters that no token may have.`);
}
