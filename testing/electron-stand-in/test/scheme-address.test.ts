import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addScheme, appScheme, fromChromium, originOf, toChromium } from '../src/scheme-address.ts';

addScheme('app');
addScheme('com.example.app');

test('an app scheme has an https address of its own, both ways', () => {
  for (const [ours, chromiums] of [
    ['app://bundle/index.html?a=b#c', 'https://bundle.app.invalid/index.html?a=b#c'],
    ['app://bundle', 'https://bundle.app.invalid'],
    ['com.example.app://callback/x', 'https://callback.com.example.app.invalid/x'],
  ] as const) {
    assert.equal(toChromium(ours), chromiums);
    assert.equal(fromChromium(chromiums), ours);
  }
});

test('other addresses stay as they are', () => {
  for (const address of ['https://example.com/', 'other://bundle/', 'app:no-host', 'data:text/html,x']) {
    assert.equal(toChromium(address), address);
  }
  for (const address of [
    'https://bundle.app.invalid.example.com/',
    'http://bundle.app.invalid/',
    'https://x.invalid/',
  ]) {
    assert.equal(fromChromium(address), address);
  }
});

test('a host cannot be passed off as another by user name or port', () => {
  assert.equal(
    fromChromium('https://bundle.app.invalid@example.com/'),
    'https://bundle.app.invalid@example.com/',
  );
  assert.equal(toChromium('app://bundle@evil/'), 'app://bundle@evil/');
});

test('origins are those that Electron reports', () => {
  assert.equal(originOf('app://bundle/a/b?c'), 'app://bundle');
  assert.equal(originOf('https://example.com/x'), 'https://example.com');
  assert.equal(originOf('file:///home/x.html'), 'file://');
  assert.equal(originOf('about:blank'), 'null');
  assert.equal(appScheme('https://bundle.app.invalid/'), undefined);
});
