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

/** A duration as a person says it, rounded: `30 minutes`, and 7,199 seconds are `2 hours`. */
export function inWords(seconds: number): string {
  const rounded = Math.round(seconds);
  const minutes = Math.round(seconds / 60);
  const hours = Math.round(seconds / 3600);
  if (rounded < 120) return rounded === 1 ? '1 second' : `${rounded} seconds`;
  if (minutes < 120) return `${minutes} minutes`;
  return hours < 48 ? `${hours} hours` : `${Math.round(seconds / 86_400)} days`;
}
