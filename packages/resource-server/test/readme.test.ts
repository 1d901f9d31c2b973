import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));

/** The app that the reader has already. */
const EXISTING: Record<string, string> = {
  fastify: `declare const app: import('fastify').FastifyInstance;`,
  express: `declare const app: import('express').Express;`,
};
const OPTIONS = {
  ...{ noEmit: true, strict: true, target: 'ES2022', module: 'nodenext', lib: ['ES2022'], types: ['node'] },
  ...{ skipLibCheck: true, allowImportingTsExtensions: true, customConditions: ['source'] },
};

test('the five lines of the README compile in an app of fastify and of Express', async (t) => {
  const readme = await readFile(join(here, '../README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```ts (\w+)\n(.*?)^```/gms)];
  assert.deepEqual(
    blocks.map(([, name]) => name),
    ['fastify', 'express'],
  );
  const folder = await mkdtemp(join(here, 'readme-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [, name = '', code] of blocks) {
    const prelude = `${EXISTING[name]}\ndeclare function listCompanies(userId: string): string[];\n`;
    await writeFile(join(folder, `${name}.ts`), `${prelude}${code}`);
  }
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: OPTIONS, include: ['*.ts'] }),
  );
  await promisify(execFile)(process.execPath, [compiler, '-p', folder]).catch(({ stdout }) =>
    assert.fail(stdout),
  );
});
