import { type Clock, systemClock } from '@deskauth/session';
import { type KnownLink, type Link, type LinkRules, parseLink } from './link.ts';

/** No person follows so many links of a kind at once. */
const BURST = 10;
const LINKS_PER_SECOND = 2;
/** Links of a kind that wait until somebody wants them. */
const MOST_WAITING = 8;

/** Takes links from outside, in whatever way the operating system delivers them, and hands them on as parsed data. */
export interface LinkInbox {
  readonly rules: LinkRules;
  /** Takes one link. It is parsed once; what came too fast is refused, each kind by itself. */
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
  const boxes = new Map<string, Box>();
  const boxOf = (kind: string) => {
    const box = boxes.get(kind) ?? { isTooFast: createRateLimit(clock), takers: new Set(), waiting: [] };
    boxes.set(kind, box);
    return box;
  };

  return {
    rules,
    push(text) {
      const link = parseLink(text, rules);
      if (link.kind === 'unknown') return link;
      const box = boxOf(link.kind);
      if (box.isTooFast()) return { kind: 'unknown', why: 'too many links came at once' };
      if (box.takers.size === 0 && box.waiting.length < MOST_WAITING) box.waiting.push(link);
      for (const take of [...box.takers]) take(link);
      return link;
    },
    receive(kind, receiver) {
      const take = receiver as (link: KnownLink) => void;
      const box = boxOf(kind);
      box.takers.add(take);
      for (const link of box.waiting.splice(0)) take(link);
      return () => box.takers.delete(take);
    },
  };
}

/** The links of one kind: nobody who sends another kind can crowd them out. */
interface Box {
  readonly isTooFast: () => boolean;
  readonly takers: Set<(link: KnownLink) => void>;
  readonly waiting: KnownLink[];
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
