import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLinkInbox } from '@deskauth/node';
import { createFakeClock } from '@deskauth/session/testing';
import { parseLink } from '../src/link.ts';

const rules = { scheme: 'com.example.app', appPaths: ['/orders'] };
const kindOf = (text: string) => parseLink(text, rules).kind;

test('a link is what its scheme and path say, and its query is kept as it came', () => {
  const url = 'com.example.app:/callback?code=a%2Bb&state=1';
  assert.deepEqual(parseLink(url, rules), { kind: 'authorization-response', url });
  assert.deepEqual(parseLink('COM.Example.App:/callback?code=a%2Bb&state=1', rules), {
    kind: 'authorization-response',
    url,
  });
  const link = parseLink('com.example.app:/orders?id=7', rules);
  assert.ok(link.kind === 'app-link');
  assert.deepEqual([link.path, link.parameters.get('id')], ['/orders', '7']);
});

test('LINK-01 LINK-05 a scheme name is a reversed domain in the characters of RFC 3986 and nothing else', () => {
  const refused = ['', 'app', 'myapp', 'http', 'Com.example', 'com..app', 'com.example.', '.com', '1com.app'];
  const hostile = [
    'com\\..\\Run',
    'com.example/x',
    'com.example:x',
    'com.example app',
    'com.exämple',
    'com.x\n',
  ];
  for (const scheme of [...refused, ...hostile, `com.${'x'.repeat(200)}`])
    assert.throws(() => createLinkInbox({ scheme }), {
      code: 'AUTH_SETTINGS_INVALID',
      message: /reverse order/,
    });
  for (const path of ['callback', '', '/', '/a?b', '/a#b', '/a b', '///x', '/../x%2f'])
    assert.throws(() => createLinkInbox({ scheme: 'com.example.app', path }), /redirect URI must look like/);
  createLinkInbox({ scheme: 'com.example.app', path: '//callback' });
});

const TAMPERED = [
  ...[
    'com.example.app://callback',
    'com.example.app:callback',
    'com.example.app:///callback',
    'com.example.app:',
  ],
  ...[
    'com.example.app:/callback/',
    'com.example.app:/Callback',
    'com.example.app:/callback%2f',
    'com.example.app:/x',
  ],
  ...[
    'com.example.app://user@host/callback',
    'com.example.app://host:1/callback',
    'com.example.app:/./callback',
  ],
  ...[
    'com.example.app:/callback#code=1',
    'com.example.app:/callback?code=1#',
    'com.example.app:/callback?a?b',
  ],
  ...[
    'com.example.apps:/callback',
    'com.example:/callback',
    'https://com.example.app/callback',
    '/callback',
    '',
  ],
  ...['-com.example.app:/callback', ' com.example.app:/callback', '--flag=com.example.app:/callback'],
];
for (const text of TAMPERED)
  test(`LINK-03 is no link of ours: ${JSON.stringify(text)}`, () => assert.equal(kindOf(text), 'unknown'));

test('LINK-07 over-long links, control characters, bidi and letters of other scripts are refused', () => {
  assert.equal(kindOf(`com.example.app:/callback?code=${'x'.repeat(1024 * 1024)}`), 'unknown');
  assert.equal(kindOf(`com.example.app:/callback?${'a&'.repeat(65)}`), 'unknown');
  for (const character of ['\0', '\n', '\r', '\t', ' ', '\u202e', '\u2066', 'é', 'а'])
    assert.equal(kindOf(`com.example.app:/callback?code=${character}`), 'unknown', JSON.stringify(character));
  for (const encoded of ['%00', '%0a', '%E2%80%AE', '%1b%5b2J'])
    assert.equal(kindOf(`com.example.app:/orders?id=${encoded}`), 'unknown', encoded);
});

test('LINK-15 the way back from a sign-out is another kind than an authorization response', () => {
  assert.equal(kindOf('com.example.app:/signed-out?state=1&code=stolen'), 'signed-out');
  assert.equal(kindOf('com.example.app:/callback?state=1'), 'authorization-response');
});

test('LINK-12 a link carries parameters of a place in the app and no settings', () => {
  const link = parseLink(
    'com.example.app:/orders?issuer=https://evil.example&apiAddress=https://evil.example',
    rules,
  );
  assert.deepEqual(Object.keys(link).sort(), ['kind', 'parameters', 'path']);
  assert.equal(kindOf('com.example.app:/settings?issuer=https://evil.example'), 'unknown');
});

test('LINK-08 a flood is refused unread, and a person comes through again a little later', () => {
  const clock = createFakeClock();
  const inbox = createLinkInbox(rules, clock);
  const taken: string[] = [];
  inbox.receive('authorization-response', ({ url }) => taken.push(url));
  for (let count = 0; count < 1000; count += 1) inbox.push(`com.example.app:/callback?state=${count}`);
  assert.equal(taken.length, 10);
  assert.match(JSON.stringify(inbox.push('com.example.app:/callback?state=late')), /too many links/);
  clock.advance(1);
  inbox.push('com.example.app:/callback?state=person');
  assert.equal(taken.at(-1), 'com.example.app:/callback?state=person');
});

test('LINK-10 a link that comes before anybody wants it waits, and is delivered once', () => {
  const inbox = createLinkInbox(rules, createFakeClock());
  inbox.push('com.example.app:/callback?state=1');
  inbox.push('com.example.app:/orders?id=1');
  const taken: string[] = [];
  const stop = inbox.receive('authorization-response', ({ url }) => taken.push(url));
  assert.deepEqual(taken, ['com.example.app:/callback?state=1']);
  inbox.receive('authorization-response', ({ url }) => taken.push(`second ${url}`))();
  stop();
  inbox.push('com.example.app:/callback?state=2');
  assert.equal(taken.length, 1);
  const places: string[] = [];
  inbox.receive('app-link', ({ path }) => places.push(path));
  assert.deepEqual(places, ['/orders']);
});
