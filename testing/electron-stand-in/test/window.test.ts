import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { findChromium } from '../src/index.ts';
import { type FixtureApp, startFixture } from './fixture-app.ts';

const found = findChromium();

suite('a window', { skip: 'reason' in found && found.reason }, () => {
  let app: FixtureApp;
  /** Runs in the page, as its own scripts do. */
  const inPage = <T>(script: string): Promise<T> => app.page.evaluate(script) as Promise<T>;

  before(async () => {
    app = await startFixture();
  });
  after(() => app.stop());

  test('shows what protocol.handle answers', async () => {
    assert.equal(app.page.url(), 'https://bundle.app.invalid/index.html');
    assert.equal(await app.page.textContent('h1'), 'The fixture is running');
    assert.equal(await inPage('isSecureContext'), true);
    assert.equal(await inPage('document.styleSheets[0].cssRules.length > 0'), true);
  });

  test('gives the handler method, address, headers and body, and the page its whole answer', async () => {
    const answer = await inPage<{ status: number; query: string; echo: Record<string, unknown> }>(`
      fetch('/api/echo?q=1', { method: 'POST', headers: { 'X-Test': 'yes' }, body: new Uint8Array([0, 200, 255]) })
        .then(async (response) => ({
          status: response.status, query: response.headers.get('x-query'), echo: await response.json(),
        }))`);
    const headers = answer.echo.headers as Record<string, string>;
    assert.equal(answer.status, 201);
    assert.equal(answer.query, '1');
    assert.equal(answer.echo.method, 'POST');
    assert.equal(answer.echo.url, 'app://bundle/api/echo?q=1');
    assert.deepEqual(answer.echo.bytes, [0, 200, 255]);
    assert.equal(headers['x-test'], 'yes');
    assert.equal(headers.origin, 'app://bundle');
    assert.equal(headers.referer, 'app://bundle/index.html');
  });

  test('carries large bodies both ways', async () => {
    const count = await inPage(`
      fetch('/api/echo', { method: 'PUT', body: 'é'.repeat(500_000) })
        .then(async (response) => (await response.json()).bytes.length)`);
    assert.equal(count, 1_000_000);
  });

  test('follows redirects inside the scheme; a failing handler is a network error', async () => {
    const url = await inPage("fetch('/api/redirect').then((response) => response.url)");
    assert.equal(url, 'https://bundle.app.invalid/two.html');
    await assert.rejects(inPage("fetch('/api/broken')"), /Failed to fetch/);
  });

  test('is held to the policy that the handler sends', async () => {
    const violated = (attempt: string) =>
      inPage(`new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true });
        ${attempt};
      })`);
    assert.equal(await violated("fetch('https://other.app.invalid/').catch(() => {})"), 'connect-src');
    assert.equal(
      await violated("document.head.append(Object.assign(document.createElement('script'), { text: '1' }))"),
      'script-src-elem',
    );
  });

  test('an invoke tells the sender by address and origin of the app scheme', async () => {
    await inPage("history.pushState(null, '', '/companies/7?x=1')");
    assert.deepEqual(await inPage("fixture.invoke('who')"), {
      url: 'app://bundle/companies/7?x=1',
      origin: 'app://bundle',
      top: true,
      same: true,
    });
  });

  test('IPC carries values; errors arrive in Electron’s words', async () => {
    const kinds = await inPage(`
      fixture.invoke('echo', { when: new Date(5), ids: new Set([1]), bytes: new Uint8Array([1, 2]), none: undefined })
        .then((value) => [value.when.getTime(), value.ids.has(1), value.bytes.length, 'none' in value])`);
    assert.deepEqual(kinds, [5, true, 2, true]);
    await assert.rejects(
      inPage("fixture.invoke('fail')"),
      /Error: Error invoking remote method 'fail': TypeError: no such company/,
    );
    await assert.rejects(inPage("fixture.invoke('unknown')"), /No handler registered for 'unknown'/);
  });

  test('messages go both ways, and a listener can be removed', async () => {
    const answers = await inPage(`new Promise((resolve) => {
      const heard = [];
      const stop = fixture.on('pong', (text, date) => {
        heard.push(text, date instanceof Date);
        stop();
        fixture.send('ping', 'unheard');
        fixture.invoke('echo', 1).then(() => resolve(heard));
      });
      fixture.send('ping', 'hello');
    })`);
    assert.deepEqual(answers, ['HELLO', true]);
  });

  test('the bridge carries functions, values and errors, and nothing can be changed', async () => {
    assert.equal(await inPage('fixture.add(2, 3)'), 5);
    assert.equal(await inPage('fixture.nested.list[1] instanceof Date'), true);
    assert.equal(await inPage('fixture.add.call.constructor === Function'), true);
    const thrown = await inPage(
      '(() => { try { fixture.fails() } catch (error) { return error.message } })()',
    );
    assert.equal(thrown, 'thrown in the preload script');
    const unchanged = '(() => { fixture.answer = 1; window.fixture = 2; return fixture.answer; })()';
    assert.equal(await inPage(unchanged), 42);
  });

  test('the page sees nothing of the preload’s world', async () => {
    const names = ['ipcRenderer', 'require', 'process', 'module', 'started', 'Buffer'];
    assert.deepEqual(await inPage(`${JSON.stringify(names)}.filter((name) => name in globalThis)`), []);
    const odd = await inPage<string[]>(
      'Object.keys(globalThis).filter((name) => /^(leave|deliver)_|^world$/.test(name))',
    );
    assert.deepEqual(odd, []);
  });

  test('the theme that the app chooses is the one of the page', async () => {
    const dark = "matchMedia('(prefers-color-scheme: dark)').matches";
    await inPage("fixture.invoke('theme', 'dark')");
    assert.equal(await inPage(dark), true);
    await inPage("fixture.invoke('theme', 'light')");
    assert.equal(await inPage(dark), false);
  });

  test('what the app copies can be pasted', async () => {
    assert.equal(await inPage("fixture.invoke('copy', 'https://example.com/é')"), 'https://example.com/é');
    await inPage("document.body.append(document.createElement('textarea'))");
    await app.page.press('textarea', 'Control+V');
    assert.equal(await app.page.inputValue('textarea'), 'https://example.com/é');
  });

  test('permissions are refused', async () => {
    const state = await inPage(
      "navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)",
    );
    assert.equal(state, 'denied');
  });

  test('a window that asks for Node is refused with a reason', async () => {
    assert.match(
      await inPage<string>("fixture.invoke('isolation')"),
      /webPreferences.nodeIntegration: true is not in the stand-in, which runs isolated windows only/,
    );
  });

  test('several windows have one app', async () => {
    const second = app.page.context().waitForEvent('page');
    await inPage("fixture.invoke('second-window')");
    await (await second).waitForURL('https://bundle.app.invalid/index.html');
    assert.equal(app.pages().length, 2);
  });
});
