import { createHash, randomUUID } from 'node:crypto';
import { signCompact } from './id-token.ts';
import type { KeyRing } from './key-ring.ts';
import type { Bend, Json, Scene } from './scene.ts';

/** Metadata as an honest server has it. */
export function honestMetadata(issuer: string): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    revocation_endpoint: `${issuer}/revoke`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** The published keys. */
export function honestKeys({ main }: KeyRing): Json {
  return { keys: [main.publicJwk] };
}

/** What the userinfo endpoint says. */
export function honestUser(): Json {
  return { sub: 'user-europe', name: 'Europe Analyst', email: 'europe@example.com' };
}

/** The token response to one code, with an ID token that is bent on its way. */
export async function honestTokens(bend: Bend, scene: Scene, nonce: string | undefined): Promise<Json> {
  const { issuer, keys, now } = scene;
  const claims = {
    ...{ iss: issuer, sub: 'user-europe', aud: 'desktop', iat: now, exp: now + 300, auth_time: now },
    ...{ nonce, name: 'Europe Analyst', preferred_username: 'europe' },
  };
  const key = keys[bend.signWith?.(scene) ?? 'main'];
  const header = { alg: key.alg, kid: key.kid, typ: 'JWT' };
  const signed = signCompact(
    bend.header?.(header, scene) ?? header,
    bend.claims?.(claims, scene) ?? claims,
    key,
  );
  return {
    access_token: `access-${randomUUID()}`,
    token_type: 'Bearer',
    expires_in: 300,
    refresh_token: `refresh-${randomUUID()}`,
    scope: 'openid profile',
    id_token: (await bend.idToken?.(signed, scene)) ?? signed,
  };
}

/** The nonce in a proof (RFC 9449 §4.2). */
export function nonceOf(proof: string | string[] | undefined): unknown {
  const [, payload = 'e30'] = String(proof).split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Json).nonce;
}

/** The S256 challenge of this verifier (RFC 7636 §4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
