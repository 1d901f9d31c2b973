import { isUnbound } from './binding.ts';
import type { Claims } from './claims.ts';
import { type CacheEntry, createClaimsCache } from './claims-cache.ts';
import type { JoinClaims } from './claims-sources.ts';
import { ApiError, renewApiError } from './errors.ts';
import { RemoteFault } from './remote-json.ts';
import type { SharedParts } from './shared-parts.ts';
import type { TokenCheck } from './token-check.ts';

/** Checks each token once and remembers the result for as long as it may be believed. */
export interface CheckedTokens {
  /** The remembered claims of a token that is good for whoever holds it, without waiting. */
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
  const cache = createClaimsCache<Evidence>({
    maxEntries: settings.claimsMaxEntries,
    maxPerUser: settings.claimsMaxPerUser,
    maxTokenLength,
  });
  const inFlight = new Map<string, RunningCheck>();

  /** A hit is the very text that passed every check, so that form and signature need no second look; time and key do. */
  const recall = (text: string): CacheEntry<Evidence> | undefined => {
    const now = clock();
    const entry = cache.get(text, now);
    if (!entry || !check.isCurrent(entry.evidence, now)) return undefined;
    if (entry.version !== evictions.version) {
      if (evictions.isEvicted(entry.claims, entry.version)) return void cache.delete(text);
      entry.version = evictions.version;
    }
    return entry;
  };
  const use = ({ claims }: CacheEntry<Evidence>): Claims => {
    counts.hits += 1;
    return claims;
  };
  const checkNow = async (text: string, version: number): Promise<Claims> => {
    counts.checks += 1;
    await evictions.ready();
    const { claims: token, evidence, askedAt = clock() } = await check.check(text);
    const joined = await join(text, token);
    if (evictions.isRevoked(token))
      throw new ApiError('API_TOKEN_INVALID', 'The token was refused: it is revoked.');
    const oldest = Math.min(askedAt, joined.askedAt);
    const diesAt = Math.floor(Math.min(token.expiresAt, oldest + claimsMaxAgeSeconds));
    const { claims } = joined;
    const entry = { claims, isUnbound: isUnbound(claims), diesAt, evidence, version };
    if (diesAt > clock()) cache.set(text, entry, clock());
    return claims;
  };
  const checkOnce = (text: string): Promise<Claims> => {
    const { version } = evictions;
    const running = inFlight.get(text);
    if (running?.version === version) return running.claims;
    const claims = checkNow(text, version).finally(() => {
      if (inFlight.get(text)?.claims === claims) inFlight.delete(text);
    });
    inFlight.set(text, { claims, version });
    return claims;
  };

  return {
    known(text) {
      const entry = recall(text);
      return entry?.isUnbound ? use(entry) : undefined;
    },
    async verify(text) {
      if (text.length > maxTokenLength) throw tooLong(text.length, maxTokenLength);
      const entry = recall(text);
      return entry ? use(entry) : checkOnce(text).catch(rethrowForOne);
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
