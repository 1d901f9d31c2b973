import { execFileSync } from 'node:child_process';
import { listTestFiles, runTestFiles, type TestResult } from './tests/run-files.ts';
import { prepareSystem } from './tests/system.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const MARKS = { passed: '✔', failed: '✘', skipped: '○' } as const;

function tell({ name, file, outcome, reason }: TestResult): void {
  say(`${MARKS[outcome]} ${name}  (${file})`);
  if (outcome === 'skipped') say(`    skipped: ${reason}`);
  if (outcome === 'failed') say(reason.replace(/^/gm, '    '));
}

/** Where many tests have failed, each still gets a look at the end: where a log is cut, that is what is left of it. */
const MOST_LINES_AGAIN = 12;

function tellAgain({ reason, ...result }: TestResult): void {
  tell({ ...result, reason: reason.split('\n').slice(0, MOST_LINES_AGAIN).join('\n') });
}

const words = process.argv.slice(2);
prepareSystem(say);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { stdio: 'inherit' });
execFileSync(process.execPath, ['scripts/build-samples.ts'], { stdio: 'inherit' });

const files = listTestFiles(words);
const results = await runTestFiles(files, tell);
const count = (outcome: TestResult['outcome']) =>
  results.filter((result) => result.outcome === outcome).length;

const failed = results.filter(({ outcome }) => outcome === 'failed');
if (failed.length > 0) say('\nFailed:');
for (const result of failed) tellAgain(result);
const skips = new Map<string, number>();
for (const { outcome, reason } of results)
  if (outcome === 'skipped') skips.set(reason, (skips.get(reason) ?? 0) + 1);
if (skips.size > 0) say('\nSkipped:');
for (const [reason, times] of skips) say(`○ ${times} × ${reason}`);

say('');
say(`${count('passed')} passed, ${failed.length} failed, ${count('skipped')} skipped`);
process.exitCode = failed.length > 0 || count('passed') === 0 ? 1 : 0;
