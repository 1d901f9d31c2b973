import type { CheckedSettings } from './checked-settings.ts';
import { type Claims, freezeDeep, type OwnClaims, type TokenClaims } from './claims.ts';
import { ApiError, toApiError } from './errors.ts';
import type { KeptDocument } from './kept-document.ts';
import type { ServerMetadata } from './metadata.ts';
import { fetchJson, RemoteFault } from './remote-json.ts';

/**
 * Joins the claims of a token with the user's info and the application's own data.
 * @throws ApiError `API_CLAIMS_UNAVAILABLE`, or what `ownClaims` throws as an ApiError
 * @throws RemoteFault when the userinfo endpoint does not answer
 */
export async function joinClaims(
  text: string,
  token: TokenClaims,
  metadata: KeptDocument<ServerMetadata>,
  settings: CheckedSettings,
): Promise<Claims> {
  if (!settings.userInfo && !settings.ownClaims)
    return Object.freeze({ ...token, userInfo: undefined, own: NOTHING });
  const isUser = settings.userInfo && token.scopes.includes('openid');
  const [userInfo, own] = await Promise.all([
    isUser ? loadUserInfo(text, token, metadata, settings) : undefined,
    loadOwnClaims(token, settings),
  ]);
  return Object.freeze({ ...token, userInfo, own });
}

const NOTHING: OwnClaims = Object.freeze({});

async function loadOwnClaims(token: TokenClaims, { ownClaims }: CheckedSettings) {
  try {
    return (await ownClaims?.(token)) ?? NOTHING;
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
  { subject }: TokenClaims,
  metadata: KeptDocument<ServerMetadata>,
  settings: CheckedSettings,
): Promise<Readonly<Record<string, unknown>>> {
  const { userInfoEndpoint } = await metadata.current();
  if (!userInfoEndpoint)
    throw new RemoteFault(`The metadata of ${settings.issuer} has no userinfo_endpoint.`);
  const headers = { accept: 'application/json', authorization: `Bearer ${text}` };
  const { body } = await fetchJson(userInfoEndpoint, { headers }, settings);
  if (body.sub !== subject)
    throw new RemoteFault('The userinfo endpoint answered about another user than the token.');
  return freezeDeep(body);
}
