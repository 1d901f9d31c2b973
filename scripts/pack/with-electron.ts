import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Options, packager } from '@electron/packager';
import { electronVersion } from './electron-zip.ts';
import { setFuses } from './fuses.ts';
import { buildProtocols } from './mac/url-types.ts';
import type { PackedApp } from './packed-app.ts';
import { signing } from './signing.ts';
import { writeSystemFiles } from './system-files.ts';
import { nameOf, type Target } from './target.ts';

/** What is put into Electron. */
export interface PackingSource {
  /** What `makeResources` made. */
  readonly resources: string;
  readonly scheme: string;
  /** The folder with Electron's zip. */
  readonly electronZips: string;
  /** Where the packed app's folder is to be. */
  readonly out: string;
}

/** Puts the app into Electron: names, icon, scheme, fuses, and the signature when there is one. @returns its folder */
export async function packWithElectron(
  app: PackedApp,
  target: Target,
  source: PackingSource,
): Promise<string> {
  const extras = await mkdtemp(join(tmpdir(), 'deskauth-extras-'));
  try {
    await writeSystemFiles[target.system](app, source.scheme, extras);
    const [folder] = await packager({
      ...optionsFor(app, target, source),
      icon: join(extras, target.system === 'darwin' ? 'icon.icns' : 'icon.ico'),
      afterCopyExtraResources: [
        async ({ buildPath }) => {
          if (target.system !== 'darwin') await cp(extras, buildPath, { recursive: true });
          await setFuses(app, target, buildPath);
        },
      ],
    });
    if (!folder)
      throw new Error('Nothing was packed: this system cannot make the links that an app of macOS has.');
    // Without a space: on a Linux without a desktop, `xdg-open` cannot start a program that has one in its path.
    const named = join(source.out, `${app.executable}-${app.version}-${nameOf(target)}`);
    await rm(named, { recursive: true, force: true });
    await rename(folder, named);
    return named;
  } finally {
    await rm(extras, { recursive: true });
  }
}

function optionsFor(app: PackedApp, target: Target, source: PackingSource): Options {
  const beside = ['app.asar.unpacked', 'desktop.settings.json', 'THIRD-PARTY-LICENSES.txt', 'LICENSE.txt'];
  const { resources } = source;
  return {
    // With a finished archive nothing is read from here.
    dir: resources,
    prebuiltAsar: join(resources, 'app.asar'),
    extraResource: beside.map((name) => join(resources, name)),
    platform: target.system,
    arch: target.arch,
    ...{
      electronVersion,
      electronZipDir: source.electronZips,
      out: source.out,
      overwrite: true,
      quiet: true,
    },
    name: app.productName,
    // On macOS the program in the bundle has the name that people see in its menu.
    ...(target.system !== 'darwin' && { executableName: app.executable }),
    appBundleId: app.id,
    appVersion: app.version,
    appCopyright: app.copyright,
    appCategoryType: app.macCategory,
    protocols: buildProtocols(app, source.scheme),
    win32metadata: { CompanyName: app.maker, FileDescription: app.productName },
    ...signing(),
  };
}
