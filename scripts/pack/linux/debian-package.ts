import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Packed } from '../archives.ts';
import type { PackedApp } from '../packed-app.ts';
import type { Target } from '../target.ts';

/** What Chromium needs of a Debian, beside what every one of them has. */
const DEPENDS = [
  ...['libgtk-3-0', 'libnotify4', 'libnss3', 'libxss1', 'libxtst6', 'xdg-utils', 'libatspi2.0-0', 'libuuid1'],
  ...['libsecret-1-0', 'desktop-file-utils'],
];

/** Without user namespaces, as on many servers and newer Ubuntus, Chromium's sandbox needs this one program to be root's. */
const AFTER_INSTALL = (app: PackedApp) => `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  if [ -e /opt/${app.executable}/chrome-sandbox ]; then chmod 4755 /opt/${app.executable}/chrome-sandbox; fi
  update-desktop-database -q || :
fi
`;

const AFTER_REMOVAL = `#!/bin/sh
set -e
if [ "$1" = remove ]; then update-desktop-database -q || :; fi
`;

/** A Debian package: for everybody on a machine, in the menu and with the scheme, without a first start. */
export async function buildDebianPackage({ app, target, folder }: Packed, file: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'deskauth-deb-'));
  try {
    const put = async (from: string, to: string) => {
      await mkdir(dirname(join(root, to)), { recursive: true });
      await cp(join(folder, from), join(root, to), { recursive: true, verbatimSymlinks: true });
    };
    await put('.', `opt/${app.executable}`);
    for (const name of ['install.sh', 'uninstall.sh']) await rm(join(root, 'opt', app.executable, name));
    await put(`${app.id}.desktop`, `usr/share/applications/${app.id}.desktop`);
    await put(`${app.id}.svg`, `usr/share/icons/hicolor/scalable/apps/${app.id}.svg`);
    await put(`${app.id}.png`, `usr/share/icons/hicolor/512x512/apps/${app.id}.png`);
    await mkdir(join(root, 'usr/bin'));
    await symlink(`/opt/${app.executable}/${app.executable}`, join(root, 'usr/bin', app.executable));
    await writeControl(app, target, join(root, 'DEBIAN'));
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', root, file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    await rm(root, { recursive: true });
  }
}

async function writeControl(app: PackedApp, target: Target, folder: string): Promise<void> {
  const settings = `/opt/${app.executable}/resources/desktop.settings.json\n`;
  await mkdir(folder, { mode: 0o755 });
  await writeFile(join(folder, 'control'), buildControl(app, target));
  // What an administrator has changed stays when a newer version comes.
  await writeFile(join(folder, 'conffiles'), settings);
  await writeFile(join(folder, 'postinst'), AFTER_INSTALL(app), { mode: 0o755 });
  await writeFile(join(folder, 'postrm'), AFTER_REMOVAL, { mode: 0o755 });
}

/** @see Debian Policy Manual, 5.3 */
function buildControl(app: PackedApp, target: Target): string {
  return [
    `Package: ${app.executable}`,
    `Version: ${app.version}`,
    `Architecture: ${target.arch === 'x64' ? 'amd64' : 'arm64'}`,
    `Maintainer: ${app.contact}`,
    `Depends: ${DEPENDS.map((name) => (/^lib(gtk|atspi)/.test(name) ? `${name} | ${name}t64` : name)).join(', ')}`,
    'Section: misc',
    'Priority: optional',
    `Homepage: ${app.homepage}`,
    `Description: ${app.description}`,
    '',
  ].join('\n');
}
