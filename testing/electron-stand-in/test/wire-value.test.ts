import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeValue } from '../src/in-page/decode-value.ts';
import { encodeValue } from '../src/in-page/encode-value.ts';

const crossed = (value: unknown) => decodeValue(encodeValue(value));

test('carries what structured clone carries', () => {
  const value = {
    numbers: [1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, 9007199254740993n],
    nothing: [undefined, null],
    text: 'é \u2028 "',
    date: new Date(5),
    pattern: /a\/b/gi,
    map: new Map<unknown, unknown>([[{ key: 1 }, new Set(['x'])]]),
    bytes: new Uint8Array([0, 255]),
    floats: new Float64Array([1.25]),
    buffer: new Uint8Array([7]).buffer,
  };
  assert.deepEqual(crossed(value), value);
});

test('keeps cycles and shared objects', () => {
  const shared = { name: 'shared' };
  const value: Record<string, unknown> = { a: shared, b: shared };
  value.self = value;
  const copy = crossed(value) as typeof value;
  assert.equal(copy.self, copy);
  assert.equal(copy.a, copy.b);
  assert.notEqual(copy.a, shared);
});

test('keeps the kind and message of an error', () => {
  const copy = crossed(new RangeError('too far')) as RangeError;
  assert.ok(copy instanceof RangeError);
  assert.equal(copy.message, 'too far');
});

test('a key __proto__ stays a key', () => {
  const copy = crossed(JSON.parse('{"__proto__": {"admin": true}}')) as { admin?: boolean };
  assert.equal(copy.admin, undefined);
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
});

test('refuses what cannot be cloned', () => {
  for (const value of [() => 1, Symbol('s'), Promise.resolve(), { deep: [() => 1] }, new WeakMap()]) {
    assert.throws(() => encodeValue(value), { message: 'An object could not be cloned.' });
  }
});
