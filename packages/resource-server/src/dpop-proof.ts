import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import { type CompactToken, copyText, parseCompactToken } from './compact.ts';
import { isPublicKey } from './keys.ts';

/** A proof whose signature is right; what it says has not been compared with the request yet. */
export interface DpopProof {
  readonly payload: CompactToken['payload'];
  /** Of the key that signed it (RFC 7638). */
  readonly thumbprint: string;
}

type ProofKey = { readonly key: Awaited<ReturnType<typeof importJWK>>; readonly thumbprint: string };

/** Long enough for an RSA key and a nonce, in characters. */
const MAX_PROOF_LENGTH = 4096;

/** Keys that are kept ready: a client sends the same header with every proof. */
const MAX_KEYS = 1000;

/**
 * Reads DPoP proofs and verifies them with the key in their own header.
 * @param algorithms accepted ones; asymmetric
 * @see RFC 9449 §4.2 and §4.3, points 2 to 7
 */
export function createDpopProofReader(algorithms: readonly string[]) {
  const ready = new Map<string, ProofKey>();

  /** @throws Error saying what is wrong, without any text of the proof */
  return async (text: string | undefined): Promise<DpopProof> => {
    if (!text || text.length > MAX_PROOF_LENGTH)
      throw new Error('there is no single DPoP header of a usable size');
    const proof = parseCompactToken(text);
    const { typ, alg, jwk, crit } = proof.header;
    if (crit !== undefined) throw new Error('it needs extensions');
    if (typ !== 'dpop+jwt') throw new Error('its typ is not dpop+jwt');
    if (!algorithms.includes(alg)) throw new Error('its algorithm is not accepted');
    const [header = ''] = text.split('.', 1);
    const proofKey = ready.get(header) ?? (await importProofKey(jwk, alg));
    await compactVerify(text, proofKey.key, { algorithms: [alg] }).catch(() => {
      throw new Error('its signature is not right');
    });
    keep(ready, header, proofKey);
    return { payload: proof.payload, thumbprint: proofKey.thumbprint };
  };
}

async function importProofKey(value: unknown, alg: string): Promise<ProofKey> {
  if (!isPublicKey(value)) throw new Error('the jwk in its header is not a public key of sufficient size');
  const { kty, crv, n, e, x, y } = value;
  const jwk = Object.fromEntries(
    Object.entries({ kty, crv, n, e, x, y }).filter(([, member]) => member !== undefined),
  );
  try {
    return { key: await importJWK(jwk as JWK, alg), thumbprint: await calculateJwkThumbprint(jwk as JWK) };
  } catch {
    throw new Error('the jwk in its header does not fit its algorithm');
  }
}

function keep(ready: Map<string, ProofKey>, header: string, key: ProofKey): void {
  if (ready.has(header)) return;
  const [oldest] = ready.keys();
  if (ready.size >= MAX_KEYS && oldest !== undefined) ready.delete(oldest);
  ready.set(copyText(header), key);
}
