import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weaknessOfElectron } from '@deskauth/node';

for (const version of [
  '12.0.0',
  '42.3.1',
  '42.3.2',
  '42.11.6',
  '43.7.2',
  '44.0.0',
  '44.4.2',
  '43.0.0-beta.1',
  'none',
])
  test(`ELEC-11 ELEC-24 ELEC-27 Electron ${version} is warned of`, () => {
    assert.match(weaknessOfElectron(version) ?? '', /known faults.*or later/);
  });

for (const version of ['43.7.3', '43.10.0', '44.4.3', '45.0.0', '46.1.0'])
  test(`ELEC-27 Electron ${version} is not warned of`, () =>
    assert.equal(weaknessOfElectron(version), undefined));

test('ELEC-09 ELEC-25 ELEC-26 remote content, updaters and drag of addresses', {
  skip: 'this package shows no remote content, has no updater, and puts no callback address on a screen',
}, () => {});
