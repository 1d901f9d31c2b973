import * as client from 'openid-client';
import type { AuthorizationRequest } from './authorization-request.ts';
import { parseAuthorizationResponse } from './authorization-response.ts';
import type { AuthorizationServer } from './discovery.ts';
import type { DpopKey } from './dpop-key.ts';
import { verifyIdToken } from './id-token.ts';
import { toAuthError } from './protocol-errors.ts';
import type { ServerClock } from './server-clock.ts';
import { requireTenant } from './tenants.ts';
import { prepareTokenRequest, type TokenRequestPorts } from './token-request.ts';
import { buildTokenSet, type TokenSet } from './token-set.ts';
import type { User } from './user.ts';
import { fetchUser } from './user-info.ts';

/** What a finished sign-in yields. */
export interface SignedInUser {
  readonly tokens: TokenSet;
  readonly user: User;
}

/** What an exchange stands on. */
export interface ExchangePorts extends TokenRequestPorts {
  readonly serverClock: Pick<ServerClock, 'skewSeconds'>;
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

/**
 * Exchanges the code in this answer for tokens and checks them: state, issuer, nonce, ID token (RFC 6749 §4.1.3,
 * OIDC Core §3.1.3). The verifier goes to the token endpoint and nowhere else.
 * @throws AuthError
 */
export async function exchangeCode(
  server: AuthorizationServer,
  request: AuthorizationRequest,
  answerUrl: string,
  ports: ExchangePorts,
): Promise<SignedInUser> {
  const answer = parseAuthorizationResponse(server, answerUrl);
  const response = await requestTokens(server, request, answer, ports);
  const code = answer.searchParams.get('code') ?? '';
  return acceptTokens(server, response, { ...request, code }, ports);
}

/** What was asked of the token endpoint. */
export interface AskedTokens {
  readonly scope: string;
  /** What was exchanged, where an ID token may be bound to it. */
  readonly code?: string;
  /** How long ago the person may have signed in, in seconds. */
  readonly maxAgeSeconds?: number | undefined;
  /** What the tokens must be bound to. */
  readonly dpopKey?: DpopKey;
}

/**
 * Checks what the library leaves to its caller, and finds out who it is.
 * @throws AuthError `AUTH_ID_TOKEN_INVALID`, …
 */
export async function acceptTokens(
  server: AuthorizationServer,
  response: Tokens,
  { scope, code, maxAgeSeconds, dpopKey }: AskedTokens,
  ports: ExchangePorts,
): Promise<SignedInUser> {
  const asked = { scope, ...(dpopKey && { dpopKey }) };
  const tokens = buildTokenSet(response, ports.clock.now(), asked);
  const claims = response.claims();
  if (claims && tokens.idToken) {
    const { clientId, otherAudiences, tenants } = ports.settings;
    requireTenant(claims, server.serverMetadata().issuer, tenants);
    await verifyIdToken(tokens.idToken, claims, {
      ...{ clientId, otherAudiences, isFresh: true, maxAgeSeconds },
      accessToken: tokens.accessToken,
      ...(code !== undefined && { code }),
      now: ports.clock.now() + ports.serverClock.skewSeconds,
    });
  }
  return { tokens, user: await fetchUser(server, ports, tokens, claims) };
}

async function requestTokens(
  server: AuthorizationServer,
  request: AuthorizationRequest,
  answer: URL,
  ports: ExchangePorts,
): Promise<Tokens> {
  const { parameters, wasMade } = await prepareTokenRequest(server, 'authorization_code', ports);
  const checks = {
    expectedState: request.state,
    pkceCodeVerifier: request.codeVerifier,
    ...{ expectedNonce: request.nonce, idTokenExpected: true },
    ...(request.maxAgeSeconds !== undefined && { maxAge: request.maxAgeSeconds }),
  };
  try {
    const proof = await ports.dpop.optionsFor(request.dpopKey);
    return await client.authorizationCodeGrant(server, answer, checks, parameters, proof);
  } catch (error) {
    const secrets = [answer.searchParams.get('code'), request.codeVerifier, ports.settings.clientSecret];
    throw toAuthError(error, wasMade() ? 'code exchange' : 'authorization response', secrets);
  }
}
