import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords } from '../src/plain-text.ts';

test('a duration is said in the unit that it rounds to', () => {
  const said: [number, string][] = [
    [0, '0 seconds'],
    [1, '1 second'],
    [119.4, '119 seconds'],
    [119.6, '2 minutes'],
    [1790, '30 minutes'],
    [7169, '119 minutes'],
    [7199, '2 hours'],
    [7200, '2 hours'],
    [172_790, '2 days'],
    [259_200, '3 days'],
  ];
  for (const [seconds, words] of said) assert.equal(inWords(seconds), words);
});
