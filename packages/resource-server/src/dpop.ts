import { createHash } from 'node:crypto';
import { parseAddress } from './address.ts';
import type { CheckedDpop } from './checked-options.ts';
import { createDpopNonces } from './dpop-nonces.ts';
import { createDpopProofReader, type DpopProof } from './dpop-proof.ts';
import { ApiError } from './errors.ts';
import type { TokenPresentation } from './presented-token.ts';
import { createMemoryReplayStore } from './replay-store.ts';
import { normaliseAddress } from './request-address.ts';

/** Checks that a request was made by the holder of the key that a token is bound to. */
export interface DpopCheck {
  /**
   * @param token the access token itself
   * @param thumbprint of the key that it is bound to
   * @throws ApiError `API_DPOP_PROOF_INVALID`, `API_DPOP_NONCE_REQUIRED`, `API_CHECK_UNAVAILABLE` without a replay store
   */
  verify(token: string, thumbprint: string, request: TokenPresentation): Promise<void>;
  /** For the `DPoP-Nonce` header; undefined where no nonces are asked for. */
  nonce(): string | undefined;
}

/**
 * The checks of RFC 9449 §4.3 in its order, and the replay check of §11.1 last: only proofs that are good in every
 * other way take up room.
 */
export function createDpopCheck(settings: CheckedDpop, clock: () => number): DpopCheck {
  const { proofMaxAgeSeconds: window, origins } = settings;
  const read = createDpopProofReader(settings.algorithms);
  const nonces = settings.nonceSeconds
    ? createDpopNonces(clock, settings.nonceSeconds, settings.nonceSecret)
    : undefined;
  const windowSeconds = 2 * window + 1;
  const replays = settings.replayStore ?? createMemoryReplayStore({ windowSeconds });

  const checkRequest = ({ payload }: DpopProof, { method, url }: TokenPresentation) => {
    if (payload.htm !== method) throw refuse('its htm is not the method of the request');
    // Routers take them as they are, and a proof compares what comes out when they are resolved.
    if (UNRESOLVED.test(url)) throw refuse('the request has dot segments or backslashes in its path');
    const address = typeof payload.htu === 'string' ? normaliseAddress(payload.htu) : undefined;
    if (!address || !origins.some((origin) => normaliseAddress(origin + pathOf(url)) === address))
      throw refuse('its htu is not the address of the request');
  };
  const checkTime = ({ payload: { iat, exp, nbf } }: DpopProof) => {
    const now = clock();
    if (typeof iat !== 'number' || Math.abs(now - iat) > window) throw refuse('its iat is not now');
    if (exp !== undefined && !(typeof exp === 'number' && exp > now - window)) throw refuse('it has expired');
    if (nbf !== undefined && !(typeof nbf === 'number' && nbf < now + window))
      throw refuse('it is not good yet');
  };

  return {
    async verify(token, thumbprint, request) {
      const proof = await read(request.proof).catch((error) => {
        throw refuse(error instanceof ApiError ? error.reason : error.message);
      });
      checkRequest(proof, request);
      checkTime(proof);
      if (proof.payload.ath !== createHash('sha256').update(token).digest('base64url'))
        throw refuse('its ath is not the digest of the access token');
      if (proof.thumbprint !== thumbprint) throw refuse('its key is not the one that the token is bound to');
      if (nonces && !nonces.isFresh(proof.payload.nonce))
        throw new ApiError('API_DPOP_NONCE_REQUIRED', 'The DPoP proof has no nonce of ours, or an old one.');
      await claimOnce(replays, proof, windowSeconds);
    },
    nonce: () => nonces?.current(),
  };
}

const UNRESOLVED = /^[^?#]*(?:[/\\](?:\.|%2e){1,2}(?=[/\\?#]|$)|\\)/i;

/** Longer than any random id, so that ids cannot fill the store. */
const MAX_ID_LENGTH = 256;

async function claimOnce(
  replays: NonNullable<CheckedDpop['replayStore']>,
  { payload, thumbprint }: DpopProof,
  windowSeconds: number,
) {
  const { jti } = payload;
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_ID_LENGTH)
    throw refuse('its jti is not a short text');
  let isFirst: boolean;
  try {
    isFirst = await replays.claim(thumbprint, jti, windowSeconds);
  } catch (error) {
    throw new ApiError('API_CHECK_UNAVAILABLE', `Replays cannot be seen: ${(error as Error).message}`, {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  if (!isFirst) throw refuse('it was used before');
}

/** Frameworks give the path, the Fetch API the whole address. */
const pathOf = (url: string) => (url.startsWith('/') ? url : (parseAddress(url)?.pathname ?? ''));

const refuse = (why: string) => new ApiError('API_DPOP_PROOF_INVALID', `The DPoP proof was refused: ${why}.`);
