import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { extractAll } from '@electron/asar';

/** A packed app, opened. */
export interface PackedApp {
  /** Electron's `process.resourcesPath`: what lies beside the archive. */
  readonly resources: string;
  /** What was in the archive and beside it in `app.asar.unpacked`; removed when this process ends. */
  readonly folder: string;
}

/**
 * Opens `app.asar`, or the one in a folder of resources. Node cannot read in an archive, so it is laid out in a temporary
 * folder: nothing of the place where it was made is above that.
 * @returns undefined for an app that is not packed
 * @throws Error for a damaged archive, and where something of it is missing in `app.asar.unpacked`
 */
export function openPackedApp(path: string): PackedApp | undefined {
  const archive = basename(path) === 'app.asar' ? resolve(path) : resolve(path, 'app.asar');
  if (!existsSync(archive) || !statSync(archive).isFile()) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'electron-stand-in-app-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  extractAll(archive, folder);
  return { resources: dirname(archive), folder };
}
