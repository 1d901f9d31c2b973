import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DESKTOP } from '../samples/desktop-page.ts';
import { buildIcns, buildIco, buildPng } from './icon.ts';
import { buildMenuEntry } from './linux/desktop-entry.ts';
import { buildInstallScript, buildUninstallScript } from './linux/install-scripts.ts';
import { buildUrlTypes } from './mac/url-types.ts';
import type { PackedApp } from './packed-app.ts';
import type { System } from './target.ts';
import { buildRegisterCommands, buildRemoveCommands } from './windows/scheme-commands.ts';

const PNG_SIZE = 512;

/** Writes what the system wants to see beside the program: icon, menu entry, and what registers the scheme. */
export const writeSystemFiles: Readonly<
  Record<System, (app: PackedApp, scheme: string, folder: string) => Promise<void>>
> = {
  async linux(app, scheme, folder) {
    const file = (name: string) => join(folder, name);
    const program = { mode: 0o755 };
    await mkdir(folder, { recursive: true });
    await writeFile(
      file(`${app.id}.desktop`),
      buildMenuEntry(app, scheme, `/opt/${app.executable}/${app.executable}`),
    );
    await writeFile(file(`${app.id}.png`), buildPng(PNG_SIZE));
    await cp(join(DESKTOP, 'src/renderer/mark.svg'), file(`${app.id}.svg`));
    await writeFile(file('install.sh'), buildInstallScript(app, scheme), program);
    await writeFile(file('uninstall.sh'), buildUninstallScript(app, scheme), program);
  },
  async darwin(app, scheme, folder) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'url-types.plist'), buildUrlTypes(app, scheme));
    await writeFile(join(folder, 'icon.icns'), buildIcns());
  },
  async win32(app, scheme, folder) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'register-scheme.cmd'), buildRegisterCommands(app, scheme));
    await writeFile(join(folder, 'remove-scheme.cmd'), buildRemoveCommands(scheme));
    await writeFile(join(folder, 'icon.ico'), buildIco());
  },
};
