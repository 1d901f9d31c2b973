import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { getRawHeader } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { packedApp } from '../../scripts/pack/packed-app.ts';
import { nameOf } from '../../scripts/pack/target.ts';
import { buildInstallerScript } from '../../scripts/pack/windows/installer.ts';
import { plist, resedit } from './electron-zips/packagers-own.ts';
import { writeElectronZips } from './electron-zips/write-zips.ts';
import { runPack } from './packed-app.ts';

const SCHEME = 'com.deskauth.sample';
const { arch } = process as { arch: 'x64' | 'arm64' };
const digestOf = (archive: string) =>
  createHash('sha256').update(getRawHeader(archive).headerString).digest('hex');

/** The keyring's part for another system is fetched once, and a machine without a registry has none. */
const NO_PART = /could not be had from the registry/;

suite('D24 packed for another system, as far as it can be seen from this one', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'deskauth-packed-'));
    await mkdir(join(directory, 'zips'));
    await writeElectronZips(join(directory, 'zips'));
  });
  after(() => rm(directory, { recursive: true }));
  const pack = (...args: string[]) =>
    runPack(['--electron-zips', join(directory, 'zips'), '--out', directory, ...args]);
  const folderOf = (system: 'darwin' | 'win32') =>
    join(directory, `deskauth-companies-0.1.0-${nameOf({ system, arch })}`);

  test('D07 macOS: the bundle owns the scheme, is named, and holds its archive to a digest', async (t) => {
    const { code, output } = pack('--mac');
    if (NO_PART.test(output)) return t.skip(output);
    assert.equal(code, 0, output);
    const contents = join(folderOf('darwin'), 'Deskauth Companies.app/Contents');
    const info = plist.parse(await readFile(join(contents, 'Info.plist'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual(info.CFBundleURLTypes, [
      { CFBundleURLName: 'Deskauth Companies', CFBundleURLSchemes: [SCHEME] },
    ]);
    assert.equal(info.CFBundleIdentifier, SCHEME);
    assert.equal(info.CFBundleShortVersionString, '0.1.0');
    const hash = digestOf(join(contents, 'Resources/app.asar'));
    assert.deepEqual(info.ElectronAsarIntegrity, { 'Resources/app.asar': { algorithm: 'SHA256', hash } });
    assert.ok(existsSync(join(contents, 'Resources/desktop.settings.json')));
    const fuses = await getCurrentFuseWire(join(folderOf('darwin'), 'Deskauth Companies.app'));
    assert.equal(fuses[FuseV1Options.RunAsNode], FuseState.DISABLE);
    assert.equal(
      (await readFile(join(contents, 'Resources/electron.icns'))).toString('latin1', 0, 4),
      'icns',
    );
  });

  test('Windows: the program is named, has its icon, and holds its archive to a digest', async (t) => {
    const { code, output } = pack('--win');
    if (NO_PART.test(output)) return t.skip(output);
    assert.equal(code, 0, output);
    const program = join(folderOf('win32'), 'deskauth-companies.exe');
    const { entries } = resedit.NtExecutableResource.from(resedit.NtExecutable.from(await readFile(program)));
    const [version] = resedit.Resource.VersionInfo.fromEntries(entries);
    const [language = {}] = version?.getAllLanguagesForStringValues() ?? [];
    const { ProductName, ProductVersion, CompanyName } = version?.getStringValues(language) ?? {};
    assert.deepEqual([ProductName, ProductVersion, CompanyName], ['Deskauth Companies', '0.1.0', 'Deskauth']);
    assert.equal(resedit.Resource.IconGroupEntry.fromEntries(entries)[0]?.icons.length, 7);
    const integrity = entries.find(({ type }) => type === 'INTEGRITY');
    const value = digestOf(join(folderOf('win32'), 'resources/app.asar'));
    assert.deepEqual(JSON.parse(Buffer.from(integrity?.bin ?? new ArrayBuffer()).toString()), [
      { file: 'resources\\app.asar', alg: 'SHA256', value },
    ]);
    for (const kind of [/\.zip/, /-setup\.exe/])
      assert.match(output, new RegExp(`^made: .*${kind.source}$|^not made: .*${kind.source}, because`, 'm'));
    const fuses = await getCurrentFuseWire(program);
    assert.equal(fuses[FuseV1Options.OnlyLoadAppFromAsar], FuseState.ENABLE);
    assert.equal(fuses[FuseV1Options.EnableEmbeddedAsarIntegrityValidation], FuseState.ENABLE);
  });

  test('D07 Windows: registration is in the person’s own part of the registry, and is taken back', async (t) => {
    const { code, output } = pack('--win', '--dir-without-electron');
    if (NO_PART.test(output)) return t.skip(output);
    assert.equal(code, 0, output);
    const folder = join(directory, `${nameOf({ system: 'win32', arch })}-without-electron`);
    const register = await readFile(join(folder, 'register-scheme.cmd'), 'utf8');
    const remove = await readFile(join(folder, 'remove-scheme.cmd'), 'utf8');
    const keys = register.match(/"HK\w+\\[^"]+"/g) ?? [];
    assert.equal(keys.length, 4);
    for (const key of keys) assert.ok(key.startsWith(`"HKCU\\Software\\Classes\\${SCHEME}`), key);
    assert.match(register, /\\"%~dp0deskauth-companies\.exe\\" \\"--\\" \\"%%1\\""/);
    assert.match(remove, /^reg delete "HKCU\\Software\\Classes\\com\.deskauth\.sample" \/f\r$/m);
  });

  test('D07 the installer for Windows asks for no administrator and writes to the person’s own registry only', () => {
    const source = { folder: '/packed', icon: '/packed/icon.ico', file: '/setup.exe' };
    const script = buildInstallerScript(packedApp, SCHEME, source);
    assert.match(script, /^RequestExecutionLevel user$/m);
    assert.match(script, /^InstallDir '\$LOCALAPPDATA\\Programs\\Deskauth Companies'$/m);
    assert.doesNotMatch(script, /HKLM|HKCR|SHCTX/);
    const command = `'"$INSTDIR\\deskauth-companies.exe" "--" "%1"'`;
    assert.ok(script.includes(`\\shell\\open\\command' '' ${command}`));
    const removal = script.slice(script.indexOf('Section Uninstall'));
    assert.ok(removal.includes(`DeleteRegKey HKCU 'Software\\Classes\\${SCHEME}'`));
    const quoted = { ...packedApp, productName: "Bob's" };
    assert.throws(() => buildInstallerScript(quoted, SCHEME, source), /cannot hold ".*Bob's/);
  });

  test('without Electron’s binary it says what is missing, why and what to do, and fails', () => {
    const { code, output } = runPack(['--linux', '--electron-zips', directory, '--out', directory]);
    assert.equal(code, 1);
    assert.match(output, /^Electron's binary is missing: electron-v[\d.]+-linux-\w+\.zip\.$/m);
    assert.match(output, /^Why: the folder .* does not have it\.$/m);
    assert.match(output, /--electron-zips FOLDER[\s\S]*--dir-without-electron/);
  });

  test('a wrong word says what there is, without a stack', () => {
    for (const args of [['--macos'], ['--arch', 'ia32']]) {
      const { code, output } = runPack(args);
      assert.equal(code, 2);
      assert.match(output, /npm run pack -- \[--linux\]/);
      assert.doesNotMatch(output, /^ {4}at /m);
    }
  });

  test('settings that the app would refuse are not packed', () => {
    const { code, output } = runPack([
      '--dir-without-electron',
      '--settings',
      'package.json',
      '--out',
      directory,
    ]);
    assert.equal(code, 1);
    assert.match(output, /^Settings file .*package\.json: /m);
  });
});
