import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { findChromium } from '../src/index.ts';
import { type FixtureApp, startFixture } from './fixture-app.ts';

const found = findChromium();
const home = 'https://bundle.app.invalid/index.html';

suite('leaving a page', { skip: 'reason' in found && found.reason }, () => {
  let app: FixtureApp;
  const events = () => app.page.evaluate("fixture.invoke('events')") as Promise<string[]>;
  /** Resolves when the app has noted it. */
  const noted = async (event: string) => {
    while (!(await events()).includes(event)) await app.page.waitForTimeout(20);
  };

  before(async () => {
    app = await startFixture();
  });
  after(() => app.stop());

  test('the app’s own loading is not asked about', async () => {
    assert.deepEqual(await events(), ['did-finish-load', 'loaded app://bundle/index.html']);
  });

  test('a link to the web is denied, and the page stays', async () => {
    await app.page.click('#outside');
    await noted('will-navigate https://example.com/outside true');
    assert.equal(app.page.url(), home);
  });

  test('a test driver’s navigation is denied as well', async () => {
    await assert.rejects(app.page.goto('https://example.com/driver'), /ERR_ABORTED/);
    await noted('will-navigate https://example.com/driver true');
    assert.equal(app.page.url(), home);
  });

  test('a link to a scheme of another program is asked about and goes nowhere', async () => {
    await app.page.evaluate("location.href = 'mailto:somebody@example.com'");
    await noted('will-navigate mailto:somebody@example.com true');
    assert.equal(app.page.url(), home);
  });

  test('window.open is denied: null, no window, the handler told', async () => {
    const opened = await app.page.evaluate("window.open('https://example.com/popup', 'named') === null");
    assert.equal(opened, true);
    await noted('window-open https://example.com/popup named');
    await app.page.click('#blank');
    await noted('window-open https://example.com/blank ');
    await app.page.waitForTimeout(200);
    assert.deepEqual(
      app.pages().map((page) => page.url()),
      [home],
    );
  });

  test('a frame from elsewhere is denied by will-frame-navigate and has no bridge', async () => {
    await app.page.evaluate(`document.body.append(Object.assign(document.createElement('iframe'),
      { src: 'https://frame.app.invalid/' }))`);
    await noted('will-frame-navigate app://frame/');
    const bridge = await app.page.evaluate("'fixture' in document.querySelector('iframe').contentWindow");
    assert.equal(bridge, false);
  });

  test('a link inside the app is followed, also when it names the scheme; a reload is not asked about', async () => {
    await app.page.click('#inside');
    await app.page.waitForURL('https://bundle.app.invalid/two.html');
    await noted('will-navigate app://bundle/two.html true');
    await app.page.evaluate("location.href = 'app://bundle/index.html'");
    await app.page.waitForURL(home);
    const before = (await events()).filter((event) => event.startsWith('will-')).length;
    await app.page.reload();
    assert.equal((await events()).filter((event) => event.startsWith('will-')).length, before);
  });

  test('a sender whose document has gone is null; a page that comes back has its bridge', async () => {
    await app.page.evaluate("void fixture.invoke('late-sender').catch(() => {})");
    await app.page.click('#inside');
    await noted('late-sender null');
    await app.page.goBack();
    await app.page.waitForURL(home);
    assert.deepEqual(
      await app.page.evaluate("fixture.invoke('who').then(({ url }) => url)"),
      'app://bundle/index.html',
    );
  });
});
