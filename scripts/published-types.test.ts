import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';

/** What an app needs to write down the types of what it calls, whichever package it has installed. */
const NAMES = [
  ...['AccessTokenOptions', 'AuthErrorCode', 'AuthErrorData', 'BrowserLauncher', 'Expirable'],
  ...['RedirectListener', 'RequestHooks', 'Session', 'SessionSettings', 'SessionState', 'SessionWarning'],
  ...['SettledState', 'SignIn', 'SignInOptions', 'SignOutOptions', 'TokenStore', 'User'],
];

/** What the compiler says about these programs and our own declarations, in a project of Node without a page's types. */
function faultsOf(programs: Readonly<Record<string, string>>): readonly string[] {
  const directory = resolve('.deskauth/published-types');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, code] of Object.entries(programs)) writeFileSync(join(directory, name), code);
  const compilerOptions = {
    ...{ target: 'ES2023', lib: ['ES2023'], types: ['node'], module: 'nodenext' },
    ...{ strict: true, noEmit: true, skipLibCheck: false },
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  const tsc = ['node_modules/typescript/bin/tsc', '--pretty', 'false', '-p', directory];
  const { stdout } = spawnSync(process.execPath, tsc, { encoding: 'utf8' });
  // What other packages declare is theirs.
  return stdout.split('\n').filter((line) => /^(packages|\.deskauth)\/.*error/.test(line));
}

test('an app names the types of a session with the package that it has installed', () => {
  const programOf = (from: string) => `
    import { AuthError, ${NAMES.map((name) => `type ${name}`).join(', ')} } from '${from}';
    export type All = [${NAMES.join(', ')}];
    export const next = (error: unknown) => (error instanceof AuthError ? error.next : undefined);`;
  const froms = ['@deskauth/session', '@deskauth/node', '@deskauth/electron/main'];
  const programs = froms.map((from, index) => [`app-${index}.ts`, programOf(from)]);
  assert.deepEqual(faultsOf(Object.fromEntries(programs)), []);
});

test('the types of a session stand on those of Node alone: what is wrong in a call does not compile', () => {
  const program = `
    import type { Session, SessionRecord } from '@deskauth/session';
    export async function call(session: Session, { tokens }: SessionRecord): Promise<Response> {
      await session.fetch('https://api.example.com/', { method: 'POST', token: { scope: 'companies' } });
      await session.fetch(new URL('https://api.example.com/'));
      // @ts-expect-error
      await session.fetch(123);
      // @ts-expect-error
      tokens.dpopKey?.privateKey.toFixed();
      return session.fetch(new Request('https://api.example.com/'));
    }`;
  assert.deepEqual(faultsOf({ 'app.ts': program }), []);
});

/** What these declarations, and those that they lead to, import from other packages. */
function importsOf(files: readonly string[], seen = new Set<string>()): readonly string[] {
  return files.flatMap((file) => {
    if (seen.has(file)) return [];
    seen.add(file);
    const code = readFileSync(file, 'utf8');
    const names = [...code.matchAll(/\b(?:from|import)\s*\(?'([^']+)'/g)].map(([, name = '']) => name);
    const isOwn = (name: string) => name.startsWith('.');
    const own = names.filter(isOwn).map((name) => join(dirname(file), name.replace(/\.[jt]s$/, '.d.ts')));
    return [...names.filter((name) => !isOwn(name)), ...importsOf(own, seen)];
  });
}

test('whatever the published types import comes along with its own types', () => {
  for (const manifest of globSync('packages/*/package.json')) {
    const { exports = {}, dependencies, peerDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
    const entries = Object.values<{ types?: string }>(exports).flatMap(({ types }) => types ?? []);
    const along = Object.keys({ ...dependencies, ...peerDependencies });
    for (const name of importsOf(entries.map((types) => join(dirname(manifest), types)))) {
      if (name.startsWith('node:')) continue;
      const [, owner = ''] = /^((?:@[^/]+\/)?[^/]+)/.exec(name) ?? [];
      assert.ok(along.includes(owner), `${manifest}: the types import ${owner}`);
      const apart = `@types/${owner}`;
      const isComplete = !existsSync(join('node_modules', apart)) || along.includes(apart);
      assert.ok(isComplete, `${manifest}: the types import ${owner}, whose own are in ${apart}`);
    }
  }
});
