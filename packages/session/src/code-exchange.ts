import * as client from 'openid-client';
import type { AuthorizationRequest } from './authorization-request.ts';
import { parseAuthorizationResponse } from './authorization-response.ts';
import type { AuthorizationServer } from './discovery.ts';
import { verifyIdToken } from './id-token.ts';
import { toAuthError } from './protocol-errors.ts';
import type { CheckedSettings } from './settings.ts';
import { buildTokenSet, type TokenSet } from './token-set.ts';
import { buildUser, type User } from './user.ts';

/** What a finished sign-in yields. */
export interface SignedInUser {
  readonly tokens: TokenSet;
  readonly user: User;
}

/**
 * Exchanges the code in this answer for tokens and checks them: state, issuer, nonce, ID token (RFC 6749 §4.1.3,
 * OIDC Core §3.1.3). The verifier goes to the token endpoint and nowhere else.
 * @param now seconds since the epoch
 * @throws AuthError
 */
export async function exchangeCode(
  server: AuthorizationServer,
  settings: CheckedSettings,
  request: AuthorizationRequest,
  answerUrl: string,
  now: number,
): Promise<SignedInUser> {
  const response = await requestTokens(server, request, answerUrl, settings.resource);
  const tokens = buildTokenSet(response, now, { scope: request.scope });
  const idTokenClaims = response.claims();
  if (idTokenClaims && tokens.idToken) {
    const { clientId, otherAudiences } = settings;
    await verifyIdToken(tokens.idToken, idTokenClaims, {
      clientId,
      otherAudiences,
      accessToken: tokens.accessToken,
      now,
      isFresh: true,
    });
  }
  return { tokens, user: await fetchUser(server, settings, tokens, idTokenClaims) };
}

async function requestTokens(
  server: AuthorizationServer,
  request: AuthorizationRequest,
  answerUrl: string,
  resource: readonly string[],
): Promise<Awaited<ReturnType<typeof client.authorizationCodeGrant>>> {
  const checks = {
    expectedState: request.state,
    pkceCodeVerifier: request.codeVerifier,
    ...(request.nonce !== undefined && { expectedNonce: request.nonce, idTokenExpected: true }),
  };
  try {
    const answer = parseAuthorizationResponse(server, answerUrl);
    const parameters = new URLSearchParams(resource.map((value) => ['resource', value]));
    return await client.authorizationCodeGrant(server, answer, checks, parameters);
  } catch (error) {
    throw toAuthError(error, 'code exchange');
  }
}

/** The claims of the ID token, joined with those of the userinfo endpoint when the settings or the lack of an ID token ask for it. */
async function fetchUser(
  server: AuthorizationServer,
  settings: CheckedSettings,
  tokens: TokenSet,
  idTokenClaims: client.IDToken | undefined,
): Promise<User> {
  const { issuer } = server.serverMetadata();
  if (idTokenClaims && settings.userInfo === 'id-token') return buildUser(issuer, idTokenClaims);
  try {
    // The library compares the subject with the ID token's (OIDC Core §5.3.2).
    const expectedSubject = idTokenClaims?.sub ?? client.skipSubjectCheck;
    const info = await client.fetchUserInfo(server, tokens.accessToken, expectedSubject);
    return buildUser(issuer, { ...idTokenClaims, ...info });
  } catch (error) {
    throw toAuthError(error, 'user info');
  }
}
