import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Locked {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const locked: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
).packages;
const PUBLISHED = globSync('packages/*/package.json').sort();

/** Everything that comes along when the published packages are installed, by name. */
function shippedPackages(): Map<string, Locked> {
  const shipped = new Map<string, Locked>();
  const visit = (name: string) => {
    const entry = locked[`node_modules/${name}`];
    if (!entry || entry.link || shipped.has(name)) return;
    shipped.set(name, entry);
    Object.keys(entry.dependencies ?? {}).forEach(visit);
  };
  for (const manifest of PUBLISHED)
    Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).dependencies ?? {}).forEach(visit);
  return shipped;
}

test('SUP-05 what is shipped is locked by digest, exact, and runs nothing when it is installed', () => {
  const shipped = shippedPackages();
  assert.ok(shipped.size > 10);
  for (const [name, { integrity, hasInstallScript }] of shipped) {
    assert.match(integrity ?? '', /^sha512-/, name);
    assert.notEqual(hasInstallScript, true, `${name} has an install script`);
  }
  for (const manifest of PUBLISHED)
    for (const [name, range] of Object.entries(JSON.parse(readFileSync(manifest, 'utf8')).dependencies ?? {}))
      assert.match(String(range), /^\d+\.\d+\.\d+$/, `${manifest}: ${name} is not exact`);
});

test('SUP-05 every package that is published carries the licence', () => {
  const licence = readFileSync('LICENSE', 'utf8');
  for (const manifest of PUBLISHED)
    assert.equal(readFileSync(manifest.replace('package.json', 'LICENSE'), 'utf8'), licence, manifest);
});

test('SUP-06 the only JOSE code that is shipped is jose’s', () => {
  const others = [
    'jws',
    'jwa',
    'jsonwebtoken',
    'fast-jwt',
    'njwt',
    'jwt-simple',
    'node-jose',
    'jwks-rsa',
    'elliptic',
  ];
  const shipped = shippedPackages();
  assert.ok(shipped.has('jose'));
  assert.deepEqual(
    others.filter((name) => shipped.has(name)),
    [],
  );
});
