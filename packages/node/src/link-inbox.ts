import { type Clock, systemClock } from '@deskauth/session';
import { type KnownLink, type Link, type LinkRules, parseLink } from './link.ts';

/** No person follows so many links at once: more of them are not even read. */
const BURST = 10;
const LINKS_PER_SECOND = 2;
/** Links that wait until somebody wants them. */
const MOST_WAITING = 8;

/** Takes links from outside, in whatever way the operating system delivers them, and hands them on as parsed data. */
export interface LinkInbox {
  readonly rules: LinkRules;
  /** Takes one link. It is parsed once; what came too fast is refused unread. */
  push(text: string): Link;
  /**
   * Calls back with each link of one kind, beginning with those that came when nobody received that kind.
   * @returns what ends that
   */
  receive<K extends KnownLink['kind']>(kind: K, receiver: LinkReceiver<K>): () => void;
}

/** Gets links of one kind. */
export type LinkReceiver<K extends KnownLink['kind']> = (
  link: Extract<KnownLink, { readonly kind: K }>,
) => void;

/**
 * Creates a {@link LinkInbox}. A link only ever reaches who waits for its kind: it starts nothing.
 * @throws AuthError `AUTH_SETTINGS_INVALID` for rules that cannot be
 */
export function createLinkInbox(rules: LinkRules, clock: Clock = systemClock): LinkInbox {
  parseLink('', rules);
  const isTooFast = createRateLimit(clock);
  const receivers = new Map<string, Set<(link: KnownLink) => void>>();
  let waiting: KnownLink[] = [];

  return {
    rules,
    push(text) {
      if (isTooFast()) return { kind: 'unknown', why: 'too many links came at once' };
      const link = parseLink(text, rules);
      if (link.kind === 'unknown') return link;
      const takers = [...(receivers.get(link.kind) ?? [])];
      if (takers.length === 0) waiting = [...waiting, link].slice(0, MOST_WAITING);
      for (const take of takers) take(link);
      return link;
    },
    receive(kind, receiver) {
      const take = receiver as (link: KnownLink) => void;
      const takers = receivers.get(kind) ?? new Set();
      receivers.set(kind, takers.add(take));
      const kept = waiting.filter((link) => link.kind === kind);
      waiting = waiting.filter((link) => link.kind !== kind);
      for (const link of kept) take(link);
      return () => takers.delete(take);
    },
  };
}

/** A bucket that fills again with time. */
function createRateLimit(clock: Clock): () => boolean {
  let left = BURST;
  let at = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    left = Math.min(BURST, left + (now - at) * LINKS_PER_SECOND);
    at = now;
    if (left < 1) return true;
    left -= 1;
    return false;
  };
}
