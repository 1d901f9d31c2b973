import { isUnbound } from './binding.ts';
import type { Claims } from './claims.ts';
import { type CacheEntry, createClaimsCache } from './claims-cache.ts';
import type { JoinClaims, Joined } from './claims-sources.ts';
import { ApiError, renewApiError } from './errors.ts';
import { andThen, isLate, type Promised } from './promised.ts';
import { RemoteFault } from './remote-json.ts';
import type { SharedParts } from './shared-parts.ts';
import type { TokenCheck, ValidToken } from './token-check.ts';

/** Checks each token once and remembers the result for as long as it may be believed. */
export interface CheckedTokens {
  /** The remembered claims of a token that is good for whoever holds it, without waiting. */
  known(text: string): Claims | undefined;
  /** A token checked now if need be; concurrent calls share one check. @throws ApiError, at once or later */
  verify(text: string): Promised<CheckedToken>;
  size(): number;
}

/** A token that is valid; whether its sender may use it is another question where it is bound. */
export interface CheckedToken {
  readonly claims: Claims;
  /** Is it good for whoever holds it? */
  readonly isUnbound: boolean;
}

interface RunningCheck {
  readonly result: Promise<CheckedToken>;
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
    const version = evictions.version();
    if (entry.version !== version) {
      if (evictions.isEvicted(entry.claims, entry.version)) return void cache.delete(text);
      entry.version = version;
    }
    return entry;
  };
  const use = (entry: CacheEntry<Evidence>): CheckedToken => {
    counts.hits += 1;
    return entry;
  };
  const checkNow = (text: string, version: number): Promised<CheckedToken> => {
    const since = cache.lookups();
    counts.checks += 1;
    return andThen(evictions.ready(), () =>
      andThen(check.check(text), (valid) =>
        andThen(join(text, valid.claims), (joined) => remember(text, since, valid, joined, version)),
      ),
    );
  };
  const remember = (
    text: string,
    since: number,
    valid: ValidToken<Evidence>,
    joined: Joined,
    version: number,
  ) => {
    const now = clock();
    const { evidence, askedAt = now } = valid;
    const { claims } = joined;
    if (evictions.isRevoked(claims))
      throw new ApiError('API_TOKEN_INVALID', 'The token was refused: it is revoked.');
    const oldest = Math.min(askedAt, joined.askedAt ?? now);
    const diesAt = Math.floor(Math.min(claims.expiresAt, oldest + claimsMaxAgeSeconds));
    const entry = { claims, isUnbound: isUnbound(claims), diesAt, evidence, version };
    if (diesAt > now) cache.set(text, entry, now, since);
    return entry;
  };
  const checkOnce = (text: string): Promised<CheckedToken> => {
    const version = evictions.version();
    const running = inFlight.size > 0 ? inFlight.get(text) : undefined;
    if (running?.version === version) return running.result;
    const checked = checkNow(text, version);
    if (!isLate(checked)) return checked;
    const result = checked.finally(() => {
      if (inFlight.get(text)?.result === result) inFlight.delete(text);
    });
    inFlight.set(text, { result, version });
    return result;
  };

  return {
    known(text) {
      const entry = recall(text);
      return entry?.isUnbound ? use(entry).claims : undefined;
    },
    verify(text) {
      if (text.length > maxTokenLength) throw tooLong(text.length, maxTokenLength);
      const entry = recall(text);
      if (entry) return use(entry);
      const checked = checkOnce(text);
      return isLate(checked) ? checked.catch(rethrowForOne) : checked;
    },
    size: cache.size,
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
