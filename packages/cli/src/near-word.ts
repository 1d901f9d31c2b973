import { lettersBetween } from '@deskauth/session';

/** The farthest that a slip of the pen is from what was meant: two letters changed, left out or too many. */
const FARTHEST = 2;

/** The known word that a misspelt one was probably meant to be; undefined when none is near. */
export function findNear(word: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((name) => ({ name, steps: lettersBetween(word, name) }))
    .filter(({ name, steps }) => steps <= Math.min(FARTHEST, name.length - 2))
    .sort((a, b) => a.steps - b.steps);
  return nearest?.name;
}
