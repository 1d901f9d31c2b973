import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadSettings } from '@deskauth/node';
import { makeDirectory } from './make-directory.ts';

const GOOD = { appName: 'Companies', issuer: 'https://login.example.com', clientId: 'desktop' };

async function writeSettings(t: TestContext, content: unknown): Promise<string> {
  const file = join(await makeDirectory(t), 'settings.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('D01 loads what a file says, with keys of the app itself where they are named', async (t) => {
  const all = {
    ...GOOD,
    clientSecret: 'not-secret',
    scope: 'openid',
    resource: ['https://api.example.com'],
    parameters: { audience: 'https://api.example.com' },
    consentForOfflineAccess: false,
    apiAddresses: ['https://api.example.com/v1'],
    userInfo: 'endpoint',
    allowHttp: false,
    signInTimeLimitSeconds: 60,
    requestTimeLimitSeconds: 5,
    refreshMarginSeconds: 0,
    directory: '/var/lib/companies',
    store: 'memory',
    redirectPorts: [8001, 8002, 8003],
    redirectHost: 'localhost',
    redirectPath: '/',
    signOutPath: '/',
  };
  assert.deepEqual(await loadSettings(await writeSettings(t, all)), all);
  const own = { ...GOOD, window: { width: 800 } };
  assert.deepEqual(await loadSettings(await writeSettings(t, own), ['window']), own);
  const wrong = await writeSettings(t, { ...GOOD, store: 'disk' });
  await assert.rejects(loadSettings(wrong, ['store']), /"store": expected "keyring"/, 'ours stays ours');
});

test('D01 a byte order mark, as some editors write it, is no fault', async (t) => {
  assert.deepEqual(await loadSettings(await writeSettings(t, `\uFEFF${JSON.stringify(GOOD)}`)), GOOD);
});

