import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { API_ERRORS, ApiError, type ApiErrorCode } from '../src/index.ts';
import { verifierFor } from './support.ts';

const page = await readFile(new URL('../../../docs/api-errors.md', import.meta.url), 'utf8');

const rows = [...page.matchAll(/^\| `(API_\w+)` \|(.*)\|$/gm)].map(([, code = '', cells = '']) => {
  const [status, area, challenge, tell, log] = cells.split('|').map((cell) => cell.trim());
  return { code: code as ApiErrorCode, status, area, challenge, tell, log };
});

test('API-26 docs/api-errors.md has every code, in the order of the code, and nothing else', () => {
  assert.deepEqual(
    rows.map(({ code }) => code),
    Object.keys(API_ERRORS),
  );
});

test('API-26 docs/api-errors.md says what is really answered', () => {
  const verifier = verifierFor({ issuer: 'https://login.example.com' } as never, {
    dpop: { origin: 'https://api.deskauth.example' },
  });
  for (const { code, status, area, challenge, tell, log } of rows) {
    const error = new ApiError(code, 'a reason');
    const header = verifier.challenge(error);
    const name = header === undefined ? 'none' : (/error="(\w+)"/.exec(header)?.[1] ?? 'bare');
    assert.deepEqual([code, status, area, challenge], [code, String(error.status), error.area, name]);
    assert.ok(tell && log, `${code}: what to tell the user, and what the log holds`);
  }
});

test('API-26 the example on the page is what an error looks like', () => {
  const example = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '');
  const body = new ApiError(example.code, 'a reason').toJSON();
  assert.deepEqual(Object.keys(example), Object.keys(body));
  assert.deepEqual([example.message, example.area], [body.message, body.area]);
  for (const key of ['id', 'at'] as const)
    assert.equal(example[key].replace(/\w/g, 'x'), body[key].replace(/\w/g, 'x'));
});
