import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { faults } from '../testing/hostile-authority/src/index.ts';

const page = readFileSync('docs/conformance.md', 'utf8');
const rows = new Map(
  [...page.matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)].map(([, module = '', covered = '']) => [
    module,
    covered,
  ]),
);
const lies = new Set(faults.flatMap(({ conformance }) => conformance ?? []));

test('every fault that is named after a module of the suite stands in docs/conformance.md', () => {
  assert.deepEqual(
    [...lies].filter((module) => rows.get(module) !== 'lie'),
    [],
  );
});

test('every module in docs/conformance.md is covered as it says', () => {
  for (const [module, covered] of rows) assert.ok(isCovered(module, covered), `${module}: ${covered}`);
  assert.ok(rows.size > 60);
});

function isCovered(module: string, covered: string): boolean {
  if (covered === 'lie') return lies.has(module);
  const [, other] = /^as `([\w-]+)`$/.exec(covered) ?? [];
  if (other !== undefined) return rows.get(other) === 'lie';
  const [, words = '', path = ''] = /^test: \[(.+)\]\((.+)\)$/.exec(covered) ?? [];
  if (path === '') return /^no: \S/.test(covered);
  const text = readFileSync(join('docs', path), 'utf8');
  // Names of tests that are made from a table end where its first column begins.
  const names = [...text.matchAll(/^\s*test\(\s*[`'](.+?)[`'],/gm)].map(([, name = '']) => name);
  const wanted = words === 'the module’s name' ? module : words;
  return names.some((name) => name.includes(wanted) || wanted.startsWith(nameUpToTable(name)));
}

function nameUpToTable(name: string): string {
  const [, fixed = '-'] = /(oidcc-[\w-]+)\$\{/.exec(name) ?? [];
  return fixed;
}
