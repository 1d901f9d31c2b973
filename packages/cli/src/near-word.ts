/** The farthest that a slip of the pen is from what was meant: two letters changed, left out or too many. */
const FARTHEST = 2;

/** The known word that a misspelt one was probably meant to be; undefined when none is near. */
export function findNear(word: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((name) => ({ name, steps: stepsBetween(word, name) }))
    .filter(({ name, steps }) => steps <= Math.min(FARTHEST, name.length - 2))
    .sort((a, b) => a.steps - b.steps);
  return nearest?.name;
}

/** How many letters have to be changed, added or removed to make one of the other (Levenshtein). */
function stepsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [index, wanted] of [...other].entries()) {
      const changed = (row[index] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(changed, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
