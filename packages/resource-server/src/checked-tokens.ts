import type { CheckedSettings } from './checked-settings.ts';
import type { Claims, TokenClaims } from './claims.ts';
import { createClaimsCache, digestToken } from './claims-cache.ts';
import { ApiError, renewApiError } from './errors.ts';
import { RemoteFault } from './remote-json.ts';
import { createRevocations, type Revocation } from './revocations.ts';
import type { TokenCheck } from './token-check.ts';

/** Checks each token once and remembers the result for as long as it may be believed. */
export interface CheckedTokens {
  /** The remembered claims of a token, without waiting. */
  known(text: string): Claims | undefined;
  /** The claims of a token, checked now if need be; concurrent calls share one check. @throws ApiError */
  verify(text: string): Promise<Claims>;
  /** Forgets a user. */
  invalidate(userId: string): void;
  /** Refuses tokens that are valid otherwise. */
  revoke(revocation: Revocation): void;
  readonly size: number;
}

/**
 * Joins a check, the completion of its claims, and a cache.
 * @param complete adds what the token itself does not say
 */
export function createCheckedTokens<Evidence>(
  check: TokenCheck<Evidence>,
  complete: (text: string, claims: TokenClaims) => Promise<Claims>,
  settings: CheckedSettings,
): CheckedTokens {
  const { clock, maxTokenLength, claimsMaxAgeSeconds } = settings;
  const cache = createClaimsCache<Evidence>(settings.claimsMaxEntries, settings.claimsMaxPerUser);
  const inFlight = new Map<string, Promise<Claims>>();
  const revocations = createRevocations(clock, settings.revocationsMaxAgeSeconds);
  let invalidations = 0;

  /** A hit is the very text that passed every check, so that form and signature need no second look; time and key do. */
  const recall = (digest: string): Claims | undefined => {
    const entry = cache.get(digest, clock());
    return entry && check.isCurrent(entry.evidence) ? entry.claims : undefined;
  };
  const checkNow = async (text: string, digest: string): Promise<Claims> => {
    const before = invalidations;
    const { claims: token, evidence } = await check.check(text);
    const claims = await complete(text, token);
    if (revocations.isRevoked(claims))
      throw new ApiError('API_TOKEN_INVALID', 'The token was refused: it is revoked.');
    const diesAt = Math.floor(Math.min(token.expiresAt, clock() + claimsMaxAgeSeconds));
    if (before === invalidations && diesAt > clock())
      cache.set(digest, { claims, diesAt, evidence }, clock());
    return claims;
  };
  const checkOnce = (text: string, digest: string): Promise<Claims> => {
    const running = inFlight.get(digest);
    if (running) return running;
    const started = checkNow(text, digest).finally(() => inFlight.delete(digest));
    inFlight.set(digest, started);
    return started;
  };

  return {
    known: (text) => (text.length > maxTokenLength ? undefined : recall(digestToken(text))),
    async verify(text) {
      if (text.length > maxTokenLength) throw tooLong(text.length, maxTokenLength);
      const digest = digestToken(text);
      return recall(digest) ?? checkOnce(text, digest).catch(rethrowForOne);
    },
    invalidate(userId) {
      invalidations += 1;
      cache.deleteUser(userId);
    },
    revoke(revocation) {
      invalidations += 1;
      revocations.add(revocation);
      cache.deleteWhere(revocations.isRevoked);
    },
    get size() {
      return cache.size;
    },
  };
}

const tooLong = (length: number, limit: number) =>
  new ApiError(
    'API_TOKEN_INVALID',
    `The token was not read: it is ${length} characters long, ${limit} are allowed.`,
  );

/** What many requests waited for fails each of them under its own id. A fault of the server is 503, never 401. */
function rethrowForOne(error: unknown): never {
  if (error instanceof ApiError) throw renewApiError(error);
  if (error instanceof RemoteFault)
    throw new ApiError('API_CHECK_UNAVAILABLE', error.message, { retryAfterSeconds: 5 });
  throw error;
}
