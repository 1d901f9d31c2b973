import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { listTestFiles, runTestFiles, type TestResult } from './tests/run-files.ts';
import { prepareSystem } from './tests/system.ts';

/** The groups of the attack and fault catalogue, and how many items each has: GROUP-01 … GROUP-nn. */
const GROUPS: Readonly<Record<string, number>> = {
  ...{ DISC: 13, AUTH: 25, LOOP: 27, LINK: 15, OPEN: 9, TOK: 21, IDT: 28, REF: 27, STORE: 21 },
  ...{ ELEC: 27, DPOP: 14, API: 35, SPA: 18, OUT: 9, DEV: 12, CLI: 10, ENV: 11, SUP: 8 },
};
const ID = /\b([A-Z]{2,5}-\d\d)\b/g;

const say = (line: string) => process.stdout.write(`${line}\n`);

function chosenGroups(): string[] {
  try {
    const { values } = parseArgs({ options: { groups: { type: 'string' } } });
    return requireGroups(values.groups?.split(',').map((group) => group.trim()) ?? Object.keys(GROUPS));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nnpm run catalogue -- [--groups REF,STORE]\n`);
    process.exit(2);
  }
}

function requireGroups(groups: string[]): string[] {
  const unknown = groups.filter((group) => !Object.hasOwn(GROUPS, group));
  if (unknown.length === 0) return groups;
  throw new Error(`There is no group ${unknown.join(', ')}. Groups: ${Object.keys(GROUPS).join(', ')}.`);
}

const idsOf = (text: string) => [...text.matchAll(ID)].map(([id]) => id);

/** What is known of one item: a failing test outweighs a passing one, a passing one a skipped one. */
function standing(id: string, results: readonly TestResult[]): TestResult | undefined {
  const about = results.filter(({ name }) => idsOf(name).includes(id));
  const find = (outcome: TestResult['outcome']) => about.find((result) => result.outcome === outcome);
  return find('failed') ?? find('passed') ?? find('skipped');
}

const groups = chosenGroups();
const ids = groups.flatMap((group) =>
  Array.from({ length: GROUPS[group] ?? 0 }, (_, index) => `${group}-${String(index + 1).padStart(2, '0')}`),
);
prepareSystem(say);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { stdio: 'inherit' });
execFileSync(process.execPath, ['scripts/build-samples.ts'], { stdio: 'inherit' });
const wanted = new Set(ids);
const files = listTestFiles().filter((file) =>
  idsOf(readFileSync(file, 'utf8')).some((id) => wanted.has(id)),
);
const results = files.length > 0 ? await runTestFiles(files, () => {}) : [];

const counts = { passed: 0, skipped: 0, failed: 0, missing: 0 };
for (const id of ids) {
  const result = standing(id, results);
  counts[result?.outcome ?? 'missing'] += 1;
  if (!result) say(`- ${id}  no test`);
  else if (result.outcome === 'passed') say(`✔ ${id}  ${result.file}`);
  else if (result.outcome === 'skipped') say(`○ ${id}  skipped: ${result.reason}`);
  else say(`✘ ${id}  ${result.name} (${result.file})`);
}
say(`covered ${counts.passed}/${ids.length} · skipped ${counts.skipped} · failing ${counts.failed}`);
process.exitCode = counts.missing + counts.failed > 0 ? 1 : 0;
