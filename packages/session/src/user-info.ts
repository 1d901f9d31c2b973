import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import { toAuthError } from './protocol-errors.ts';
import type { TokenRequestPorts } from './token-request.ts';
import type { TokenSet } from './token-set.ts';
import { buildUser, hasName, type User } from './user.ts';

/** What the request for user info stands on. */
export type UserInfoPorts = Pick<TokenRequestPorts, 'settings' | 'dpop'>;

/** A name is worth no longer wait than this. */
const TIME_LIMIT_SECONDS = 5;

/**
 * The user, from the ID token, the userinfo endpoint, or both (OIDC Core §5.3).
 * @throws AuthError where the settings, or the lack of an ID token, make the endpoint necessary
 */
export async function fetchUser(
  server: AuthorizationServer,
  ports: UserInfoPorts,
  tokens: TokenSet,
  claims: client.IDToken | undefined,
): Promise<User> {
  const { settings } = ports;
  const { issuer } = server.serverMetadata();
  const ask = () => requestUserInfo(server, ports, tokens, claims);
  if (!claims || settings.userInfo === 'endpoint')
    return buildUser(claims?.iss ?? issuer, { ...(await ask()), ...claims });
  if (settings.userInfo === 'id-token' || hasName(claims) || !isNamePromised(server, tokens))
    return buildUser(claims.iss, claims);
  server.timeout = Math.min(settings.requestTimeLimitSeconds, TIME_LIMIT_SECONDS);
  // Who it is stands in the ID token; what is missing is only how to call them.
  const info = await ask().catch(() => undefined);
  return buildUser(claims.iss, { ...info, ...claims });
}

/** What is in both is taken from the one that is signed: whoever spreads these puts the ID token's claims last. */
async function requestUserInfo(
  server: AuthorizationServer,
  { dpop }: UserInfoPorts,
  { accessToken, dpopKey }: TokenSet,
  claims: client.IDToken | undefined,
): Promise<client.UserInfoResponse> {
  try {
    // The library compares the subject with the ID token's (OIDC Core §5.3.2).
    const expectedSubject = claims?.sub ?? client.skipSubjectCheck;
    return await client.fetchUserInfo(server, accessToken, expectedSubject, await dpop.optionsFor(dpopKey));
  } catch (error) {
    throw toAuthError(error, 'user info', [accessToken]);
  }
}

/** These scopes are a request for the name (OIDC Core §5.4). */
function isNamePromised(server: AuthorizationServer, { scope }: TokenSet): boolean {
  const isOffered = server.serverMetadata().userinfo_endpoint !== undefined;
  return isOffered && scope.split(' ').some((word) => word === 'profile' || word === 'email');
}
