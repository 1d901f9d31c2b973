import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { requireRuntime, weaknessOfNode } from '@deskauth/node';
import { startChild } from './start-child.ts';

const unsupported = { code: 'AUTH_RUNTIME_UNSUPPORTED' };

for (const node of ['18.20.8', '20.0.0', '20.18.3', 'none'])
  test(`ENV-11 Node ${node} is refused by name`, () => {
    const message = new RegExp(`Node ${node} is too old: Node 20\\.19\\.0 or later`);
    assert.throws(() => requireRuntime({ node }), { ...unsupported, message });
  });

for (const node of ['20.19.0', '20.20.2', '22.1.0', '24.0.0', '31.2.0', '26.0.0-nightly'])
  test(`ENV-11 Node ${node} is good enough`, () => requireRuntime({ node }));

test('ENV-11 Electron is told by its own version', () => {
  const message = /Electron 28\.3\.3 \(Node 18\.18\.2\) is too old/;
  assert.throws(() => requireRuntime({ node: '18.18.2', electron: '28.3.3' }), { ...unsupported, message });
});

test('ENV-11 the floor is the one that the packages state', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const [, floor = ''] = engines.node.split('>=');
  requireRuntime({ node: floor });
  assert.match(floor, /^20\.19\.0$/);
});

test('ENV-11 a runtime without a feature is refused by the name of the feature', (t) => {
  t.mock.property(globalThis, 'fetch', undefined as unknown as typeof fetch);
  assert.throws(() => requireRuntime(), { ...unsupported, message: /lacks fetch/ });
});

test('ENV-11 a session on an old Node is refused when it is created', async (t) => {
  assert.match(await startChild(t, 'old-node.ts').nextLine(), /^AUTH_RUNTIME_UNSUPPORTED .*Node 20\.18\.3/);
});

test('ENV-08 cryptography that is switched off is refused clearly, when the session is created', async (t) => {
  const line = await startChild(t, 'no-cryptography.ts').nextLine();
  assert.match(line, /^AUTH_RUNTIME_UNSUPPORTED .*does not have SHA-256 and AES-256-GCM.*FIPS/);
});

const TODAY = '2026-11-21';
for (const [version, says] of [
  ['18.20.8', /Node 18 is no longer mended/],
  ['20.20.2', /no longer mended since 2026-04-30/],
  ['21.7.3', /no longer mended/],
  ['24.21.0', /known holes.*24\.22\.1/],
  ['22.23.3', /known holes.*22\.23\.4/],
] as const)
  test(`SUP-07 Node ${version} is warned of`, () => assert.match(weaknessOfNode(version, TODAY) ?? '', says));

for (const version of ['22.23.4', '24.22.1', '24.30.0', '26.12.1', '28.0.0'])
  test(`SUP-07 Node ${version} is not warned of`, () =>
    assert.equal(weaknessOfNode(version, TODAY), undefined));
