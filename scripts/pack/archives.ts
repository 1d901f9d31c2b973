import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buildDebianPackage } from './linux/debian-package.ts';
import type { PackedApp } from './packed-app.ts';
import type { Target } from './target.ts';
import { buildInstallerScript } from './windows/installer.ts';

/** A packed app, about to become files that can be handed out. */
export interface Packed {
  readonly app: PackedApp;
  readonly target: Target;
  readonly scheme: string;
  /** Its folder. */
  readonly folder: string;
}

/** One kind of file to hand out. */
interface Archive {
  readonly ending: string;
  /** The program that makes it, and where that comes from. */
  readonly program: readonly [name: string, from: string];
  make(packed: Packed, file: string): Promise<void> | void;
}

const SYSTEMS_OWN = 'part of the system';

const LINUX: readonly Archive[] = [
  { ending: '.tar.gz', program: ['tar', SYSTEMS_OWN], make: makeTar },
  { ending: '.deb', program: ['dpkg-deb', 'Debian and its kin'], make: buildDebianPackage },
];
const MAC: readonly Archive[] = [
  { ending: '.zip', program: ['ditto', 'macOS'], make: makeMacZip },
  { ending: '.dmg', program: ['hdiutil', 'macOS'], make: makeDiskImage },
];
const WINDOWS: readonly Archive[] = [
  process.platform === 'win32'
    ? { ending: '.zip', program: ['tar', SYSTEMS_OWN], make: makeZipByTar }
    : { ending: '.zip', program: ['zip', 'the package zip'], make: makeZip },
  {
    ending: '-setup.exe',
    program: ['makensis', 'NSIS: nsis.sourceforge.io, apt install nsis'],
    make: makeInstaller,
  },
];
const ARCHIVES = { linux: LINUX, darwin: MAC, win32: WINDOWS } as const;

/**
 * Makes what can be handed out.
 * @param tell hears of each file, and of each that cannot be made here
 */
export async function makeArchives(packed: Packed, tell: (line: string) => void): Promise<void> {
  const { target, folder } = packed;
  for (const { ending, program, make } of ARCHIVES[target.system]) {
    const file = `${folder}${ending}`;
    const [name, from] = program;
    if (!hasProgram(name)) {
      tell(`not made: ${basename(file)}, because ${name} is not installed (${from})`);
      continue;
    }
    await rm(file, { force: true });
    await make(packed, file);
    tell(`made: ${file}`);
  }
}

function hasProgram(name: string): boolean {
  const [command, ...args] = process.platform === 'win32' ? ['where', name] : ['which', name];
  return spawnSync(command as string, args, { stdio: 'ignore' }).status === 0;
}

/** Runs a program of the system; what it says is shown when it fails. */
function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

function makeTar({ folder }: Packed, file: string): void {
  // GNU's would write down who has packed it.
  const nobody = process.platform === 'linux' ? ['--owner=0', '--group=0'] : [];
  run('tar', [...nobody, '-czf', file, basename(folder)], dirname(folder));
}

function makeZip({ folder }: Packed, file: string): void {
  run('zip', ['-qry', file, basename(folder)], dirname(folder));
}

function makeZipByTar({ folder }: Packed, file: string): void {
  run('tar', ['-acf', file, basename(folder)], dirname(folder));
}

/** With the links and attributes that a signature covers; Electron's licences lie beside the app. */
function makeMacZip({ folder }: Packed, file: string): void {
  run('ditto', ['-c', '-k', '--sequesterRsrc', '--keepParent', folder, file], dirname(folder));
}

function makeDiskImage({ app, folder }: Packed, file: string): void {
  const args = ['create', '-quiet', '-fs', 'HFS+', '-format', 'UDZO', '-volname', app.productName];
  run('hdiutil', [...args, '-srcfolder', folder, file], dirname(folder));
}

async function makeInstaller({ app, scheme, folder }: Packed, file: string): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'deskauth-installer-'));
  try {
    const script = join(place, 'installer.nsi');
    await writeFile(
      script,
      buildInstallerScript(app, scheme, { folder, icon: join(folder, 'icon.ico'), file }),
    );
    run('makensis', ['-V2', script], place);
  } finally {
    await rm(place, { recursive: true });
  }
}
