import type { JWK } from 'jose';
import { requireBinding } from './binding.ts';
import { buildChallenge } from './challenge.ts';
import { parseSettings } from './checked-settings.ts';
import { type CheckedToken, rethrowForOne } from './checked-tokens.ts';
import type { Claims } from './claims.ts';
import type { VerifierCounts } from './counts.ts';
import { createDpopCheck } from './dpop.ts';
import { ApiError, renewApiError } from './errors.ts';
import { createLogoutTokenCheck } from './logout-token.ts';
import type { TokenPresentation } from './presented-token.ts';
import { andThen, isLate, type Promised } from './promised.ts';
import { buildResourceMetadata, type ResourceMetadata } from './resource-metadata.ts';
import type { Revocation } from './revocations.ts';
import type { AccessTokenVerifierSettings } from './settings.ts';
import type { TokenCookieSettings } from './token-cookie.ts';
import { createParts } from './verifier-parts.ts';

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
   * The adapters call `verifyNow`: whoever wraps a verifier wraps that one too.
   * @throws ApiError `API_TOKEN_…` and `API_DPOP_…` (401), `API_CLIENT_NOT_ALLOWED` (403), `API_CHECK_UNAVAILABLE` and
   * `API_CLAIMS_UNAVAILABLE` (503)
   */
  verify(token: string, request?: TokenPresentation): Promise<Claims>;
  /** The same without a promise, where nothing has to be waited for: the claims are there, or the error is thrown, at once. */
  verifyNow(token: string, request?: TokenPresentation): Promised<Claims>;
  /** The claims of a bearer token that was checked before and may still be believed, without waiting. */
  known(token: string): Claims | undefined;
  /**
   * Forgets a user's claims, because rights changed: the next request checks and loads anew. In this instance at once;
   * settles when the instances that share a second level can know it too. Never rejects.
   */
  invalidate(userId: string): Promise<void>;
  /** Refuses tokens from now on that are valid otherwise; where and when as with `invalidate`. Never rejects. */
  revoke(revocation: Revocation): Promise<void>;
  /**
   * Takes a logout token that the authorization server sent (`logout_token` of its form post) and revokes what it names.
   * @throws ApiError `API_LOGOUT_TOKEN_INVALID` (400), also where `logoutClientId` is not set; `API_CHECK_UNAVAILABLE`
   * @see OpenID Connect Back-Channel Logout 1.0 §2.5
   */
  acceptLogoutToken(text: string): Promise<void>;
  /**
   * The signing keys of the authorization server, for pages that may not fetch them there: public by nature.
   * @throws ApiError `API_CHECK_UNAVAILABLE`
   */
  keySet(): Promise<{ readonly keys: readonly JWK[] }>;
  /** The `WWW-Authenticate` value for an error, or undefined where none belongs. */
  challenge(error: ApiError): string | undefined;
  /** Counts an error answer; `buildErrorResponse` does it. */
  countRefusal(error: ApiError): void;
  /** The value for the `DPoP-Nonce` header of answers; undefined where no nonces are asked for. */
  dpopNonce(): string | undefined;
  /** What clients may know of this API before they have a token; undefined without the setting `resource`. */
  readonly resourceMetadata: ResourceMetadata | undefined;
  /** Where a token may be instead of the Authorization header; undefined if nowhere. */
  readonly tokenCookie: Required<TokenCookieSettings> | undefined;
  readonly health: VerifierHealth;
  /** Totals for a metrics page. */
  readonly counts: VerifierCounts;
}

/**
 * Creates the verifier of one API. Nothing is fetched before the first token; a second level is read from the start.
 * @throws TypeError when a setting is missing or not safe
 * @see RFC 9068 §4
 */
export function createAccessTokenVerifier(given: AccessTokenVerifierSettings): AccessTokenVerifier {
  const settings = parseSettings(given);
  const { tokens, keys, metadata, evictions, counts, clockSkewSeconds } = createParts(settings);
  const { logoutClientId, mutualTls } = settings;
  const checkLogoutToken = logoutClientId
    ? createLogoutTokenCheck(keys, logoutClientId, settings)
    : undefined;
  const dpop = settings.dpop && createDpopCheck(settings.dpop, settings.clock);
  const resourceMetadata = buildResourceMetadata(settings);
  const challenges = { realm: settings.realm, dpop: settings.dpop, metadataUrl: resourceMetadata?.url };
  const rules = { dpop, mutualTls, isDpopRequired: settings.dpop?.required ?? false };
  const prove = ({ claims, isUnbound }: CheckedToken, text: string, request?: TokenPresentation) => {
    if (isUnbound && !rules.isDpopRequired) return claims;
    return andThen(requireBinding(text, claims, request, rules), () => claims);
  };
  const verifyBearer = (text: string, request?: TokenPresentation): Promised<Claims> => {
    const token = tokens.verify(text);
    return isLate(token) ? token.then((late) => prove(late, text, request)) : prove(token, text, request);
  };
  const verifyBound = async (text: string, request: TokenPresentation): Promise<Claims> => {
    if (!dpop) throw new ApiError('API_TOKEN_MISSING', 'The scheme DPoP is not in use.');
    try {
      const { claims } = await tokens.verify(text);
      await requireBinding(text, claims, request, rules);
      return claims;
    } catch (error) {
      throw error instanceof ApiError ? renewApiError(error, { scheme: 'DPoP' }) : error;
    }
  };
  const verifyNow = (text: string, request?: TokenPresentation): Promised<Claims> =>
    request?.scheme === 'DPoP' ? verifyBound(text, request) : verifyBearer(text, request);
  const verifier: Omit<AccessTokenVerifier, 'health'> = {
    verify: async (text, request) => verifyNow(text, request),
    verifyNow,
    known: (text) => (rules.isDpopRequired ? undefined : tokens.known(text)),
    dpopNonce: () => dpop?.nonce(),
    invalidate: evictions.invalidate,
    revoke: (revocation) => evictions.revoke(revocation),
    async acceptLogoutToken(text) {
      if (!checkLogoutToken)
        throw new ApiError('API_LOGOUT_TOKEN_INVALID', 'The setting logoutClientId is missing.');
      const { revocation, at } = await checkLogoutToken(text);
      await evictions.revoke(revocation, at);
    },
    async keySet() {
      return { keys: await keys.published().catch(rethrowForOne) };
    },
    challenge: (error) => buildChallenge(error, challenges),
    countRefusal: ({ code }) => {
      counts.refusals[code] = (counts.refusals[code] ?? 0) + 1;
    },
    counts,
    resourceMetadata,
    tokenCookie: settings.tokenCookie,
  };
  const readHealth = (): VerifierHealth => {
    const { loadedAt, failure = metadata.health().failure } = keys.health();
    return {
      ...{ keysLoadedAt: loadedAt, failure },
      ...{ clockSkewSeconds: clockSkewSeconds(), rememberedTokens: tokens.size() },
    };
  };
  // Not a part of the literal: V8 keeps an object that is written with a getter as a dictionary, and each request would search it.
  return Object.defineProperty(verifier, 'health', {
    enumerable: true,
    get: readHealth,
  }) as AccessTokenVerifier;
}
