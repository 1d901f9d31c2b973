import assert from 'node:assert/strict';
import { randomBytes, randomFillSync } from 'node:crypto';
import { test } from 'node:test';
import type { Claims } from '../src/claims.ts';
import { createClaimsCache } from '../src/claims-cache.ts';
import { createFingerprints } from '../src/fingerprint.ts';
import { buildNhModule, NH_GROUP, NH_PASSES, planNhMemory } from '../src/nh-module.ts';

const MAX = 8192;
const MASK = 2n ** 64n - 1n;

/** The module with its memory open, so that the key is known. */
function openModule() {
  const layout = planNhMemory(MAX);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(buildNhModule(layout)));
  const { memory, hash } = exports as unknown as { memory: { buffer: ArrayBuffer }; hash(end: number): void };
  randomFillSync(Buffer.from(memory.buffer), layout.key);
  return { layout, hash, view: new DataView(memory.buffer), bytes: Buffer.from(memory.buffer) };
}

/** The definition, number by number. */
function define(text: string, pass: number, { layout, view }: ReturnType<typeof openModule>): number {
  const padded = Buffer.alloc(Math.ceil(text.length / NH_GROUP) * NH_GROUP);
  padded.write(text);
  const keyed = (at: number) =>
    (padded.readUInt32LE(at) + view.getUint32(layout.key + pass * NH_GROUP + at, true)) >>> 0;
  let sum = 0n;
  for (let group = 0; group < padded.length; group += NH_GROUP)
    for (let at = group; at < group + 16; at += 4) sum += BigInt(keyed(at)) * BigInt(keyed(at + 16));
  const [a = 0n, b = 0n, c = 0n] = [0, 8, 16].map((at) =>
    view.getBigUint64(layout.lastKey + pass * 24 + at, true),
  );
  const low = sum & 0xffffffffn;
  const high = (sum & MASK) >> 32n;
  return Number(BigInt.asIntN(32, ((low * a + high * b + c) & MASK) >> 32n));
}

test('API-13 the fingerprint of a token is what its definition says, at every length', () => {
  const module = openModule();
  for (const length of [1, 15, 16, 31, 32, 33, 63, 64, 65, 941, 958, 4095, MAX - 1, MAX]) {
    const text = randomBytes(length).toString('base64url').slice(0, length);
    module.bytes.write(text, module.layout.text);
    module.hash(module.layout.text + length);
    for (let pass = 0; pass < NH_PASSES; pass += 1)
      assert.equal(module.view.getInt32(pass * 4, true), define(text, pass, module), `${length} ${pass}`);
  }
});

test('API-13 every character of a token counts in every word of its fingerprint', () => {
  const prints = createFingerprints(MAX);
  const take = (text: string) => {
    assert.ok(prints.take(text));
    return [...prints.words];
  };
  const token = randomBytes(705).toString('base64url');
  const usual = take(token);
  for (let at = 0; at < token.length; at += 1) {
    const other = take(`${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`);
    for (const [index, word] of other.entries()) assert.notEqual(word, usual[index], `character ${at}`);
  }
  assert.deepEqual(take(token), usual);
});

test('API-13 two processes have nothing in common', () => {
  const [one, other] = [createFingerprints(MAX), createFingerprints(MAX)];
  assert.ok(one.take('a-token') && other.take('a-token'));
  assert.notDeepEqual([...one.words], [...other.words]);
});

test('API-13 what is no token has no fingerprint, and leaves those of others alone', () => {
  const prints = createFingerprints(256);
  const token = 'x'.repeat(256);
  assert.ok(prints.take(token));
  const usual = [...prints.words];
  for (const text of [
    'x'.repeat(257),
    `${'x'.repeat(255)}é`,
    'é'.repeat(256),
    '€'.repeat(256),
    '\u{1f511}'.repeat(128),
  ])
    assert.equal(prints.take(text), false, text);
  assert.ok(prints.take(token));
  assert.deepEqual([...prints.words], usual);
});

test('API-13 what is saved after other tokens were looked up is found by its own token alone', () => {
  const cache = createClaimsCache<undefined>({ maxEntries: 9, maxPerUser: 9, maxTokenLength: MAX });
  const [one, other] = [randomBytes(700).toString('base64url'), randomBytes(700).toString('base64url')];
  const entryOf = (userId: string) => ({
    ...{ claims: { userId } as Claims, isUnbound: true, diesAt: 9, evidence: undefined, version: 0 },
  });
  const userOf = (token: string) => cache.get(token, 1)?.claims.userId;
  const lookUp = (token: string) => [cache.get(token, 1), cache.lookups()] as const;

  const [, sinceOne] = lookUp(one);
  const [, sinceOther] = lookUp(other);
  cache.set(one, entryOf('one'), 1, sinceOne);
  cache.set(other, entryOf('other'), 1, sinceOther);
  assert.deepEqual([userOf(one), userOf(other)], ['one', 'other']);

  cache.delete(one);
  const [, since] = lookUp(one);
  assert.equal(userOf(`${other}é`), undefined);
  cache.set(one, entryOf('one'), 1, since);
  assert.deepEqual([userOf(one), userOf(other)], ['one', 'other']);
});
