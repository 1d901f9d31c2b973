import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keyringPart, nameOf, type Target } from './target.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Where `packages/node` finds its own. */
const BASE = pathToFileURL(join(ROOT, 'packages/node/package.json'));

/** What cannot be bundled: packages that load a native part by its place on the disk. */
export const NATIVE_PACKAGES = ['@napi-rs/keyring', 'fs-native-extensions'];

/**
 * Copies the packages that stay packages, with what they need, reduced to what runs on the target.
 * @param modules the folder `node_modules` to be filled
 * @returns the folders that they came from, for their licences
 * @throws Error when the part for the target can be had neither here nor from the registry
 */
export async function copyNativeParts(target: Target, modules: string): Promise<string[]> {
  const names = new Set<string>();
  const collect = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
    Object.keys(dependencies).forEach(collect);
  };
  NATIVE_PACKAGES.forEach(collect);
  const part = keyringPart(target);
  const folders = new Map([...names].map((name) => [name, folderOf(name)]));
  folders.set(part, await findPart(part));
  for (const [name, folder] of folders) await copyPackage(folder, join(modules, name), target);
  return [...folders.values()];
}

/** Scripts, manifests and licences, and of native parts the target's: not sources, types, or the other systems' parts. */
async function copyPackage(from: string, to: string, target: Target): Promise<void> {
  const isPart = (file: string) => !file.startsWith('prebuilds') || file.includes(nameOf(target));
  const isWanted = (file: string) => {
    const extension = extname(file);
    if (extension === '.node') return isPart(file);
    return /^\.(js|cjs|mjs|json)$/.test(extension) || /^licen[cs]e/i.test(file);
  };
  for (const file of globSync('**/*', { cwd: from }).filter(isWanted)) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(from, file), join(to, file));
  }
}

function folderOf(name: string): string {
  const manifest = findPackageJSON(name, BASE);
  if (!manifest) throw new Error(`${name} is not installed. Run: npm ci`);
  return dirname(manifest);
}

/** npm installs this machine's part only; another system's comes from the registry, once. */
async function findPart(name: string): Promise<string> {
  const installed = join(ROOT, 'node_modules', name);
  const kept = join(ROOT, '.deskauth', 'native-parts', name);
  const { version, integrity } = lockedPart(name);
  const found = [installed, kept].find((folder) => versionIn(folder) === version);
  if (found === undefined) await fetchPart(`${name}@${version}`, integrity, kept);
  return found ?? kept;
}

function versionIn(folder: string): string | undefined {
  const manifest = join(folder, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

async function fetchPart(part: string, integrity: string, folder: string): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'deskauth-part-'));
  try {
    const file = runNpm(['pack', '--loglevel=error', '--fetch-retries=0', part], place).trim();
    const digest = createHash('sha512')
      .update(await readFile(join(place, file)))
      .digest('base64');
    if (integrity !== `sha512-${digest}`) throw new Error('its digest is not the one in package-lock.json');
    execFileSync('tar', ['-xzf', file], { cwd: place });
    await rm(folder, { recursive: true, force: true });
    await cp(join(place, 'package'), folder, { recursive: true });
  } catch (error) {
    throw new Error(
      `The keyring's native part ${part} is not installed here and could not be had from the registry: ` +
        `${reasonOf(error as Error)}. Pack on that system, or where the registry can be reached.`,
    );
  } finally {
    await rm(place, { recursive: true });
  }
}

/** npm says in several lines what came of a request; one of them is for people. */
function reasonOf({ message }: Error): string {
  return /^npm error .*?(request to .*|[45]\d\d .*)$/m.exec(message)?.[1] ?? message.trim();
}

/** On Windows npm is a script, which only a shell can run. */
function runNpm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    shell: process.platform === 'win32',
  });
}

function lockedPart(name: string): { readonly version: string; readonly integrity: string } {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const locked = packages[`node_modules/${name}`];
  if (!locked) throw new Error(`The keyring library has no native part ${name}.`);
  return locked;
}
