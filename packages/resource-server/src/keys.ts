import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { CheckedSettings } from './checked-settings.ts';
import type { CompactToken } from './compact.ts';
import type { Counts } from './counts.ts';
import { ApiError } from './errors.ts';
import { createKeptDocument, type KeptDocument } from './kept-document.ts';
import type { ServerMetadata } from './metadata.ts';
import { andThen, type Promised } from './promised.ts';
import { fetchJson, RemoteFault } from './remote-json.ts';

/** One public key of the authorization server. */
export interface SigningKey {
  readonly jwk: JWK;
  /** Set once the key is gone from the key set: whatever was checked with it is then checked anew. */
  isWithdrawn: boolean;
  readonly publicKey: KeyObject;
}

/** Finds the keys that may have signed a token. */
export interface KeySource {
  /**
   * @throws ApiError `API_TOKEN_INVALID` when no key of the server fits; `API_CHECK_UNAVAILABLE` when the token says that it
   * is younger than our copy of the keys, and they may not be fetched again yet
   * @throws RemoteFault when the keys cannot be had
   */
  find(token: Pick<CompactToken, 'header' | 'payload'>): Promised<readonly SigningKey[]>;
  /** May what was checked with this key still be believed? Starts a fetch in the background when one is due. @param now seconds since the epoch */
  isCurrent(key: SigningKey, now: number): boolean;
  /** The usable keys as the server published them. @throws RemoteFault */
  published(): Promise<readonly JWK[]>;
  readonly health: KeptDocument<unknown>['health'];
}

/** More keys than any server publishes, and more than one token should be tried with. */
const MAX_KEYS = 100;
const MAX_CANDIDATES = 4;

/**
 * The signing keys of one issuer. Callers with an unknown key id share one fetch per cooldown.
 * @param onAnswer told the server's clock with each answer
 * @see RFC 7517, RFC 8725 §3.10: only the address of the metadata is asked, never one that a token names
 */
export function createKeySource(
  metadata: KeptDocument<ServerMetadata>,
  settings: CheckedSettings,
  onAnswer: (serverAt: number | undefined) => void,
  counts: Counts,
): KeySource {
  let latest: readonly SigningKey[] = [];
  /** When the latest copy was made, by the clock that dates tokens too. */
  let publishedAt = Number.NEGATIVE_INFINITY;
  const load = async () => {
    const { jwksUri } = await metadata.current();
    if (!jwksUri) throw new RemoteFault(`The metadata of ${settings.issuer} has no jwks_uri.`);
    counts.keyFetches += 1;
    const { body, serverAt } = await fetchJson(jwksUri, { headers: { accept: ACCEPT } }, settings);
    onAnswer(serverAt);
    publishedAt = serverAt ?? settings.clock();
    latest = adopt(latest, parseKeySet(body, jwksUri));
    return latest;
  };
  const document = createKeptDocument(load, settings.clock, {
    maxAgeSeconds: settings.keysMaxAgeSeconds,
    outageLimitSeconds: settings.keysOutageLimitSeconds,
    cooldownSeconds: settings.keysCooldownSeconds,
  });
  const findFresh: KeySource['find'] = async ({ header, payload: { iat } }) => {
    const reloaded = await document.reload();
    const fresh = select(reloaded ?? [], header);
    if (fresh.length > 0) return fresh;
    if (!reloaded && typeof iat === 'number' && iat > publishedAt)
      throw new ApiError(
        'API_CHECK_UNAVAILABLE',
        `The token has the key id of no known key and is younger than our copy of the keys of ${settings.issuer}, which was fetched just now.`,
        { retryAfterSeconds: Math.ceil(settings.keysCooldownSeconds) },
      );
    throw new ApiError(
      'API_TOKEN_INVALID',
      `No ${header.alg} key of ${settings.issuer} has the key id of the token.`,
    );
  };
  const selectOnce = createSelect();
  return {
    find: (token) =>
      andThen(document.current(), (keys) => {
        const known = selectOnce(keys, token.header);
        return known.length > 0 ? known : findFresh(token);
      }),
    isCurrent: (key, now) => document.peek(now) !== undefined && !key.isWithdrawn,
    published: async () => (await document.current()).map(({ jwk }) => jwk),
    health: document.health,
  };
}

