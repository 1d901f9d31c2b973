import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { renderRows } from './table.ts';

interface Entry {
  readonly name: string;
  /** A module that uses what a page needs: sign-in by redirect, renewal, an access token, sign-out. */
  readonly code: string;
}

const OURS = '@deskauth/spa';

/** Nobody's optional parts are counted: each line is what the maker's own first example needs. */
const entries: readonly Entry[] = [
  {
    name: OURS,
    code: `import { createSpaSession } from '@deskauth/spa'; export default createSpaSession;`,
  },
  {
    name: 'oidc-client-ts',
    code: `import { UserManager, WebStorageStateStore } from 'oidc-client-ts'; export default [UserManager, WebStorageStateStore];`,
  },
  {
    name: '@auth0/auth0-spa-js',
    code: `import { createAuth0Client } from '@auth0/auth0-spa-js'; export default createAuth0Client;`,
  },
  {
    name: '@azure/msal-browser',
    code: `import { PublicClientApplication } from '@azure/msal-browser'; export default PublicClientApplication;`,
  },
  { name: 'keycloak-js', code: `import Keycloak from 'keycloak-js'; export default Keycloak;` },
];

interface Size {
  readonly name: string;
  /** Bytes after minifying. */
  readonly minified: number;
  readonly gzip: number;
  readonly brotli: number;
}

/** How much a page loads: minified by esbuild for ES2022, then compressed. Exit code 0: we are not the largest. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { json: { type: 'boolean', default: false } } });
  const sizes = await Promise.all(entries.map(measure));
  const ours = sizes.find(({ name }) => name === OURS)?.gzip ?? Number.NaN;
  const ratios = Object.fromEntries(sizes.map(({ name, gzip }) => [name, round(ours / gzip)]));
  process.stdout.write(values.json ? `${JSON.stringify({ sizes, ratios })}\n` : renderTable(sizes, ratios));
  return sizes.some(({ gzip }) => gzip > ours) ? 0 : 1;
}

async function measure({ name, code }: Entry): Promise<Size> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, '..', 'samples', 'spa', 'src') },
    // The workspaces share one folder of packages; a page's own would be found from where its code is.
    nodePaths: [join(import.meta.dirname, 'node_modules'), join(import.meta.dirname, '..', 'node_modules')],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', platform: 'browser' },
    conditions: ['source'],
    legalComments: 'none',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return {
    ...{ name, minified: bytes.length },
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
}

function renderTable(sizes: readonly Size[], ratios: Readonly<Record<string, number>>): string {
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
  const rows = sizes.map(({ name, minified, gzip, brotli }) => [
    name,
    kilobytes(minified),
    kilobytes(gzip),
    kilobytes(brotli),
    String(ratios[name]),
  ]);
  return `Size in kB of what a page loads\n${renderRows([['', 'minified', 'gzip', 'brotli', 'ours/it'], ...rows])}`;
}

const round = (value: number) => Math.round(value * 100) / 100;
