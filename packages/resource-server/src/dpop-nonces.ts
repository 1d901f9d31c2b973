import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Nonces that prove a DPoP proof to be fresh, without anything to store. */
export interface DpopNonces {
  /** The nonce of the present; goes into the `DPoP-Nonce` header. */
  current(): string;
  isFresh(nonce: unknown): boolean;
}

/**
 * A nonce is the authenticated number of a span of time; the present one and the one before it are good.
 * @param secret the same for every instance of the API
 * @param spanSeconds how often a new nonce begins
 * @see RFC 9449 §9
 */
export function createDpopNonces(
  clock: () => number,
  spanSeconds: number,
  secret: string | Buffer = randomBytes(32),
): DpopNonces {
  const nonceOf = (span: number) =>
    createHmac('sha256', secret).update(`dpop-nonce ${span}`).digest('base64url');
  const span = () => Math.floor(clock() / spanSeconds);
  return {
    current: () => nonceOf(span()),
    isFresh: (nonce) =>
      typeof nonce === 'string' && [0, 1].some((back) => isSame(nonce, nonceOf(span() - back))),
  };
}

/** Compares in a time that says nothing about where the first difference is. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
