import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const SOURCES = globSync('packages/{session,node,electron,spa,dev-authority}/src/**/*.ts').map((file) =>
  readFileSync(file, 'utf8'),
);

/** The names of an interface's members, those of the interfaces that it extends among them, as the sources have them. */
function membersOf(name: string): Set<string> {
  const declaration = new RegExp(
    `^export interface ${name}(?: extends ([\\w, ]+))? \\{(?:\\}|\\n([\\s\\S]*?)^\\})`,
    'm',
  );
  const found = SOURCES.map((source) => declaration.exec(source)).filter((match) => match !== null);
  assert.equal(found.length, 1, `there is one interface ${name}`);
  const [, parents, body = ''] = found[0] ?? [];
  const own = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member = '']) => member);
  const inherited = parents?.split(',').flatMap((parent) => [...membersOf(parent.trim())]) ?? [];
  return new Set([...own, ...inherited]);
}

/** The names that the rows of a page's tables begin with. */
function rowsOf(page: string, heading = ''): string[] {
  const text = readFileSync(page, 'utf8');
  const [part = ''] = text.slice(text.indexOf(heading)).split(/\n(?=## )/, 1);
  return [...part.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name).sort();
}

test('docs/settings.md has every setting of a session, each once, and no other', () => {
  const roots = ['NodeSessionSettings', 'ElectronSessionSettings', 'SpaSessionSettings'];
  const names = new Set(roots.flatMap((root) => [...membersOf(root)]));
  for (const known of ['issuer', 'caFile', 'followMachine', 'redirectUri', 'signOutRequest'])
    assert.ok(names.has(known), known);
  assert.deepEqual(rowsOf('docs/settings.md'), [...names].sort());
});

test('the README of the development authority has every setting of it, each once, and no other', () => {
  const names = membersOf('DevAuthoritySettings');
  assert.ok(names.has('port') && names.has('refreshGraceSeconds'));
  assert.deepEqual(rowsOf('packages/dev-authority/README.md', '## Settings\n'), [...names].sort());
});
