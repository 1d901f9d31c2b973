import { type Claims, freezeDeep } from './claims.ts';
import { ApiError, toApiError } from './errors.ts';
import type { Promised } from './promised.ts';
import { fetchJson, RemoteFault } from './remote-json.ts';
import type { SharedParts } from './shared-parts.ts';
import { digestToken } from './token-digest.ts';

/**
 * Joins the claims of a token with the user's info and the application's own data.
 * @returns the claims, and when what was joined was asked for, in seconds since the epoch
 * @throws ApiError `API_CLAIMS_UNAVAILABLE`, or what `ownClaims` throws as an ApiError
 * @throws RemoteFault when the userinfo endpoint does not answer
 */
export type JoinClaims = (text: string, token: Claims) => Promised<Joined>;

/** The result of {@link JoinClaims}. */
export interface Joined {
  readonly claims: Claims;
  /** When other sources were asked, if any were. */
  readonly askedAt: number | undefined;
}

type Extras = Pick<Claims, 'userInfo' | 'own'>;

/** The sources of the settings, each asked once per token; by all instances together where there is a second level. */
export function createClaimsJoin(parts: SharedParts): JoinClaims {
  const { settings, answers, evictions } = parts;
  const { clock, claimsMaxAgeSeconds, userInfo, ownClaims } = settings;
  const joinWith = (token: Claims, extras: Partial<Extras>, askedAt: number): Joined => ({
    claims: Object.freeze({ ...token, ...extras }),
    askedAt,
  });

  if (!userInfo && !ownClaims) return (_text, claims) => ({ claims, askedAt: undefined });
  return async (text, token) => {
    const digest = answers ? digestToken(text) : '';
    const kept = await answers?.load('claims', digest);
    if (kept && !evictions.isOutdated(token.userId, kept.askedAt))
      return joinWith(token, freezeDeep(kept.value), kept.askedAt);
    const askedAt = clock();
    const extras = await loadExtras(text, token, parts);
    const diesAt = Math.min(token.expiresAt, askedAt + claimsMaxAgeSeconds);
    answers?.save('claims', digest, { value: { ...extras }, askedAt }, diesAt);
    return joinWith(token, extras, askedAt);
  };
}

async function loadExtras(text: string, token: Claims, parts: SharedParts): Promise<Extras> {
  const { settings } = parts;
  const isUser = settings.userInfo && token.scopes.includes('openid');
  const [userInfo, own] = await Promise.all([
    isUser ? loadUserInfo(text, token, parts) : undefined,
    loadOwnClaims(token, parts),
  ]);
  return { userInfo, own };
}

async function loadOwnClaims(claims: Claims, { settings: { ownClaims }, answers }: SharedParts) {
  const { userInfo: _later, own: nothing, ...token } = claims;
  try {
    const own = (await ownClaims?.(Object.freeze(token))) ?? nothing;
    // What is shared comes back as JSON made it; the first request gets nothing else.
    return answers ? freezeDeep(JSON.parse(JSON.stringify(own))) : own;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const { reason } = toApiError(error);
    throw new ApiError('API_CLAIMS_UNAVAILABLE', `ownClaims failed: ${reason}`, {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
}

/** @see OpenID Connect Core 1.0 §5.3: the answer is of use only if it is about the same user */
async function loadUserInfo(
  text: string,
  { subject }: Claims,
  { settings, metadata, counts }: SharedParts,
): Promise<Readonly<Record<string, unknown>>> {
  const { userInfoEndpoint } = await metadata.current();
  if (!userInfoEndpoint)
    throw new RemoteFault(`The metadata of ${settings.issuer} has no userinfo_endpoint.`);
  counts.userInfoLookups += 1;
  const headers = { accept: 'application/json', authorization: `Bearer ${text}` };
  const { body } = await fetchJson(userInfoEndpoint, { headers }, settings);
  if (body.sub !== subject)
    throw new RemoteFault('The userinfo endpoint answered about another user than the token.');
  return freezeDeep(body);
}
