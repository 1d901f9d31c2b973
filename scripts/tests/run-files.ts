import { globSync } from 'node:fs';
import { relative } from 'node:path';
import type { EventData } from 'node:test';
import { run } from 'node:test';

/** How one test ended. */
export interface TestResult {
  readonly name: string;
  readonly file: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or what failed. */
  readonly reason: string;
}

const PATTERNS = [
  'packages/*/test/**/*.test.ts',
  'samples/*/test/**/*.test.ts',
  'testing/*/test/**/*.test.ts',
  'e2e/**/*.test.ts',
  'scripts/**/*.test.ts',
];
/** As many as the smallest machine has processors. */
const AT_ONCE = 2;
/** One file may take this long: a browser that hangs must not hold everything up. */
const FILE_TIME_LIMIT_SECONDS = 300;

/** Every test file of the house, or those whose path contains one of the words. */
export function listTestFiles(words: readonly string[] = []): string[] {
  const files = globSync(PATTERNS, { exclude: (name) => String(name).includes('node_modules') }).sort();
  return words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));
}

/** Runs test files, each in a process of its own, two at a time; tells each result as it comes. */
export async function runTestFiles(
  files: readonly string[],
  tell: (result: TestResult) => void,
): Promise<TestResult[]> {
  const results: TestResult[] = [];
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      for await (const result of runTestFile(file)) {
        results.push(result);
        tell(result);
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

/** One file by itself: a run of several would hold results back until those of the files before are out. */
async function* runTestFile(file: string): AsyncGenerator<TestResult> {
  const stream = run({
    files: [file],
    timeout: FILE_TIME_LIMIT_SECONDS * 1000,
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
  });
  for await (const event of stream) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const result = toResult(event.type, event.data);
    if (result) yield result;
  }
}

type Ended = EventData.TestPass | EventData.TestFail;

/** Suites and files are reported too; only tests count, and files that broke before their first test. */
function toResult(type: 'test:pass' | 'test:fail', data: Ended): TestResult | undefined {
  const file = relative(process.cwd(), data.file ?? '');
  const isContainer = data.details.type === 'suite' || data.name === data.file || data.name === file;
  if (isContainer && type === 'test:pass') return undefined;
  if (data.skip !== undefined && data.skip !== false) {
    const reason = typeof data.skip === 'string' ? data.skip : 'no reason given';
    return { name: data.name, file, outcome: 'skipped', reason };
  }
  if (type === 'test:pass') return { name: data.name, file, outcome: 'passed', reason: '' };
  const { error } = (data as EventData.TestFail).details;
  // A container that fails only repeats its tests' failures.
  if (isContainer && /subtests? failed/.test(error.message)) return undefined;
  return { name: data.name, file, outcome: 'failed', reason: describe(error) };
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.stack ?? cause.message;
}
