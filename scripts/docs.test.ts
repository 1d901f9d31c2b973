import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';

const PAGES = globSync([
  '*.md',
  'docs/**/*.md',
  'packages/*/README.md',
  'samples/*/README.md',
  'testing/*/README.md',
]).sort();

interface Block {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

const blocks: Block[] = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(
    ([, language = '', code = '']) => ({ page, language, code }),
  ),
);

test('every TypeScript block in the docs compiles', () => {
  const directory = resolve('.deskauth/doc-blocks');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const typed = blocks.filter(({ language }) => /^(ts|tsx|js|javascript|typescript)$/.test(language));
  assert.ok(typed.length > 0);
  for (const [index, { page, code, language }] of typed.entries()) {
    const name = `${page.replaceAll(/[^\w]+/g, '-')}-${index}.${language === 'tsx' ? 'tsx' : 'ts'}`;
    // A block without imports or exports must still be a module of its own.
    writeFileSync(join(directory, name), `${code}\nexport {};\n`);
  }
  const tsconfig = {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      ...{ composite: false, declarationMap: false, sourceMap: false, noEmit: true, types: ['node'] },
      ...{
        lib: ['ES2022', 'DOM'],
        jsx: 'preserve',
        allowImportingTsExtensions: true,
        rewriteRelativeImportExtensions: false,
      },
    },
    include: ['*.ts', '*.tsx', '../../scripts/docs-context.d.ts'],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  try {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', directory], {
      encoding: 'utf8',
    });
  } catch (error) {
    assert.fail(`a block does not compile:\n${(error as { stdout: string }).stdout}`);
  }
});

test('every relative link in the docs leads somewhere', () => {
  const broken = PAGES.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('every npm script named in the docs exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = PAGES.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
  );
  assert.deepEqual(
    [...new Set(named)].filter((name) => !(name in scripts)),
    [],
  );
});
