import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError } from './errors.ts';
import type { CheckedSettings } from './settings.ts';

/** The key that the tokens of one session are bound to (RFC 9449), as it is kept beside them. */
export interface DpopKey {
  /** How it signs (RFC 7518 §3.1, RFC 9864). */
  readonly alg: string;
  /** The private key, with its public part (RFC 7517). */
  readonly privateKey: client.JWK;
}

/** In order of preference, with what WebCrypto wants to know of each. */
const ALGORITHMS: Readonly<Record<string, EcKeyImportParams | Algorithm>> = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  Ed25519: { name: 'Ed25519' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
};

/**
 * Creates the key of a new session; undefined where its tokens are not to be bound.
 * @throws AuthError `AUTH_DISCOVERY_FAILED` when they must be, and the server takes no proof that can be made here
 */
export async function createDpopKey(
  server: AuthorizationServer,
  { dpop }: CheckedSettings,
): Promise<DpopKey | undefined> {
  const { issuer, dpop_signing_alg_values_supported: listed } = server.serverMetadata();
  const isOffered = Array.isArray(listed);
  if (dpop === 'off' || (dpop === 'when-offered' && !isOffered)) return undefined;
  // A server that lists nothing may know it all the same (RFC 9449 §5.1), and whether it does is seen in its answer.
  const alg = Object.keys(ALGORITHMS).find((name) => !isOffered || listed.includes(name));
  if (alg !== undefined) return generateKey(alg);
  if (dpop === 'when-offered') return undefined;
  throw new AuthError('AUTH_DISCOVERY_FAILED', `${issuer} takes no proof (DPoP) that this app can make.`);
}

async function generateKey(alg: string): Promise<DpopKey> {
  const { privateKey } = await client.randomDPoPKeyPair(alg, { extractable: true });
  return { alg, privateKey: (await crypto.subtle.exportKey('jwk', privateKey)) as client.JWK };
}

/**
 * The key as WebCrypto has it; its private part does not come out again.
 * @throws AuthError `AUTH_SESSION_EXPIRED` when it cannot be used
 */
export async function importDpopKey({ alg, privateKey }: DpopKey): Promise<client.CryptoKeyPair> {
  const algorithm = ALGORITHMS[alg];
  const { kty, crv, x, y } = privateKey;
  const publicKey = { kty, crv, x, ...(y !== undefined && { y }) } as JsonWebKey;
  try {
    if (algorithm === undefined) throw new TypeError('an algorithm of another version');
    return {
      privateKey: await crypto.subtle.importKey('jwk', privateKey, algorithm, false, ['sign']),
      publicKey: await crypto.subtle.importKey('jwk', publicKey, algorithm, true, ['verify']),
    };
  } catch {
    throw new AuthError('AUTH_SESSION_EXPIRED', 'The key that the session is bound to cannot be used.');
  }
}
