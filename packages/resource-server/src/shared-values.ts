/** Keeps one copy of what the tokens of one issuer have in common: issuer, tenant, client, scopes … */
export interface SharedValues {
  /** Replaces texts of a fresh claims set by equal ones that were seen before. */
  shareTexts(claims: Record<string, unknown>): void;
  /** An equal list that was seen before, or this one. Frozen. */
  shareList(list: readonly string[]): readonly string[];
}

/** Values that are remembered per claim, and lists in all; a claim that differs in every token costs no more than that. */
const VALUES_PER_CLAIM = 4;
const MAX_CLAIMS = 64;
const MAX_LISTS = 256;

/** Half of what remembered tokens would take is equal texts. */
export function createSharedValues(): SharedValues {
  const seen = new Map<string, string[]>();
  const lists = new Map<string, readonly string[]>();

  const shareText = (name: string, text: string): string => {
    const values = seen.get(name);
    const known = values?.find((value) => value === text);
    if (known !== undefined) return known;
    if (values) {
      values.push(text);
      if (values.length > VALUES_PER_CLAIM) values.shift();
    } else if (seen.size < MAX_CLAIMS) seen.set(name, [text]);
    return text;
  };
  return {
    shareTexts(claims) {
      for (const name in claims) {
        const value = claims[name];
        if (typeof value === 'string') claims[name] = shareText(name, value);
      }
    },
    shareList(list) {
      const key = JSON.stringify(list);
      const known = lists.get(key);
      if (known) return known;
      const [oldest] = lists.keys();
      if (lists.size >= MAX_LISTS && oldest !== undefined) lists.delete(oldest);
      const shared = Object.freeze([...list]);
      lists.set(key, shared);
      return shared;
    },
  };
}
