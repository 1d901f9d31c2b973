import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What an app's package.json says, as far as Electron cares. */
export interface Manifest {
  /** The folder of package.json, or that of the main file when there is none. */
  readonly folder: string;
  readonly mainFile: string;
  readonly name: string;
  readonly version: string;
}

let known: Manifest | undefined;

/** The running app's. */
export function manifest(): Manifest {
  known ??= readManifest(process.argv[1] ?? '.');
  return known;
}

/** Makes this the running app's, wherever it was started from. */
export function useManifest(path: string): Manifest {
  known = readManifest(path);
  return known;
}

/**
 * Looks as `electron PATH` does: a folder names its main file in package.json. For a file the nearest package.json
 * above it counts, so that an app has the same name however it is started.
 */
export function readManifest(path: string): Manifest {
  const start = resolve(path);
  const isFolder = statSync(start).isDirectory();
  const folder = folderOfPackage(isFolder ? start : dirname(start));
  const { productName, name, version, main } = folder ? readPackage(folder) : {};
  return {
    folder: folder ?? dirname(start),
    mainFile: isFolder ? join(start, main ?? 'index.js') : start,
    name: productName ?? name ?? 'Electron',
    version: version ?? '0.0.0',
  };
}

function folderOfPackage(folder: string): string | undefined {
  if (statSync(join(folder, 'package.json'), { throwIfNoEntry: false })) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : folderOfPackage(parent);
}

function readPackage(folder: string): Partial<Record<'productName' | 'name' | 'version' | 'main', string>> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
}
