import type { Clock } from './ports.ts';
import type { SessionRecord } from './session-record.ts';
import { type AccessToken, LONGEST_LIFETIME_SECONDS } from './token-set.ts';

/** How old access tokens are, whatever happens to this machine's clock. */
export interface TokenAges {
  /** Until the token expires; 0 or less once it has. */
  secondsLeft(token: AccessToken): number;
  /** How long before its expiry it is renewed: never more than half of its life. */
  marginSeconds(token: AccessToken): number;
  /**
   * Learns of the tokens of a record as they are received or loaded.
   * @param savedAt when a record that was loaded was saved, in seconds since the epoch
   */
  observe(record: SessionRecord, savedAt?: number): void;
}

/** A record from further ahead than this was saved before the clock was set back. */
const CLOCKS_AGREE_SECONDS = 60;
const MOST_REMEMBERED = 100;

/**
 * Creates {@link TokenAges}. A token's age is the greater of two: by the monotonic clock, which nobody can set, and by
 * the wall clock, which alone goes on while the machine sleeps.
 */
export function createTokenAges(clock: Clock, marginSeconds: number): TokenAges {
  const seen = new Map<string, { readonly life: number; readonly endsAt: number }>();

  function remember({ accessToken, expiresAt }: AccessToken, isDoubtful = false) {
    const known = seen.get(accessToken);
    if (known) return known;
    const stated = Math.min(Math.max(expiresAt - clock.now(), 0), LONGEST_LIFETIME_SECONDS);
    const life = isDoubtful ? 0 : stated;
    const entry = { life, endsAt: clock.monotonic() + life };
    if (seen.size >= MOST_REMEMBERED) seen.delete(seen.keys().next().value ?? '');
    seen.set(accessToken, entry);
    return entry;
  }

  return {
    secondsLeft: (token) =>
      Math.min(token.expiresAt - clock.now(), remember(token).endsAt - clock.monotonic()),
    marginSeconds: (token) => Math.min(marginSeconds, remember(token).life / 2),
    observe({ tokens, moreTokens = {} }, savedAt = 0) {
      const isDoubtful = savedAt > clock.now() + CLOCKS_AGREE_SECONDS;
      for (const token of [tokens, ...Object.values(moreTokens)]) remember(token, isDoubtful);
    },
  };
}
