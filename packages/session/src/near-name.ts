/** A longer way is another word, not a slip of the pen. */
const MOST_LETTERS = 2;

/** The name that somebody who wrote another one will have meant; undefined if none is near. */
export function nearName(given: string, names: readonly string[]): string | undefined {
  const written = plain(given);
  const ways = names.map((name) => ({ name, letters: lettersBetween(written, plain(name)) }));
  const [nearest] = ways.sort((one, other) => one.letters - other.letters);
  if (nearest && nearest.letters <= Math.min(MOST_LETTERS, written.length / 3)) return nearest.name;
  return names.find((name) => written.length > 3 && plain(name).startsWith(written));
}

/** `client_id` is `clientId` in other packages. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

/** How many letters have to be added, left out or changed to make one word of the other (Levenshtein). */
export function lettersBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const letter of from) {
    const next = [(row[0] ?? 0) + 1];
    for (let column = 1; column <= to.length; column++) {
      const [left = 0, up = 0, before = 0] = [next[column - 1], row[column], row[column - 1]];
      next.push(Math.min(left + 1, up + 1, before + (to[column - 1] === letter ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
