import { AuthError } from './errors.ts';
import type { Clock } from './ports.ts';
import { isStrongRsa } from './rsa-key.ts';

/** Far more than a server needs while it rolls its keys over. */
const MOST_KEYS = 100;
/** The last good set serves this long while the server cannot give it; a key that was withdrawn is gone after that. */
const LAST_GOOD_SECONDS = 60 * 60;

/** A key as it stands in a JSON Web Key Set (RFC 7517). Untrusted. */
type Jwk = Readonly<Record<string, unknown>>;

/**
 * A fetch that hands out the server's key set cleaned of what must not verify anything: the library takes keys that
 * are too weak or were given away. An outage is bridged with the last good set; a wrong answer is not.
 */
export function createKeySetFetch(serverFetch: typeof fetch, clock: Clock) {
  let lastGood: { readonly response: Response; readonly address: string; readonly at: number } | undefined;

  async function fetchKeys(address: string, init: RequestInit | undefined): Promise<Response> {
    const response = await serverFetch(address, init);
    if (response.status !== 200) return response;
    const keys = cleanKeySet(await response.text(), new URL(address).origin);
    if (keys === undefined) throw notKeys(address);
    // Files of keys lie in stores that call them anything; what was parsed as a set of keys is one.
    const clean = Response.json({ keys });
    lastGood = { response: clean.clone(), address, at: clock.now() };
    return clean;
  }

  /** @param keysAddress where the keys are; every other address is passed on */
  return (keysAddress: string | undefined): typeof fetch =>
    async (input, init) => {
      if (keysAddress === undefined || String(input) !== new URL(keysAddress).href)
        return serverFetch(input, init);
      const good =
        lastGood?.address === keysAddress && clock.now() - lastGood.at < LAST_GOOD_SECONDS
          ? lastGood
          : undefined;
      if (!good) return fetchKeys(keysAddress, init);
      const response = await fetchKeys(keysAddress, init).catch((error: unknown) => {
        if (error instanceof AuthError && error.code !== 'AUTH_NETWORK') throw error;
        return good.response.clone();
      });
      return response.status >= 500 ? good.response.clone() : response;
    };
}

/** The usable keys of this set; undefined where it is none. */
function cleanKeySet(text: string, origin: string): readonly Jwk[] | undefined {
  const set = parseJson(text);
  if (!Array.isArray(set?.keys)) return undefined;
  if (set.keys.length > MOST_KEYS)
    throw new AuthError('AUTH_SERVER_RESPONSE_INVALID', `${origin} sent ${set.keys.length} keys.`);
  return set.keys.filter(isUsableKey);
}

function isUsableKey(key: Jwk | null): boolean {
  if (typeof key !== 'object' || key === null) return false;
  // A private key that everybody can read proves nothing, and a shared secret in public even less (RFC 8725 §3.5).
  if ('d' in key || 'k' in key || 'priv' in key) return false;
  if (key.kid !== undefined && (typeof key.kid !== 'string' || key.kid.length > 256)) return false;
  return key.kty === 'RSA' ? isStrongRsa(key) : key.kty === 'EC' || key.kty === 'OKP' || key.kty === 'AKP';
}

function parseJson(text: string): { keys?: Jwk[] } | undefined {
  try {
    return (JSON.parse(text) as { keys?: Jwk[] } | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function notKeys(address: string): AuthError {
  return new AuthError('AUTH_SERVER_RESPONSE_INVALID', `${new URL(address).origin} sent no set of keys.`);
}
