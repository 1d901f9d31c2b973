import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStrictJson } from '../src/strict-json.ts';

test('API-30 texts that look like names are no names', () => {
  const good = [
    ...['{}', '{"a":1}', ' {"a":"{"}', '{"a":["x","y"]}', '{"a" : 1, "b"\n:2}'],
    ...[
      '{"a":":x","b":"y"}',
      '{"a":"x","b":":","c":"::"}',
      '{"a":"b\\"c\\":1"}',
      '{"a":{"b":1},"c":{"b":2}}',
    ],
  ];
  for (const text of good) assert.deepEqual(parseStrictJson(text), JSON.parse(text));
});

test('API-30 a name given twice, a reserved name and deep nesting are refused, wherever they hide', () => {
  const deep = `{"a":${'['.repeat(17)}1${']'.repeat(17)}}`;
  const bad = [
    ...[
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '{"a":1,"b":2,"a" :3}',
      '{"a":1,"b":2,"a"\t:3}',
      '{"a":1,"a"\n:3}',
      '{"a":":","a":1}',
      '{"1":1,"1":2}',
    ],
    ...['{"a":{"b":1,"b":2}}', '{"a":[{"b":1,"b":2}]}', '{"a":"\\"","a":1}'],
    ...['{"__proto__":1}', '{"constructor":1}', '{"a":{"prototype":1}}', '[]', '"x"', 'null', deep],
  ];
  for (const text of bad) assert.throws(() => parseStrictJson(text), SyntaxError, text);
});
