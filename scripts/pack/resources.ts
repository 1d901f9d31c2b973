import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createPackageWithOptions } from '@electron/asar';
import { bundleApp } from './bundle.ts';
import { buildLicences } from './licences.ts';
import { copyNativeParts } from './native-parts.ts';
import type { PackedApp } from './packed-app.ts';
import type { PackedSettings } from './settings.ts';
import type { Target } from './target.ts';

/**
 * Makes what Electron finds beside itself: the archive, what of it cannot be read in an archive, the settings, which an
 * administrator can change there, and the licences.
 * @param folder Electron's `process.resourcesPath`, to be made
 */
export async function makeResources(
  app: PackedApp,
  settings: PackedSettings,
  target: Target,
  folder: string,
): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), 'deskauth-pack-'));
  try {
    const bundles = await bundleApp(app, staging);
    const packages = await copyNativeParts(target, join(staging, 'node_modules'));
    await mkdir(folder, { recursive: true });
    // Native parts are loaded by the system, which knows no archives.
    await createPackageWithOptions(staging, join(folder, 'app.asar'), { unpack: '**/*.node' });
    await writeFile(join(folder, 'desktop.settings.json'), settings.text);
    await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), buildLicences(bundles, packages));
    await cp(resolve(import.meta.dirname, '../../LICENSE'), join(folder, 'LICENSE.txt'));
  } finally {
    await rm(staging, { recursive: true });
  }
}
