import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRoute, type ProxySettings } from '../src/network/proxy.ts';

type Row = readonly [
  name: string,
  settings: ProxySettings,
  env: NodeJS.ProcessEnv,
  address: string,
  host: string | undefined,
];
const PROXY = 'proxy.example.com:8080';
const named = { HTTPS_PROXY: `http://${PROXY}` };
const except = (NO_PROXY: string) => ({ ...named, NO_PROXY });
const LOGIN = 'https://login.example.com/';

const ROWS: readonly Row[] = [
  ['none where nothing is said', {}, {}, LOGIN, undefined],
  ['HTTPS_PROXY', {}, named, LOGIN, PROXY],
  ['https_proxy before HTTPS_PROXY', {}, { ...named, https_proxy: 'http://other:1' }, LOGIN, 'other:1'],
  ['an empty variable says nothing', {}, { HTTPS_PROXY: '' }, LOGIN, undefined],
  ['an address without a scheme', {}, { HTTPS_PROXY: PROXY }, LOGIN, PROXY],
  ['HTTP_PROXY is not for https', {}, { HTTP_PROXY: `http://${PROXY}` }, LOGIN, undefined],
  ['HTTP_PROXY is for http', {}, { HTTP_PROXY: `http://${PROXY}` }, 'http://api.example.com', PROXY],
  ['a setting before the variable', { proxy: 'http://mine:2' }, named, LOGIN, 'mine:2'],
  ['none by setting', { proxy: 'none' }, named, LOGIN, undefined],
  ['a star', {}, except('*'), LOGIN, undefined],
  ['a domain', {}, except('example.com'), LOGIN, undefined],
  ['a domain with a dot', {}, except('other.com .example.com'), LOGIN, undefined],
  ['a domain with a star', {}, except('*.example.com'), LOGIN, undefined],
  ['not another domain with the same end', {}, except('n.example.com'), LOGIN, PROXY],
  ['a port', {}, except('login.example.com:443'), LOGIN, undefined],
  ['not another port', {}, except('login.example.com:8443'), LOGIN, PROXY],
  ['a network', {}, except('10.0.0.0/8'), 'https://10.1.2.3', undefined],
  ['not another network', {}, except('10.0.0.0/8'), 'https://11.1.2.3', PROXY],
  ['a network of IPv6', {}, except('fd00::/8'), 'https://[fd00::1]', undefined],
  ['exceptions by setting', { noProxy: ['example.com'] }, named, LOGIN, undefined],
  ['exceptions by setting alone', { noProxy: [] }, except('example.com'), LOGIN, PROXY],
  ['never for loopback', { proxy: 'http://mine:2' }, named, 'https://127.0.0.1:3700', undefined],
  ['never for loopback of IPv6', {}, named, 'https://[::1]:3700', undefined],
  ['never for localhost', {}, named, 'https://app.localhost', undefined],
  ['for loopback where that is asked for', {}, except('<-loopback>'), 'https://127.0.0.1:3700', PROXY],
];
for (const [name, settings, env, address, host] of ROWS)
  test(`ENV-01 proxy: ${name}`, () => {
    assert.equal(createRoute(settings, env)(new URL(address))?.url.host, host);
  });

test('ENV-01 SUP-01 user and password leave the address, and nothing but the request has them', () => {
  const proxy = createRoute({ proxy: 'http://m%40x:p%3Ass@proxy:1' }, {})(new URL(LOGIN));
  assert.equal(proxy?.url.href, 'http://proxy:1/');
  assert.equal(proxy?.authorization, `Basic ${btoa('m@x:p:ss')}`);
});

for (const bad of [
  'socks5://max:s3cret@proxy:1',
  'http://',
  'max:s3cret',
  'http://proxy/path',
  'ftp://proxy',
])
  test(`ENV-01 a proxy that cannot be used is refused by the name of its setting: ${bad}`, () => {
    const refusal = { code: 'AUTH_SETTINGS_INVALID', message: /names no proxy that can be used/ };
    assert.throws(() => createRoute({ proxy: bad }, {}), refusal);
    const route = createRoute({}, { HTTPS_PROXY: bad });
    assert.throws(
      () => route(new URL(LOGIN)),
      (error: Error) => /HTTPS_PROXY/.test(error.message) && !error.message.includes('s3cret'),
    );
  });
