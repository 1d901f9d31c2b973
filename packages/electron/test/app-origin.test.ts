import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP_ORIGIN, isFromOwnPage, isOwnFrame, isOwnPage } from '../src/app-origin.ts';

test('ELEC-02 only the main frame of an allowed origin may send', () => {
  const allowed = [APP_ORIGIN];
  assert.ok(isOwnFrame({ origin: APP_ORIGIN, parent: null }, allowed));
  assert.ok(!isOwnFrame(null, allowed));
  assert.ok(!isOwnFrame({ origin: APP_ORIGIN, parent: {} }, allowed));
  for (const origin of ['null', '', 'app://bundle.evil', 'app://other', 'https://bundle', 'file://'])
    assert.ok(!isOwnFrame({ origin, parent: null }, allowed), origin);
});

test('ELEC-03 only pages of the app are places to go to', () => {
  for (const address of ['app://bundle/', 'app://bundle/index.html?x#/companies/1'])
    assert.ok(isOwnPage(address));
  for (const address of [
    'https://bundle/',
    'app://bundle.evil/',
    'app://bundle:80/',
    'app://user@bundle/',
    'app://bundle/api/companies',
    'file:///app/index.html',
    'javascript:alert(1)',
    'about:blank',
    '',
  ])
    assert.ok(!isOwnPage(address), address);
});

test('ELEC-12 a request that another origin issued is told from our own', () => {
  const request = (headers: HeadersInit, initiatorOrigin?: string | null) =>
    Object.assign(new Request('http://stand-in.example/', { headers }), { initiatorOrigin });
  assert.ok(isFromOwnPage(request({})));
  assert.ok(isFromOwnPage(request({ origin: APP_ORIGIN }, APP_ORIGIN)));
  assert.ok(!isFromOwnPage(request({}, null)));
  assert.ok(!isFromOwnPage(request({}, 'https://evil.example')));
  assert.ok(!isFromOwnPage(request({ origin: 'https://evil.example' })));
  assert.ok(!isFromOwnPage(request({ origin: 'null' }, APP_ORIGIN)));
});