/** What is wrong, the file, and what the message must say besides the file's path. */
const BAD: readonly [name: string, content: unknown, ...says: string[]][] = [
  ['is empty', '', 'not JSON'],
  ['is no JSON', '{ "issuer": ', 'not JSON'],
  ['has a comma too many', '{ "issuer": "x", }', 'not JSON'],
  ['holds a list', [], 'expected one JSON object'],
  ['holds null', 'null', 'expected one JSON object'],
  ['has no issuer', { ...GOOD, issuer: undefined }, '"issuer"', 'expected a text', 'found nothing'],
  ['has no client id', { ...GOOD, clientId: undefined }, '"clientId"', 'expected a text', 'found nothing'],
  ['has no app name', { ...GOOD, appName: undefined }, '"appName"', 'expected a text', 'found nothing'],
  ['has an empty client id', { ...GOOD, clientId: '' }, '"clientId"', 'expected a text', 'found ""'],
  ['has null for a text', { ...GOOD, scope: null }, '"scope"', 'expected a text', 'found null'],
  ['names a port that browsers refuse', { ...GOOD, redirectPorts: [6000] }, 'No browser opens port 6000'],
  ['names no list of ports', { ...GOOD, redirectPorts: 8001 }, '"redirectPorts"', 'a list of ports'],
  ['names a host of others', { ...GOOD, redirectHost: '0.0.0.0' }, '"redirectHost"', '"localhost"'],
  ['names no path', { ...GOOD, redirectPath: 'callback' }, 'must start with "/"'],
  ['has a number for a text', { ...GOOD, scope: 5 }, '"scope"', 'expected a text', 'found 5'],
  ['has a list for a text', { ...GOOD, scope: ['openid'] }, '"scope"', 'expected a text', 'found ["openid"]'],
  [
    'has a text for a list',
    { ...GOOD, apiAddresses: 'https://api.example.com' },
    '"apiAddresses"',
    'expected a list of texts',
  ],
  [
    'has a list of numbers',
    { ...GOOD, resource: [5] },
    '"resource"',
    'expected a text or a list of texts',
    'found [5]',
  ],
  [
    'has a text for a flag',
    { ...GOOD, allowHttp: 'true' },
    '"allowHttp"',
    'expected true or false',
    'found "true"',
  ],
  [
    'has a text for a number',
    { ...GOOD, refreshMarginSeconds: '60' },
    '"refreshMarginSeconds"',
    'expected a number',
    'found "60"',
  ],
  [
    'has a negative time',
    { ...GOOD, refreshMarginSeconds: -1 },
    '"refreshMarginSeconds"',
    'expected a number',
    '-1',
  ],
  ['has a list for parameters', { ...GOOD, parameters: ['x'] }, '"parameters"', 'expected an object'],
  [
    'has a parameter that is a number',
    { ...GOOD, parameters: { audience: 5 } },
    'parameters.audience',
    'expected a text',
  ],
  ['replaces a parameter of ours', { ...GOOD, parameters: { state: 'x' } }, 'parameters.state'],
  [
    'asks for an unknown user info',
    { ...GOOD, userInfo: 'ldap' },
    '"userInfo"',
    'expected "auto", "id-token" or "endpoint"',
    'found "ldap"',
  ],
  [
    'asks for an unknown store',
    { ...GOOD, store: 'disk' },
    '"store"',
    'expected "keyring" or "memory"',
    'found "disk"',
  ],
  [
    'has an http issuer',
    { ...GOOD, issuer: 'http://login.example.com' },
    '"issuer"',
    'expected an https address',
    'http://login.example.com',
  ],
  [
    'has an issuer that is no address',
    { ...GOOD, issuer: 'login' },
    '"issuer"',
    'expected an https address',
    '"login"',
  ],
  [
    'has an http API off this machine',
    { ...GOOD, apiAddresses: ['http://api.example.com'] },
    '"apiAddresses"',
    'https',
    'http://api.example.com',
  ],
  ['has a misspelt key', { ...GOOD, isuer: 'x' }, '"isuer" is not a setting: did you mean "issuer"?'],
  ['has a key of nobody', { ...GOOD, colour: 'x' }, '"colour" is not a setting: expected one of', 'issuer'],
  ['has a key for code alone', { ...GOOD, browser: {} }, '"browser" is not a setting'],
  ['has a key that every object has', { ...GOOD, toString: 'x' }, '"toString" is not a setting'],
  [
    'has the prototype as a key',
    `{"__proto__":{"issuer":"x"},${JSON.stringify(GOOD).slice(1)}`,
    '"__proto__" is not a setting',
  ],
];
for (const [name, content, ...says] of BAD)
  test(`D01 a settings file that ${name} is refused: file, key and what was expected`, async (t) => {
    const file = await writeSettings(t, content);
    await assert.rejects(loadSettings(file), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'AUTH_SETTINGS_INVALID');
      for (const part of [file, ...says])
        assert.ok(error.message.includes(part), `"${part}" in: ${error.message}`);
      return true;
    });
  });

test('D01 a file that is missing or is a folder is named', async (t) => {
  const directory = await makeDirectory(t);
  const missing = join(directory, 'missing.json');
  await assert.rejects(loadSettings(missing), {
    code: 'AUTH_SETTINGS_INVALID',
    message: new RegExp(`${missing}: there is no such file`),
  });
  await mkdir(missing);
  await assert.rejects(loadSettings(missing), {
    code: 'AUTH_SETTINGS_INVALID',
    message: new RegExp(`${missing}: it cannot be read \\(EISDIR\\)`),
  });
});

test('SUP-01 a client secret in a bad file is not repeated', async (t) => {
  const broken = [
    '{"clientSecret": canary-secret }',
    '{"appName":"A","clientSecret":"canary-secret" "issuer":"x"}',
    `{"clientSecret":"canary-secret\n"}`,
    { ...GOOD, clientSecret: ['canary-secret'] },
    { ...GOOD, clientSecret: { value: 'canary-secret' } },
    { ...GOOD, client_secret: 'canary-secret' },
    { ...GOOD, proxy: ['http://user:canary-secret@proxy.example.com'] },
    { ...GOOD, parameters: 'api_key=canary-secret' },
  ];
  for (const content of broken)
    await assert.rejects(loadSettings(await writeSettings(t, content)), ({ message }: Error) => {
      assert.doesNotMatch(message, /canary/);
      return true;
    });
});
