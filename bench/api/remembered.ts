import { hash } from 'node:crypto';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { keyTimes, type Place } from './place.ts';

/** Checks a token by hand: with jose, as its documentation says. */
export function createJoseCheck(place: Place) {
  const { jwksUri, issuer, audience } = place;
  const keys = createRemoteJWKSet(new URL(jwksUri), keyTimes(place));
  return async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience });
    return payload;
  };
}

/** Asks the introspection endpoint (RFC 7662) by hand. */
export function createIntrospection({ introspectionEndpoint }: Place) {
  const authorization = `Basic ${Buffer.from('api:secret').toString('base64')}`;
  return async (token: string): Promise<JWTPayload> => {
    const init = { method: 'POST', headers: { authorization }, body: new URLSearchParams({ token }) };
    const answer = (await (await fetch(introspectionEndpoint, init)).json()) as JWTPayload;
    if (!answer.active) throw new Error('not active');
    return answer;
  };
}

/** For {@link createRemembered}: keeps no token. */
export const digest = (token: string) => hash('sha256', token, 'binary');

/** The cache that people write by hand: from the token, as it is or by its digest, to its claims, until these expire. */
export function createRemembered(
  check: (token: string) => Promise<JWTPayload>,
  keyOf = (token: string) => token,
) {
  const claimsOf = new Map<string, JWTPayload>();
  const known = (token: string): JWTPayload | undefined => {
    const claims = claimsOf.get(keyOf(token));
    return claims && Number(claims.exp) > Date.now() / 1000 ? claims : undefined;
  };
  const verify = async (token: string): Promise<JWTPayload> => {
    const claims = await check(token);
    claimsOf.set(keyOf(token), claims);
    return claims;
  };
  return {
    known,
    verify,
    check: async (token: string) => known(token) ?? verify(token),
  };
}
