import { readPrivateFile, writePrivateFile } from './private-file.ts';
import type { StorageReport } from './report.ts';

/** Asks whether the session may be kept with a key in a file; false keeps it in memory. */
export type AskWeakerStorage = (report: StorageReport) => boolean | Promise<boolean>;

/** What was decided about a key in a file. */
export interface Consent {
  /** Undefined while nobody has decided. */
  decision(): Promise<boolean | undefined>;
  /** Asks, once; the answer is recorded. Undefined where there is nobody to ask, or no answer came. */
  ask(report: StorageReport): Promise<boolean | undefined>;
}

/**
 * Creates the memory of a decision.
 * @param file where an answer is recorded beside the data, so that it is not asked at each start
 */
export function createConsent(option: 'refuse' | 'allow' | AskWeakerStorage, file: string): Consent {
  let answer: Promise<boolean | undefined> | undefined;

  async function decision(): Promise<boolean | undefined> {
    if (typeof option !== 'function') return option === 'allow';
    return parseDecision(await readPrivateFile(file).catch(() => undefined));
  }
  async function askNow(question: AskWeakerStorage, report: StorageReport): Promise<boolean> {
    const isAllowed = (await question(report)) === true;
    await writePrivateFile(file, JSON.stringify({ keyFile: isAllowed })).catch(() => undefined);
    return isAllowed;
  }

  return {
    decision: async () => (await decision()) ?? (await peek(answer)),
    async ask(report) {
      if (typeof option === 'function') answer ??= askNow(option, report).catch(() => undefined);
      return answer;
    },
  };
}

/** The answer where it is there already: nobody waits for a person here. */
function peek<T>(answer: Promise<T> | undefined): Promise<T | undefined> {
  return Promise.race([answer, Promise.resolve(undefined)]);
}

/** A record that is damaged is none. */
function parseDecision(text: string | undefined): boolean | undefined {
  try {
    const { keyFile } = JSON.parse(text ?? '{}') as { readonly keyFile?: unknown };
    return typeof keyFile === 'boolean' ? keyFile : undefined;
  } catch {
    return undefined;
  }
}
