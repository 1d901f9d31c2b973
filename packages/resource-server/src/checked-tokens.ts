import type { Claims } from './claims.ts';
import { createClaimsCache, digestToken } from './claims-cache.ts';
import type { JoinClaims } from './claims-sources.ts';
import { ApiError, renewApiError } from './errors.ts';
import { RemoteFault } from './remote-json.ts';
import type { SharedParts } from './shared-parts.ts';
import type { TokenCheck } from './token-check.ts';

/** Checks each token once and remembers the result for as long as it may be believed. */
export interface CheckedTokens {
  /** The remembered claims of a token, without waiting. */
  known(text: string): Claims | undefined;
  /** The claims of a token, checked now if need be; concurrent calls share one check. @throws ApiError */
  verify(text: string): Promise<Claims>;
  readonly size: number;
}

interface RunningCheck {
  readonly claims: Promise<Claims>;
  readonly version: number;
}

/** Joins a check, the completion of its claims, and a cache. */
export function createCheckedTokens<Evidence>(
  check: TokenCheck<Evidence>,
  join: JoinClaims,
  { settings, evictions, counts }: SharedParts,
): CheckedTokens {
  const { clock, maxTokenLength, claimsMaxAgeSeconds } = settings;
  const cache = createClaimsCache<Evidence>(settings.claimsMaxEntries, settings.claimsMaxPerUser);
  const inFlight = new Map<string, RunningCheck>();

  /** A hit is the very text that passed every check, so that form and signature need no second look; time and key do. */
  const recall = (digest: string): Claims | undefined => {
    const entry = cache.get(digest, clock());
    if (!entry || !check.isCurrent(entry.evidence)) return undefined;
    if (entry.version !== evictions.version) {
      if (evictions.isEvicted(entry.claims, entry.version)) return void cache.delete(digest);
      entry.version = evictions.version;
    }
    counts.hits += 1;
    return entry.claims;
  };
  const checkNow = async (text: string, digest: string, version: number): Promise<Claims> => {
    counts.checks += 1;
    await evictions.ready();
    const { claims: token, evidence, askedAt = clock() } = await check.check(text);
    const joined = await join(text, digest, token);
    if (evictions.isRevoked(token))
      throw new ApiError('API_TOKEN_INVALID', 'The token was refused: it is revoked.');
    const oldest = Math.min(askedAt, joined.askedAt);
    const diesAt = Math.floor(Math.min(token.expiresAt, oldest + claimsMaxAgeSeconds));
    if (diesAt > clock()) cache.set(digest, { claims: joined.claims, diesAt, evidence, version }, clock());
    return joined.claims;
  };
  const checkOnce = (text: string, digest: string): Promise<Claims> => {
    const { version } = evictions;
    const running = inFlight.get(digest);
    if (running?.version === version) return running.claims;
    const claims = checkNow(text, digest, version).finally(() => {
      if (inFlight.get(digest)?.claims === claims) inFlight.delete(digest);
    });
    inFlight.set(digest, { claims, version });
    return claims;
  };

  return {
    known: (text) => (text.length > maxTokenLength ? undefined : recall(digestToken(text))),
    async verify(text) {
      if (text.length > maxTokenLength) throw tooLong(text.length, maxTokenLength);
      const digest = digestToken(text);
      return recall(digest) ?? checkOnce(text, digest).catch(rethrowForOne);
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

/** For `catch`: what many requests waited for fails each of them under its own id. A fault of the server is 503, never 401. */
export function rethrowForOne(error: unknown): never {
  if (error instanceof ApiError) throw renewApiError(error);
  if (error instanceof RemoteFault)
    throw new ApiError('API_CHECK_UNAVAILABLE', error.message, { retryAfterSeconds: 5 });
  throw error;
}
