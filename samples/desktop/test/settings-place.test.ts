import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSettings, settingsArgument } from '../src/settings-place.ts';

const packed = { argv: ['/opt/app/app'], isPackaged: true, resources: '/opt/app/resources', home: '/asar' };
const SETTINGS = 'desktop.settings.json';

test('D01 settings lie beside the app, packed or not; an administrator’s file comes first', () => {
  const find = (more: Partial<Parameters<typeof findSettings>[0]>) =>
    findSettings({ ...packed, platform: 'linux', exists: () => false, ...more });
  assert.equal(find({ isPackaged: false, home: '/src' }), `/src/${SETTINGS}`);
  assert.equal(find({}), `/opt/app/resources/${SETTINGS}`);
  assert.equal(find({ exists: () => true }), `/etc/deskauth-companies/${SETTINGS}`);
  assert.match(find({ exists: () => true, platform: 'darwin' }), /^\/Library\/Application Support\//);
  assert.equal(find({ exists: () => true, platform: 'win32' }), `/opt/app/resources/${SETTINGS}`);
  assert.equal(find({ argv: ['app', '--settings=/x.json'], exists: () => true }), '/x.json');
});

test('LINK-04 a link cannot name the settings', () => {
  const link = ['app', '--', 'com.deskauth.sample:/callback?code=1', '--settings=/tmp/theirs.json'];
  assert.equal(settingsArgument(link), undefined);
  assert.equal(
    settingsArgument(['app', '--settings=/ours.json', '--', '--settings=/theirs.json']),
    '--settings=/ours.json',
  );
});
