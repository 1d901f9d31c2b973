/** What one check found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** `note`: it works, and somebody should know. `bad`: a sign-in fails or is not safe because of it. */
  readonly verdict: 'good' | 'note' | 'bad';
  readonly says: string;
  /** What to do about it. */
  readonly next?: string;
}

/** One check. It starts nothing that a person would see. */
export type Check = () => Promise<readonly Finding[]> | readonly Finding[];

const MARKS = { good: '✔', note: '!', bad: '✘' } as const;

/** A finding as a line or two. */
export function toLines({ check, verdict, says, next }: Finding): string {
  const line = `${MARKS[verdict]} ${check.padEnd(12)} ${says}`;
  return next === undefined ? line : `${line}\n  ${''.padEnd(12)} → ${next}`;
}
