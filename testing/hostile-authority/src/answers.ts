import type { Bend } from './scene.ts';

/** Parameters to replace, to add or (undefined) to take out. */
export type Change = Readonly<Record<string, string | undefined>>;

/** The honest address with parameters replaced, added or (undefined) taken out. */
export function changed(honest: URL, change: Change): string {
  const url = new URL(honest);
  for (const [name, value] of Object.entries(change))
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  return url.href;
}

/** An answer with parameters changed. */
export const answering = (change: Change): Bend => ({ answer: (honest) => changed(honest, change) });
