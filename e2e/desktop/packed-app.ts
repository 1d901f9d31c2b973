import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeElectronZips } from './electron-zips/write-zips.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What `npm run pack` runs. @returns how it ended and what it said */
export function runPack(args: readonly string[]): { code: number | null; output: string } {
  const script = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'scripts/pack.ts'];
  const done = spawnSync(process.execPath, [...script, ...args], { cwd: ROOT, encoding: 'utf8' });
  return { code: done.status, output: done.stdout + done.stderr };
}

/**
 * Packs the sample with these settings around the stand-in, and unpacks what would be handed out.
 * @returns the folder of the app, and the other file that was made, where it was
 */
export async function packAndUnpack(directory: string, settingsFile: string) {
  const [zips, out, home] = await Promise.all(
    ['zips', 'out', 'Applications'].map((name) => mkdir(join(directory, name), { recursive: true })),
  );
  if (!zips || !out || !home) throw new Error('The folder is not new.');
  await writeElectronZips(zips);
  const { code, output } = runPack([
    '--linux',
    '--electron-zips',
    zips,
    '--out',
    out,
    '--settings',
    settingsFile,
  ]);
  if (code !== 0) throw new Error(output);
  const made = await readdir(out);
  const find = (ending: string) => made.find((name) => name.endsWith(ending));
  execFileSync('tar', ['-xzf', join(out, find('.tar.gz') ?? ''), '-C', home]);
  const [folder = ''] = await readdir(home);
  // Nothing of the place where it was made is left.
  await rm(join(out, folder), { recursive: true });
  const debianPackage = find('.deb');
  return { folder: join(home, folder), ...(debianPackage && { debianPackage: join(out, debianPackage) }) };
}
