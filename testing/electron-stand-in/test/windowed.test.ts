import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { findChromium } from '../src/index.ts';
import { type FixtureApp, startFixture } from './fixture-app.ts';
import { until } from './processes.ts';
import { type Screen, startScreen, whyNoScreen } from './xvfb.ts';

const found = findChromium();
const skip = ('reason' in found && found.reason) || whyNoScreen();

suite('on a screen', { skip }, () => {
  let screen: Screen;
  let app: FixtureApp;
  const windows = () =>
    screen.run('xdotool', 'search', '--onlyvisible', '--class', 'chromium').trim().split('\n');

  before(async () => {
    screen = await startScreen();
    app = await startFixture({ ...screen.env, DESKAUTH_STAND_IN_HEADLESS: '0' });
  });
  after(async () => {
    await app.stop();
    await screen.stop();
  });

  test('a window has the app’s title and size, and no tabs or address bar', async () => {
    const [window = ''] = screen.run('xdotool', 'search', '--name', '^Fixture$').trim().split('\n');
    await until(() => /Geometry: 7\d\dx4\d\d/.test(screen.run('xdotool', 'getwindowgeometry', window)));
    const [inner, outer] = (await app.page.evaluate('[innerHeight, outerHeight]')) as [number, number];
    assert.ok(outer - inner < 10, `the page has ${inner} of ${outer} pixels`);
    // For a person who wants to look: DESKAUTH_STAND_IN_SCREENSHOT=/some/file.png
    const file = process.env.DESKAUTH_STAND_IN_SCREENSHOT;
    if (file) screen.run('import', '-window', 'root', file);
  });

  test('the page is really painted', () => {
    const colour = screen.run('import', '-window', 'root', '-format', '%[pixel:p{500,300}]', 'info:');
    assert.match(colour, /srgb\((244,246,251|20,23,31)\)/);
  });

  test('a refused window does not stay', async () => {
    const before = windows().length;
    await app.page.click('#blank');
    await app.page.waitForTimeout(500);
    assert.equal(windows().length, before);
  });

  test('the app ends when the person closes the window', async () => {
    const [window = ''] = screen.run('xdotool', 'search', '--name', '^Fixture$').trim().split('\n');
    screen.run('xdotool', 'windowactivate', '--sync', window, 'key', 'alt+F4');
    assert.equal(await app.ended, 0);
    assert.match(app.output(), /^closed\nwindow-all-closed$/m);
  });
});
