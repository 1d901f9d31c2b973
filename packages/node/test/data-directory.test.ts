import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNodeSession, dataDirectory } from '@deskauth/node';

const LINUX = { skip: process.platform !== 'linux' && 'the folders of Linux' };

test('STORE-13 a name that would lead out of the folder of the user is refused', () => {
  for (const name of [
    '',
    '.',
    '..',
    '../other',
    'a/b',
    'a\\b',
    '/etc',
    'a..b',
    '-x',
    ' x',
    'a\0b',
    'x'.repeat(65),
    'C:',
  ])
    assert.throws(() => dataDirectory(name), { code: 'AUTH_SETTINGS_INVALID' }, JSON.stringify(name));
});

test('ENV-07 ordinary names are folders: letters of any script, spaces, dots', LINUX, () => {
  for (const name of ['Companies', 'Firmenübersicht', '会社', 'My App 2.0', 'com.example.app'])
    assert.equal(dataDirectory(name, { XDG_DATA_HOME: '/data' }), `/data/${name}`);
});

test('STORE-13 a folder from the environment counts only when it is absolute', LINUX, () => {
  const usual = join(homedir(), '.local', 'share', 'Companies');
  for (const XDG_DATA_HOME of [undefined, '', 'relative', '../up'])
    assert.equal(dataDirectory('Companies', XDG_DATA_HOME === undefined ? {} : { XDG_DATA_HOME }), usual);
});

test('a session without an app name is refused in words', () => {
  const settings = { issuer: 'https://login.example.com', clientId: 'desktop' };
  for (const appName of ['', undefined])
    assert.throws(() => createNodeSession({ ...settings, appName: appName as string }), {
      code: 'AUTH_SETTINGS_INVALID',
      message: /"appName"/,
    });
});
