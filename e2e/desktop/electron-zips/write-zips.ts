import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildProgram, FUSES } from '@deskauth/electron-stand-in';
import { buildIco } from '../../../scripts/pack/icon.ts';
import { plist, resedit } from './packagers-own.ts';
import { buildZip, type ZipEntry } from './zip.ts';

const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };

const LICENCES: readonly ZipEntry[] = [
  { name: 'LICENSE', data: 'The licence of Electron' },
  { name: 'LICENSES.chromium.html', data: 'The licences of Chromium' },
  { name: 'version', data: version },
];

/** What Electron's zip for Linux has, as far as a packer cares; its program runs the stand-in. */
const LINUX: readonly ZipEntry[] = [
  ...LICENCES,
  { name: 'electron', data: buildProgram(), isProgram: true },
  { name: 'resources/default_app.asar', data: 'the app that shows itself where there is none' },
];

const contents = 'Electron.app/Contents';
const helper = `${contents}/Frameworks/Electron Helper.app/Contents`;

/** The same for macOS; nothing in it can be started. */
const MAC: readonly ZipEntry[] = [
  ...LICENCES,
  { name: `${contents}/Info.plist`, data: buildInfo('Electron') },
  { name: `${contents}/MacOS/Electron`, data: 'a program', isProgram: true },
  { name: `${contents}/Resources/electron.icns`, data: 'an icon' },
  { name: `${contents}/Frameworks/Electron Framework.framework/Electron Framework`, data: FUSES },
  { name: `${helper}/Info.plist`, data: buildInfo('Electron Helper') },
  { name: `${helper}/MacOS/Electron Helper`, data: 'a program', isProgram: true },
];

function buildInfo(name: string): string {
  return plist.build({ CFBundleName: name, CFBundleExecutable: name, CFBundleIconFile: 'electron.icns' });
}

/** A program of Windows that does nothing: it has an icon, a version and fuses. */
function buildWindowsProgram(): Buffer {
  const program = resedit.NtExecutable.createEmpty(false, false);
  const resources = resedit.NtExecutableResource.from(program);
  const language = { lang: 1033, codepage: 1200 };
  const icons = resedit.Data.IconFile.from(buildIco([16])).icons.map(({ data }) => data);
  resedit.Resource.IconGroupEntry.replaceIconsForResource(resources.entries, 1, language.lang, icons);
  const strings = [{ ...language, values: { ProductName: 'Electron' } }];
  resedit.Resource.VersionInfo.create(language.lang, {}, strings).outputToResourceEntries(resources.entries);
  resources.entries.push({ type: 'FUSES', id: 1, ...language, bin: new Uint8Array(FUSES).buffer });
  resources.outputResource(program);
  return Buffer.from(program.generate());
}

/** Writes a folder with zips that are named as Electron's are. */
export async function writeElectronZips(folder: string): Promise<void> {
  const windows = [...LICENCES, { name: 'electron.exe', data: buildWindowsProgram() }];
  for (const [system, entries] of [
    ['linux', LINUX],
    ['darwin', MAC],
    ['win32', windows],
  ] as const)
    await writeFile(join(folder, `electron-v${version}-${system}-${process.arch}.zip`), buildZip(entries));
}
