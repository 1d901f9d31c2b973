import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import type { PackedApp } from './packed-app.ts';
import type { System, Target } from './target.ts';

/**
 * What Electron's binary can do beside running this app: nothing. Deskauth starts nothing with `ELECTRON_RUN_AS_NODE`; the
 * keyring is asked by a utility process.
 * @see https://www.electronjs.org/docs/latest/tutorial/fuses
 */
const FUSES = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // On macOS and Windows; on Linux Electron does not look.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The page is served by the app's own scheme.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Makes WebAssembly quick, and safe all the same: Electron's default.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const;

const PROGRAMS: Readonly<Record<System, (app: PackedApp) => string>> = {
  linux: ({ executable }) => executable,
  darwin: ({ productName }) => `${productName}.app`,
  win32: ({ executable }) => `${executable}.exe`,
};

/**
 * Sets the fuses, before anything is signed. A fuse that a newer Electron has and this list has not is an error.
 * @param folder that of the packed app
 */
export async function setFuses(app: PackedApp, { system, arch }: Target, folder: string): Promise<void> {
  await flipFuses(join(folder, PROGRAMS[system](app)), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Apple silicon starts nothing whose signature does not fit, be it only that of its maker.
    resetAdHocDarwinSignature: process.platform === 'darwin' && arch === 'arm64',
    ...FUSES,
  });
}
