import { freezeDeep } from './claims.ts';

/** Keeps one copy of what the tokens of one issuer have in common: issuer, tenant, client, scopes … */
export interface SharedValues {
  /** Freezes a fresh claims set to the bottom, with texts that were seen before in place of equal ones. */
  shareClaims(claims: Record<string, unknown>): void;
  readonly audiences: SharedLists;
  readonly scopes: SharedLists;
}

/** The list that was made of an equal claim before, or is made now. Frozen. @throws whatever `build` throws */
export type SharedLists = <T>(claim: T, build: (claim: T) => readonly string[]) => readonly string[];

/** Values that are remembered per claim, and lists of each kind; a claim that differs in every token costs no more than that. */
const VALUES_PER_CLAIM = 4;
const MAX_CLAIMS = 64;
const MAX_LISTS = 256;

/** So often in a row a claim may be another than those before; then it is taken for one of its own in each token, for good. */
const MAX_MISSES = 100;

interface Seen {
  readonly values: string[];
  misses: number;
}

/** Half of what remembered tokens would take is equal texts. */
export function createSharedValues(): SharedValues {
  const seen = new Map<string, Seen>();
  /** Tokens of one server have their claims in one order: the next one is nearly always where it was last time. */
  const order: { readonly name: string; readonly before: Seen }[] = [];

  const findSeen = (name: string, at: number): Seen | undefined => {
    const expected = order[at];
    if (expected?.name === name) return expected.before;
    const before = seen.get(name) ?? (seen.size < MAX_CLAIMS ? { values: [], misses: 0 } : undefined);
    if (!before) return undefined;
    seen.set(name, before);
    if (at < MAX_CLAIMS) order[at] = { name, before };
    return before;
  };
  return {
    shareClaims(claims) {
      let at = 0;
      for (const name in claims) {
        const value = claims[name];
        if (typeof value === 'string') {
          const before = findSeen(name, at++);
          if (before) claims[name] = shareText(before, value);
        } else if (typeof value === 'object' && value !== null) freezeDeep(value);
      }
      Object.freeze(claims);
    },
    audiences: createSharedLists(),
    scopes: createSharedLists(),
  };
}

function shareText(before: Seen, text: string): string {
  if (before.misses >= MAX_MISSES) return text;
  const known = before.values.find((value) => value === text);
  before.misses = known === undefined ? before.misses + 1 : 0;
  if (known !== undefined) return known;
  before.values.push(text);
  if (before.values.length > VALUES_PER_CLAIM) before.values.shift();
  return text;
}

/** A text and the JSON of a list may look the same, so that each has a place of its own. */
function createSharedLists(): SharedLists {
  const [ofTexts, ofOthers] = [new Map<string, readonly string[]>(), new Map<string, readonly string[]>()];
  return (claim, build) => {
    const lists = typeof claim === 'string' ? ofTexts : ofOthers;
    const key = typeof claim === 'string' ? claim : String(JSON.stringify(claim));
    const known = lists.get(key);
    if (known) return known;
    const list = Object.freeze([...build(claim)]);
    const [oldest] = lists.keys();
    if (lists.size >= MAX_LISTS && oldest !== undefined) lists.delete(oldest);
    lists.set(key, list);
    return list;
  };
}
