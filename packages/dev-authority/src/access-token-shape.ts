import type { JWTStructured } from 'oidc-provider';
import type { Profile } from './profiles/profile.ts';

/** Gives a JWT access token the type and the claims that a provider gives it. */
export function shapeAccessToken(jwt: JWTStructured, { accessTokenType, accessTokenClaims }: Profile): void {
  const { aud } = jwt.payload;
  jwt.header = { ...jwt.header, typ: accessTokenType };
  jwt.payload = accessTokenClaims(jwt.payload);
  // oidc-provider signs no token without an audience, and writes it once more: it may read one here that is in no token.
  if (jwt.payload.aud === undefined)
    Object.defineProperty(jwt.payload, 'aud', { enumerable: false, get: () => aud, set: () => {} });
}
