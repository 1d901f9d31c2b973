import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { afterEach, type TestContext, test } from 'node:test';
import './with-fake-electron.ts';
import * as electron from './fake-electron.ts';

const { catchLinks } = await import('../src/app-links.ts');
const { linkOfArguments } = await import('../src/link-arguments.ts');
const { registerScheme, startCommand, unregisterScheme } = await import('../src/scheme-registration.ts');

const scheme = 'com.example.app';
const answer = (state: string) => `${scheme}:/callback?code=1&state=${state}`;

afterEach(() => {
  electron.app.removeAllListeners();
  electron.app.isFirst = true;
  electron.app.isPackaged = false;
  electron.schemes.asked.splice(0);
});

/** Links opened, with what came to whoever waits for answers. */
function openLinks(links = catchLinks()) {
  let arrivals = 0;
  const inbox = links.open({ scheme }, () => {
    arrivals += 1;
  });
  const taken: string[] = [];
  inbox?.receive('authorization-response', ({ url }) => taken.push(url));
  return { inbox, taken, arrivals: () => arrivals };
}

function openUrl(url: string): boolean {
  let isPrevented = false;
  electron.app.emit('open-url', { preventDefault: () => (isPrevented = true) }, url);
  return isPrevented;
}

const secondInstance = (argv: unknown, more: unknown = null) =>
  electron.app.emit('second-instance', {}, argv, '/', more);

/** Starts this process, as it seems, with these arguments. */
function startWith(t: TestContext, ...args: string[]) {
  const before = process.argv;
  t.after(() => {
    process.argv = before;
  });
  process.argv = ['/app', ...args];
}

test('LINK-10 LINK-11 a link of a cold start, of macOS before ready and of a second instance arrive alike', (t) => {
  startWith(t, '--some-switch', answer('argument'));
  const links = catchLinks();
  assert.ok(openUrl(answer('before')));
  const { taken, arrivals } = openLinks(links);
  assert.deepEqual(taken, [answer('before'), answer('argument')]);
  openUrl(answer('event'));
  secondInstance([
    '/app',
    '--original-process-start-time=1',
    answer('second'),
    '--allow-file-access-from-files',
  ]);
  assert.deepEqual(taken.slice(2), [answer('event'), answer('second')]);
  assert.equal(arrivals(), 2);
});

test('LINK-10 a flood before the app is ready is cut, and nothing is delivered twice', () => {
  const links = catchLinks();
  for (let count = 0; count < 1000; count += 1) openUrl(answer(String(count)));
  const { taken } = openLinks(links);
  assert.deepEqual(
    taken,
    Array.from({ length: 8 }, (_, index) => answer(String(index))),
  );
});

test('D20 another instance that has the links is left to it', () => {
  electron.app.isFirst = false;
  const { inbox } = openLinks();
  assert.equal(inbox, undefined);
  assert.equal(electron.app.listenerCount('second-instance'), 0);
});

const NO_LINK: readonly [name: string, argv: unknown][] = [
  ['a switch of Chromium', ['/app', '--gpu-launcher=calc.exe', '--renderer-cmd-prefix=calc']],
  ['a link inside a switch', ['/app', `--link=${answer('1')}`]],
  ['quotes around a link', ['/app', `"${answer('1')}"`]],
  ['two links', ['/app', answer('1'), answer('2')]],
  ['a link of another scheme', ['/app', 'com.example.apps:/callback?state=1']],
  ['a file', ['/app', '/etc/passwd', 'file:///etc/passwd']],
  ['no list', `${scheme}:/callback?state=1`],
  ['what are no texts', ['/app', { toString: () => answer('1') }, 7, null]],
  ['a thousand arguments', [...Array(1000).fill('x'), answer('1')]],
];
for (const [name, argv] of NO_LINK)
  test(`LINK-04 LINK-09 no link is taken from ${name}`, () => {
    assert.equal(linkOfArguments(argv, scheme), undefined);
    const { taken, arrivals } = openLinks();
    secondInstance(argv);
    assert.deepEqual(taken, []);
    assert.equal(arrivals(), 1, 'the window comes to the front and that is all');
  });

test('LINK-09 what else a second instance says is not read', () => {
  const { taken } = openLinks();
  secondInstance(['/app'], { argv: [answer('1')], link: answer('2') });
  assert.deepEqual(taken, []);
});

/** Lets this process take itself for one on another operating system. */
function onPlatform(t: TestContext, value: NodeJS.Platform) {
  const before = process.platform;
  t.after(() => Object.defineProperty(process, 'platform', { value: before }));
  Object.defineProperty(process, 'platform', { value });
}

test('LINK-04 on Windows the link comes after --, which ends the switches', async (t) => {
  onPlatform(t, 'win32');
  electron.app.isPackaged = true;
  electron.schemes.isDefault = false;
  assert.equal(await registerScheme({ scheme, appName: 'Companies', args: ['--quiet'] }), true);
  const command = [scheme, process.execPath, ['--quiet', '--']];
  assert.deepEqual(electron.schemes.asked, [
    ['set', ...command],
    ['is', ...command],
  ]);
  await unregisterScheme({ scheme, appName: 'Companies', args: ['--quiet'] });
  assert.deepEqual(electron.schemes.asked.at(-1), ['remove', ...command]);
});

test('P20 on macOS an app that is not installed registers nothing', async (t) => {
  onPlatform(t, 'darwin');
  assert.equal(await registerScheme({ scheme, appName: 'Companies' }), false);
  assert.deepEqual(electron.schemes.asked, []);
});

test('P16 an AppImage is started by its own file, and an app under development by its main file', (t) => {
  t.after(() => {
    delete process.env.APPIMAGE;
    delete process.env.APPDIR;
  });
  assert.deepEqual(startCommand([]).slice(0, 1), [process.execPath]);
  assert.ok(startCommand([]).includes(process.argv[1] ?? ''));
  electron.app.isPackaged = true;
  process.env.APPIMAGE = '/home/user/My Apps/Companies.AppImage';
  process.env.APPDIR = dirname(process.execPath);
  assert.deepEqual(startCommand(['--quiet']), ['/home/user/My Apps/Companies.AppImage', '--quiet']);
  // Started from the terminal of an editor that is an AppImage: links with codes are not for that one.
  process.env.APPDIR = '/tmp/.mount_Editor';
  assert.deepEqual(startCommand([]), [process.execPath]);
});

test('LINK-11 open-url of macOS and argv of Windows, delivered by the systems themselves', {
  skip: 'needs an installed app in real Electron on macOS and Windows',
}, () => {});
