import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { OPEN_KEYRING, whyNoKeyring } from '../../packages/node/test/keyring-user.ts';
import { startBrowser } from '../browser/chromium.ts';
import { signInOnPage } from '../browser/sign-in-page.ts';
import { attachToWindow, createDesktopBench, homeEnvironment } from './desktop-bench.ts';
import { signIn } from './desktop-story.ts';
import { packAndUnpack } from './packed-app.ts';
import {
  type Bench,
  clickSignIn,
  noScheme,
  personEnvironment,
  SCHEME,
  startPersonBrowser,
} from './scheme-bench.ts';

/** Asks as the app does, by messages. */
const ASKER = `
import { fork } from 'node:child_process';
const child = fork(new URL('node_modules/@deskauth/node/keyring-child.js', import.meta.url));
const ask = (question) => new Promise((resolve) => {
  child.once('message', resolve);
  child.send({ service: 'deskauth-packed', account: 'nobody', ...question });
});
const saved = await ask({ id: 1, verb: 'save', secret: 'kept' });
console.log(JSON.stringify(saved.fault ? saved : await ask({ id: 2, verb: 'load' })));
child.kill();
`;

const skip = process.platform !== 'linux' ? 'the stand-in was run on Linux only' : noScheme;

suite('D24 the app that npm run pack makes', { skip }, () => {
  let bench: Bench;
  let folder: string;
  let debianPackage: string | undefined;
  const program = () => join(folder, 'deskauth-companies');

  before(async () => {
    bench = await createDesktopBench({ weakerStorage: 'allow' });
    ({ folder, debianPackage } = await packAndUnpack(bench.directory, bench.settingsFile));
  });
  after(() => bench.stop());

  test('signs a person in, far from where it was made: nothing was forgotten', async () => {
    const app = await bench.startPacked(program());
    const person = await startBrowser();
    try {
      app.window.setDefaultTimeout(20_000);
      await signIn(bench, app.window, person, 'global');
      await app.window.getByText('Northwind Turbines').waitFor();
      await app.window.getByRole('button', { name: /Global Manager/ }).click();
      await app.window.getByRole('menuitem', { name: 'Sign out', exact: true }).waitFor();
      const forDevelopers = app.window.getByRole('menuitem', { name: /Expire|fail/ });
      assert.equal(await forDevelopers.count(), 0);
      await bench.screenshot(app.window, '11-packed');
    } finally {
      await app.quit();
      await person.close();
    }
  });

  test('D01 its settings lie open beside it, everything else is in the archive', async () => {
    const packed = listPackage(join(folder, 'resources/app.asar'), { isPack: true });
    assert.ok(packed.some((line) => /^pack .*dist.main\.js$/.test(line)));
    const unpacked = packed.filter((line) => line.startsWith('unpack') && /\.\w+$/.test(line));
    assert.ok(unpacked.length > 0);
    for (const line of unpacked) assert.match(line, /\.node$/);
    const settings = JSON.parse(await readFile(join(folder, 'resources/desktop.settings.json'), 'utf8'));
    assert.equal(settings.issuer, bench.authority.issuer);
    assert.equal(settings.redirect, 'auto');
  });

  test('D12 asks the real keyring with its own native part', { skip: whyNoKeyring() }, async () => {
    const place = join(bench.directory, 'extracted');
    await mkdir(place);
    extractAll(join(folder, 'resources/app.asar'), place);
    const asker = join(place, 'asker.mjs');
    await writeFile(asker, ASKER);
    const { DBUS_SESSION_BUS_ADDRESS, DISPLAY, ...machine } = process.env;
    const env = { ...machine, HOME: place, XDG_RUNTIME_DIR: place };
    const session = ['--', 'sh', '-c', `${OPEN_KEYRING}; "$0" "$1"`, process.execPath, asker];
    const answer = execFileSync('dbus-run-session', session, { env, encoding: 'utf8', timeout: 30_000 });
    assert.equal(answer, '{"id":2,"secret":"kept"}\n');
  });

  test('D01 what an administrator writes into its settings counts, and a mistake is named', async () => {
    const file = join(folder, 'resources/desktop.settings.json');
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace('"clientId"', '"clientID"'));
    const env = homeEnvironment(bench.directory, join(bench.directory, 'unused'));
    const { status, stderr } = spawnSync(program(), { env, encoding: 'utf8', timeout: 30_000 });
    await writeFile(file, before);
    assert.equal(status, 1);
    assert.ok(stderr.includes(`Settings file ${file}: `), stderr);
    assert.match(stderr, /"clientID"/);
  });

  test('its fuses are set', async () => {
    const fuses = await getCurrentFuseWire(program());
    const { ENABLE, DISABLE } = FuseState;
    assert.equal(fuses[FuseV1Options.RunAsNode], DISABLE);
    assert.equal(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable], DISABLE);
    assert.equal(fuses[FuseV1Options.EnableNodeCliInspectArguments], DISABLE);
    assert.equal(fuses[FuseV1Options.GrantFileProtocolExtraPrivileges], DISABLE);
    assert.equal(fuses[FuseV1Options.EnableCookieEncryption], ENABLE);
    assert.equal(fuses[FuseV1Options.OnlyLoadAppFromAsar], ENABLE);
    assert.equal(fuses[FuseV1Options.EnableEmbeddedAsarIntegrityValidation], ENABLE);
  });

  test('carries the licences of all that is in it', async () => {
    const licences = await readFile(join(folder, 'resources/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of [
      'openid-client',
      'jose',
      'undici',
      'preact',
      '@napi-rs/keyring',
      'fs-native-extensions',
    ])
      assert.match(licences, new RegExp(`^${name} \\d`, 'm'), name);
    assert.ok(existsSync(join(folder, 'resources/LICENSE.txt')));
    assert.ok(existsSync(join(folder, 'LICENSES.chromium.html')));
  });

  test('D07 LINK-11 its desktop file makes links of the scheme lead to it, cold and running; removal undoes it', async () => {
    const env = personEnvironment(bench);
    const run = (name: string) => execFileSync(join(folder, name), { env, encoding: 'utf8' });
    const handler = () =>
      execFileSync('xdg-mime', ['query', 'default', `x-scheme-handler/${SCHEME}`], {
        env,
        encoding: 'utf8',
      }).trim();
    const menu = join(bench.directory, '.local/share/applications');
    run('install.sh');
    assert.equal(handler(), `${SCHEME}.desktop`);
    const entry = join(menu, `${SCHEME}.desktop`);
    assert.equal(spawnSync('desktop-file-validate', [entry], { encoding: 'utf8' }).stdout, '');
    assert.match(await readFile(entry, 'utf8'), /^Exec=\/\S+\/deskauth-companies %u$/m);

    const opener = spawn('xdg-open', [`${SCHEME}:/callback?code=late&state=unknown`], {
      env,
      stdio: 'ignore',
    });
    const closed = once(opener, 'exit');
    const { browser, window } = await attachToWindow(env.DESKAUTH_STAND_IN_DEBUG_FILE);
    await window
      .getByRole('button', { name: /Sign in|Global Manager/ })
      .first()
      .waitFor();
    await window.close();
    await closed;
    await browser.close();

    run('uninstall.sh');
    assert.equal(handler(), '');
    assert.ok(!existsSync(entry));
    assert.ok(!existsSync(join(menu, `${SCHEME}.link.desktop`)), 'what the app has registered itself');
  });

  test('a folder whose name needs quotes gets them, and one that no quotes can hold is refused', async () => {
    const env = { ...personEnvironment(bench), HOME: join(bench.directory, 'another-home') };
    const install = async (name: string) => {
      const place = join(bench.directory, name);
      await mkdir(place);
      for (const file of ['install.sh', `${SCHEME}.desktop`, `${SCHEME}.svg`])
        await cp(join(folder, file), join(place, file));
      return spawnSync(join(place, 'install.sh'), { env, encoding: 'utf8' });
    };
    assert.equal((await install('with space & (more)')).status, 0);
    const entry = join(env.HOME, '.local/share/applications', `${SCHEME}.desktop`);
    assert.match(
      await readFile(entry, 'utf8'),
      /^Exec="\/.*\/with space & \(more\)\/deskauth-companies" %u$/m,
    );
    assert.equal(spawnSync('desktop-file-validate', [entry], { encoding: 'utf8' }).stdout, '');
    const refused = await install('100%$HOME');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^Move the app to a folder/);
  });

  test('its Debian package has the same, for everybody on a machine', async (t) => {
    if (!debianPackage) return t.skip('dpkg-deb is not installed');
    const place = join(bench.directory, 'debian');
    execFileSync('dpkg-deb', ['-x', debianPackage, place]);
    const entry = join(place, `usr/share/applications/${SCHEME}.desktop`);
    assert.equal(spawnSync('desktop-file-validate', [entry], { encoding: 'utf8' }).stdout, '');
    assert.match(await readFile(entry, 'utf8'), /^Exec=\/opt\/deskauth-companies\/deskauth-companies %u$/m);
    assert.ok(existsSync(join(place, 'opt/deskauth-companies/resources/app.asar')));
    const control = execFileSync('dpkg-deb', ['-f', debianPackage], { encoding: 'utf8' });
    assert.match(control, /^Package: deskauth-companies$/m);
    assert.match(control, /^Version: \d+\.\d+\.\d+$/m);
  });
});

test('D07 LINK-11 the packed app signs in by its scheme: browser, 302, desktop file, second process, window', {
  skip,
}, async () => {
  const bench = await createDesktopBench({ redirect: 'scheme' });
  const { folder } = await packAndUnpack(bench.directory, bench.settingsFile);
  const person = await startPersonBrowser(bench);
  const app = await bench.startPacked(join(folder, 'deskauth-companies'));
  try {
    app.window.setDefaultTimeout(20_000);
    const address = await clickSignIn(bench, app.window);
    assert.equal(new URL(address).searchParams.get('redirect_uri'), `${SCHEME}:/callback`);
    const page = await person.newPage();
    await page.goto(address);
    await signInOnPage(page, 'global');
    await app.window.getByRole('button', { name: /Global Manager/ }).waitFor();
    const entry = join(bench.directory, '.local/share/applications', `${SCHEME}.link.desktop`);
    assert.match(await readFile(entry, 'utf8'), /^Exec=\S+\/deskauth-companies %u$/m);
  } finally {
    await app.quit();
    await person.close();
    await bench.stop();
  }
});
