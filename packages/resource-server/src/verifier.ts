import { isUnbound, requireBinding } from './binding.ts';
import { buildChallenge } from './challenge.ts';
import { parseSettings } from './checked-settings.ts';
import { createCheckedTokens } from './checked-tokens.ts';
import type { Claims, TokenClaims } from './claims.ts';
import { joinClaims } from './claims-sources.ts';
import { createDpopCheck } from './dpop.ts';
import { ApiError, renewApiError } from './errors.ts';
import { createIntrospectionCheck } from './introspection.ts';
import { createJwtCheck } from './jwt-check.ts';
import { createKeySource } from './keys.ts';
import { createLogoutTokenCheck } from './logout-token.ts';
import { createMetadataSource } from './metadata.ts';
import type { TokenPresentation } from './presented-token.ts';
import { buildResourceMetadata, type ResourceMetadata } from './resource-metadata.ts';
import type { Revocation } from './revocations.ts';
import type { AccessTokenVerifierSettings } from './settings.ts';

/** How the check is doing, for a health page. */
export interface VerifierHealth {
  /** When the signing keys were last fetched, in seconds since the epoch. */
  readonly keysLoadedAt: number | undefined;
  /** Why the latest fetch failed; undefined while all is well. */
  readonly failure: string | undefined;
  /** How far our clock is ahead of the authorization server's, in seconds, to about a second. */
  readonly clockSkewSeconds: number | undefined;
  /** Tokens whose claims are remembered. */
  readonly rememberedTokens: number;
}

/** Checks access tokens for one API. */
export interface AccessTokenVerifier {
  /**
   * The claims of a valid access token.
   * @param token what followed the scheme in the Authorization header
   * @param request how it came, for tokens that are bound to a key; without it the token is taken as a bearer token
   * @throws ApiError `API_TOKEN_…` and `API_DPOP_…` (401), `API_CLIENT_NOT_ALLOWED` (403), `API_CHECK_UNAVAILABLE` and
   * `API_CLAIMS_UNAVAILABLE` (503)
   */
  verify(token: string, request?: TokenPresentation): Promise<Claims>;
  /** The claims of a bearer token that was checked before and may still be believed, without waiting. */
  known(token: string): Claims | undefined;
  /** Forgets a user's claims, because rights changed: the next request checks and loads anew. */
  invalidate(userId: string): void;
  /** Refuses tokens from now on that are valid otherwise, in this instance. */
  revoke(revocation: Revocation): void;
  /**
   * Takes a logout token that the authorization server sent (`logout_token` of its form post) and revokes what it names.
   * @throws ApiError `API_LOGOUT_TOKEN_INVALID` (400), also where `logoutClientId` is not set; `API_CHECK_UNAVAILABLE`
   * @see OpenID Connect Back-Channel Logout 1.0 §2.5
   */
  acceptLogoutToken(text: string): Promise<void>;
  /** The `WWW-Authenticate` value for an error, or undefined where none belongs. */
  challenge(error: ApiError): string | undefined;
  /** The value for the `DPoP-Nonce` header of answers; undefined where no nonces are asked for. */
  dpopNonce(): string | undefined;
  /** What clients may know of this API before they have a token; undefined without the setting `resource`. */
  readonly resourceMetadata: ResourceMetadata | undefined;
  readonly health: VerifierHealth;
}

/**
 * Creates the verifier of one API. Nothing is fetched before the first token.
 * @throws TypeError when a setting is missing or not safe
 * @see RFC 9068 §4
 */
export function createAccessTokenVerifier(given: AccessTokenVerifierSettings): AccessTokenVerifier {
  const settings = parseSettings(given);
  let clockSkewSeconds: number | undefined;
  const onAnswer = (serverAt: number | undefined) => {
    if (serverAt !== undefined) clockSkewSeconds = Math.round(settings.clock() - serverAt);
  };
  const metadata = createMetadataSource(settings, onAnswer);
  const keys = createKeySource(metadata, settings, onAnswer);
  const { introspection } = settings;
  const complete = (text: string, claims: TokenClaims) => joinClaims(text, claims, metadata, settings);
  const tokens = introspection
    ? createCheckedTokens(createIntrospectionCheck(metadata, introspection, settings), complete, settings)
    : createCheckedTokens(createJwtCheck(keys, settings), complete, settings);
  const { logoutClientId } = settings;
  const checkLogoutToken = logoutClientId
    ? createLogoutTokenCheck(keys, logoutClientId, settings)
    : undefined;
  const dpop = settings.dpop && createDpopCheck(settings.dpop, settings.clock);
  const resourceMetadata = buildResourceMetadata(settings);
  const challenges = { realm: settings.realm, dpop: settings.dpop, metadataUrl: resourceMetadata?.url };
  const rules = { dpop, isDpopRequired: settings.dpop?.required ?? false };
  return {
    async verify(text, request) {
      if (request?.scheme === 'DPoP' && !dpop)
        throw new ApiError('API_TOKEN_MISSING', 'The scheme DPoP is not in use.');
      try {
        const claims = await tokens.verify(text);
        await requireBinding(text, claims, request, rules);
        return claims;
      } catch (error) {
        throw error instanceof ApiError && request?.scheme === 'DPoP'
          ? renewApiError(error, { scheme: 'DPoP' })
          : error;
      }
    },
    known(text) {
      const claims = tokens.known(text);
      return claims && isUnbound(claims) && !rules.isDpopRequired ? claims : undefined;
    },
    dpopNonce: () => dpop?.nonce(),
    invalidate: tokens.invalidate,
    revoke: tokens.revoke,
    async acceptLogoutToken(text) {
      if (!checkLogoutToken)
        throw new ApiError('API_LOGOUT_TOKEN_INVALID', 'The setting logoutClientId is missing.');
      tokens.revoke(await checkLogoutToken(text));
    },
    challenge: (error) => buildChallenge(error, challenges),
    resourceMetadata,
    get health() {
      const failure = keys.health.failure ?? metadata.health.failure;
      return { keysLoadedAt: keys.health.loadedAt, failure, clockSkewSeconds, rememberedTokens: tokens.size };
    },
  };
}
