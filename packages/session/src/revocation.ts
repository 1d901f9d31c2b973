import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import type { TokenSet } from './token-set.ts';

/**
 * Tells the server that these tokens are no longer wanted (RFC 7009). The refresh token is enough: a server ends its
 * access tokens with it (§2.1). Never throws: whoever signs out is signed out, whatever the server answers.
 */
export async function revokeTokens(
  server: AuthorizationServer,
  { tokens }: { readonly tokens: TokenSet },
): Promise<void> {
  if (server.serverMetadata().revocation_endpoint === undefined) return;
  const { refreshToken, accessToken } = tokens;
  await client.tokenRevocation(server, refreshToken ?? accessToken).catch(() => undefined);
}
