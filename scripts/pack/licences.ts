import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * The licences of everything by others that is in the app: what was bundled, and the packages that stay packages.
 * Electron's own and Chromium's come with Electron.
 * @throws Error for a package that has neither a text nor a name of its licence
 */
export function buildLicences(bundles: readonly Metafile[], packages: readonly string[]): string {
  const bundled = bundles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap(packageOf);
  const folders = [...new Set([...bundled, ...packages])].sort();
  return folders.map(licenceOf).join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of a package in `node_modules`; nothing for files of our own. */
function packageOf(input: string): string[] {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found?.[1] ? [resolve(ROOT, found[1])] : [];
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = globSync('{LICEN,Licen,licen,NOTICE,COPYING}*', { cwd: folder }).sort();
  if (files.length === 0 && !license) throw new Error(`${name} does not say what its licence is.`);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version}${license ? ` (${license})` : ''}`, ...texts, ''].join('\n\n');
}
