import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeArchives } from './pack/archives.ts';
import { findElectronZip } from './pack/electron-zip.ts';
import { packedApp } from './pack/packed-app.ts';
import { makeResources } from './pack/resources.ts';
import { readPackedSettings } from './pack/settings.ts';
import { writeSystemFiles } from './pack/system-files.ts';
import { nameOf, type System, type Target } from './pack/target.ts';
import { packWithElectron } from './pack/with-electron.ts';
import { DESKTOP } from './samples/desktop-page.ts';

const WORDS = `npm run pack -- [--linux] [--mac] [--win] [--arch x64|arm64] [--settings FILE] [--out FOLDER]
                [--electron-zips FOLDER | --dir-without-electron]`;
const say = (text: string) => process.stdout.write(`${text}\n`);

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

function readWords() {
  const { values } = parseArgs({
    options: {
      ...{ linux: flag, mac: flag, win: flag, arch: text, settings: text, out: text },
      ...{ 'electron-zips': text, 'dir-without-electron': flag, help: flag },
    },
  });
  if (values.help) {
    say(WORDS);
    process.exit(0);
  }
  const arch = values.arch ?? process.arch;
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`--arch: expected x64 or arm64, found "${arch}".`);
  const asked = { linux: values.linux, darwin: values.mac, win32: values.win };
  const systems = (Object.keys(asked) as System[]).filter((system) => asked[system]);
  const targets = (systems.length > 0 ? systems : [ownSystem()]).map((system): Target => ({ system, arch }));
  return {
    targets,
    settingsFile: values.settings ?? join(DESKTOP, 'desktop.settings.json'),
    out: resolve(values.out ?? 'out'),
    electronZips: values['electron-zips'],
    isWithoutElectron: values['dir-without-electron'],
  };
}

function ownSystem(): System {
  if (process.platform === 'linux' || process.platform === 'darwin' || process.platform === 'win32')
    return process.platform;
  throw new Error(`There is no Electron for ${process.platform}: name a system, --linux, --mac or --win.`);
}

async function pack(): Promise<void> {
  const { targets, settingsFile, out, electronZips, isWithoutElectron } = readWords();
  const settings = await readPackedSettings(settingsFile);
  for (const target of targets) {
    const parts = join(out, `${nameOf(target)}-without-electron`);
    // Looked for at first: without it the rest would be made in vain.
    const zips = isWithoutElectron ? undefined : await findElectronZip(target, electronZips);
    await rm(parts, { recursive: true, force: true });
    await mkdir(parts, { recursive: true });
    const resources = join(parts, 'resources');
    await makeResources(packedApp, settings, target, resources);
    if (zips === undefined) {
      await writeSystemFiles[target.system](packedApp, settings.scheme, parts);
      say(`made: ${parts}, which is no app: everything but Electron`);
      continue;
    }
    const source = { resources, scheme: settings.scheme, electronZips: zips, out };
    const folder = await packWithElectron(packedApp, target, source);
    await rm(parts, { recursive: true });
    say(`made: ${folder}`);
    await makeArchives({ app: packedApp, target, scheme: settings.scheme, folder }, say);
  }
}

try {
  await pack();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
