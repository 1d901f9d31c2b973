import * as client from 'openid-client';
import { type DpopKey, importDpopKey } from './dpop-key.ts';
import type { Clock } from './ports.ts';
import type { ServerClock } from './server-clock.ts';
import type { CheckedSettings } from './settings.ts';
import type { TokenSet } from './token-set.ts';

/** Proofs that a request comes from the holder of a session's key (RFC 9449). */
export interface Dpop {
  /**
   * What lets the library make the proofs of a request. The same key gets the same maker, which remembers the nonces
   * of every origin and repeats a request once when its nonce was the wrong one (§8, §9).
   * @param key left out: an empty object, for a request without a proof
   * @throws AuthError `AUTH_SESSION_EXPIRED` when the key cannot be used
   */
  optionsFor(key: DpopKey | undefined): Promise<client.DPoPOptions>;
  /** True when these tokens can be used as the settings want it: bound tokens are worth nothing without their key. */
  canUse(tokens: TokenSet): Promise<boolean>;
}

/** What proofs stand on. */
export interface DpopPorts {
  readonly settings: Pick<CheckedSettings, 'dpop'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly serverClock: Pick<ServerClock, 'skewSeconds'>;
}

/** A session has one key, and a sign-in under way another. */
const MOST_REMEMBERED = 8;

/** Creates {@link Dpop}. */
export function createDpop({ settings, clock, serverClock }: DpopPorts): Dpop {
  const makers = new Map<string, client.DPoPHandle>();
  // The library asks for a server whose clock it could know; ours is asked at each proof.
  const noServer = new client.Configuration({ issuer: 'https://none.invalid' }, 'none');

  async function makerFor(key: DpopKey): Promise<client.DPoPHandle> {
    // By its public part: the private one is not to stay in memory as a name.
    const { kty, crv, x, y } = key.privateKey;
    const name = JSON.stringify([key.alg, kty, crv, x, y]);
    const known = makers.get(name);
    if (known) return known;
    const maker = client.getDPoPHandle(noServer, await importDpopKey(key), {
      [client.modifyAssertion]: (_header, proof) => {
        Object.assign(proof, { iat: clock.now() + serverClock.skewSeconds });
      },
    });
    if (makers.size >= MOST_REMEMBERED) makers.delete(makers.keys().next().value ?? '');
    makers.set(name, maker);
    return maker;
  }

  return {
    optionsFor: async (key) => (key ? { DPoP: await makerFor(key) } : {}),
    async canUse({ tokenType, dpopKey }) {
      if (tokenType === 'Bearer') return settings.dpop !== 'required';
      if (!dpopKey) return false;
      return makerFor(dpopKey).then(
        () => true,
        () => false,
      );
    },
  };
}