const ACCEPT = 'application/jwk-set+json, application/json';

function parseKeySet(body: Readonly<Record<string, unknown>>, uri: string): SigningKey[] {
  const list: unknown[] = Array.isArray(body.keys) ? body.keys.slice(0, MAX_KEYS) : [];
  const keys = list.filter(isPublicSigningKey).flatMap(importKey);
  if (keys.length === 0) throw new RemoteFault(`The key set at ${uri} has no usable signing key.`);
  return keys;
}

function isPublicSigningKey(value: unknown): value is JWK {
  if (!isPublicKey(value) || (value.use !== undefined && value.use !== 'sig')) return false;
  return !Array.isArray(value.key_ops) || value.key_ops.includes('verify');
}

/** Members that only a private or a shared key has (RFC 7518 §6.2.2, §6.3.2 and §6.4.1). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Is this the public half of an asymmetric key? */
export function isPublicKey(value: unknown): value is JWK {
  if (typeof value !== 'object' || value === null || PRIVATE.some((name) => name in value)) return false;
  return ['RSA', 'EC', 'OKP'].includes(String((value as JWK).kty));
}

const MIN_RSA_BITS = 2048;

/** The key for use, or nothing where it is too weak or no key at all. */
function importKey(jwk: JWK): SigningKey[] {
  try {
    const publicKey = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const { modulusLength = MIN_RSA_BITS } = publicKey.asymmetricKeyDetails ?? {};
    return modulusLength < MIN_RSA_BITS ? [] : [{ jwk, publicKey, isWithdrawn: false }];
  } catch {
    return [];
  }
}

/** Keeps the key objects that stay, so that they are imported once, and marks those that are gone. */
function adopt(before: readonly SigningKey[], after: readonly SigningKey[]): readonly SigningKey[] {
  const old = new Map(before.map((key) => [identityOf(key), key]));
  const keys = after.map((key) => old.get(identityOf(key)) ?? key);
  for (const key of before) key.isWithdrawn = !keys.includes(key);
  return keys;
}

const identityOf = ({ jwk }: SigningKey) =>
  JSON.stringify([jwk.kid, jwk.kty, jwk.alg, jwk.crv, jwk.n, jwk.e, jwk.x, jwk.y]);

/** Nearly all tokens have the same header, and equal headers are one object. */
function createSelect(): typeof select {
  let last:
    | { readonly keys: unknown; readonly header: unknown; readonly selected: readonly SigningKey[] }
    | undefined;
  return (keys, header) => {
    if (last?.keys !== keys || last.header !== header)
      last = { keys, header, selected: select(keys, header) };
    return last.selected;
  };
}

function select(keys: readonly SigningKey[], { kid, alg }: CompactToken['header']): readonly SigningKey[] {
  const kind = KEY_KINDS[alg] ?? KEY_KINDS[alg.slice(0, 2)];
  const fits = ({ jwk }: SigningKey) =>
    (kid === undefined || jwk.kid === kid) &&
    (jwk.alg === undefined || jwk.alg === alg || (isEd25519(jwk.alg) && isEd25519(alg))) &&
    jwk.kty === kind?.kty &&
    (kind?.crv === undefined || jwk.crv === kind.crv);
  return keys.filter(fits).slice(0, MAX_CANDIDATES);
}

/** RFC 9864 gave EdDSA with this curve a name of its own. */
const isEd25519 = (alg: string) => alg === 'EdDSA' || alg === 'Ed25519';

const KEY_KINDS: Readonly<Record<string, { readonly kty: string; readonly crv?: string }>> = {
  RS: { kty: 'RSA' },
  PS: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
};
