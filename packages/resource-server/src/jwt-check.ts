import { parseCompactToken } from './compact.ts';
import type { SigningKey } from './keys.ts';
import { andThen } from './promised.ts';
import type { SharedParts } from './shared-parts.ts';
import { createSharedValues } from './shared-values.ts';
import { verifySignature } from './signature.ts';
import type { TokenCheck } from './token-check.ts';
import { buildClaims, checkHeader } from './token-rules.ts';

/**
 * Checks JWT access tokens in memory; the result rests on the signing key.
 * @see RFC 9068 §4
 */
export function createJwtCheck({ keys, settings }: SharedParts): TokenCheck<SigningKey> {
  const shared = createSharedValues();
  return {
    check(text) {
      const token = parseCompactToken(text);
      checkHeader(token, settings);
      return andThen(keys.find(token), (candidates) => {
        const evidence = verifySignature(token, candidates);
        return { claims: buildClaims(token.payload, settings, shared), evidence };
      });
    },
    isCurrent: keys.isCurrent,
  };
}
