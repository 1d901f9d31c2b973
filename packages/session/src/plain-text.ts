/** Controls, line and paragraph ends, and what turns the direction of writing: they forge log lines and prompts. */
const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Somebody else's text as one line of at most so many characters, for messages, terminals and logs. HTML stays what it
 * is: whoever makes a page escapes it.
 * @returns undefined for what is no text, or an empty one
 */
export function toPlainLine(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Cut first: the replacement is not to run over a mebibyte.
  const line = value
    .slice(0, longest + 1)
    .replace(NOT_PLAIN, ' ')
    .trim();
  if (line === '') return undefined;
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** A duration as a person says it: `30 minutes`. */
export function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
