import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeArchives } from './pack/archives.ts';
import { findElectronZip } from './pack/electron-zip.ts';
import { packedApp } from './pack/packed-app.ts';
import { makeResources } from './pack/resources.ts';
import { type PackedSettings, readPackedSettings } from './pack/settings.ts';
import { writeSystemFiles } from './pack/system-files.ts';
import { nameOf, type Target } from './pack/target.ts';
import { packWithElectron } from './pack/with-electron.ts';
import { type PackWords, readWords, WORDS } from './pack/words.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function packAll(words: PackWords): Promise<void> {
  const settings = await readPackedSettings(words.settingsFile);
  for (const target of words.targets)
    await (words.isWithoutElectron ? makeParts(target, settings, words.out) : pack(target, settings, words));
}

/** Everything that needs no binary of Electron. */
async function makeParts(target: Target, settings: PackedSettings, out: string): Promise<void> {
  const folder = join(out, `${nameOf(target)}-without-electron`);
  await rm(folder, { recursive: true, force: true });
  await makeResources(packedApp, settings, target, join(folder, 'resources'));
  await writeSystemFiles[target.system](packedApp, settings.scheme, folder);
  say(`made: ${folder}, which is no app: everything but Electron`);
}

async function pack(target: Target, { text, scheme }: PackedSettings, words: PackWords): Promise<void> {
  // Looked for at first: without it the rest would be made in vain.
  const electronZips = await findElectronZip(target, words.electronZips);
  const resources = await mkdtemp(join(tmpdir(), 'deskauth-resources-'));
  try {
    await makeResources(packedApp, { text, scheme }, target, resources);
    const source = { resources, scheme, electronZips, out: words.out };
    const folder = await packWithElectron(packedApp, target, source);
    say(`made: ${folder}`);
    await makeArchives({ app: packedApp, target, scheme, folder }, say);
  } finally {
    await rm(resources, { recursive: true });
  }
}

function complain(error: Error, exitCode: number, more = ''): void {
  process.stderr.write(`${error.message}\n${more}`);
  process.exitCode = exitCode;
}

try {
  const words = readWords(process.argv.slice(2));
  if (words) await packAll(words).catch((error: Error) => complain(error, 1));
  else say(WORDS);
} catch (error) {
  complain(error as Error, 2, `${WORDS}\n`);
}
