import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { downloadArtifact } from '@electron/get';
import { nameOf, type Target } from './target.ts';

const require = createRequire(import.meta.url);

/** The Electron that the app is written for. */
export const electronVersion: string = require('electron/package.json').version;

/** The name of Electron's own zip. */
export const zipName = (target: Target): string => `electron-v${electronVersion}-${nameOf(target)}.zip`;

/**
 * Where Electron's zip for a target is: in the folder that was named, else where it was downloaded to, now or earlier.
 * What was downloaded is held to the digest that came with the package `electron`.
 * @param folder with zips in it. @default downloads
 * @returns the folder that has it
 * @throws Error that says what is missing, why, and what to do
 */
export async function findElectronZip(target: Target, folder?: string): Promise<string> {
  if (folder !== undefined) {
    if (existsSync(join(folder, zipName(target)))) return resolve(folder);
    throw missing(target, `the folder ${folder} does not have it`);
  }
  const checksums = JSON.parse(await readFile(require.resolve('electron/checksums.json'), 'utf8'));
  const { system: platform, arch } = target;
  const artifact = { version: electronVersion, artifactName: 'electron', platform, arch, checksums } as const;
  const zip = await downloadArtifact(artifact).catch((error: Error) => {
    throw missing(target, reasonOf(error));
  });
  return dirname(zip);
}

function reasonOf({ message, cause }: Error): string {
  const because = cause instanceof Error ? ` (${cause.message})` : '';
  return `it could not be downloaded: ${message.split('\n')[0]}${because}`;
}

function missing(target: Target, because: string): Error {
  return new Error(`Electron's binary is missing: ${zipName(target)}.
Why: ${because}.
npm installs Electron's types only; its binary is published outside of the npm registry, at
https://github.com/electron/electron/releases/tag/v${electronVersion}
What to do, one of:
  let this machine reach github.com (behind a proxy: ELECTRON_GET_USE_PROXY=1 and HTTPS_PROXY), or name a mirror in ELECTRON_MIRROR;
  download the zip elsewhere, and name its folder: npm run pack -- --electron-zips FOLDER;
  make all that needs no binary: npm run pack -- --dir-without-electron`);
}
