/** One session on its way through the steps of a refresh. */
export interface Life {
  readonly steps: readonly string[];
  /** Steps count from now on. */
  count(): void;
  /** Called before a step; it never returns before the one where everything ends. */
  step(name: string): Promise<void>;
}

/** The sessions of one process, which end together at one step. */
export interface Lives {
  /** @param killBefore the index of the step before which all of them stop */
  expect(count: number, killBefore: number): void;
  begin(directory: string): Life;
  /** Whose file this is. */
  at(path: string): Life | undefined;
}

/** Creates {@link Lives}. @param end is called once, when the last of them has reached the step */
export function createLives(end: () => void): Lives {
  const all = new Map<string, Life>();
  let killBefore = Number.POSITIVE_INFINITY;
  let missing = 0;
  const held: unknown[] = []; // What nobody holds is collected, and its files and locks with it.

  function arrive(): Promise<never> {
    missing -= 1;
    if (missing === 0) end();
    return new Promise((resolve) => held.push(resolve));
  }

  return {
    expect(count, index) {
      missing = count;
      killBefore = index;
    },
    begin(directory) {
      const steps: string[] = [];
      let isCounting = false;
      const life: Life = {
        steps,
        count() {
          isCounting = true;
        },
        async step(name) {
          if (!isCounting) return;
          steps.push(name);
          if (steps.length > killBefore) await arrive();
        },
      };
      all.set(directory, life);
      return life;
    },
    at: (path) => [...all].find(([directory]) => path.startsWith(directory))?.[1],
  };
}
