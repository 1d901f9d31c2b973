import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AUTH_ERRORS, AuthError } from '@deskauth/session';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const state = readFileSync(new URL('../src/state.ts', import.meta.url), 'utf8');

const rows = (start: string) =>
  page
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

test('docs/errors.md has one row for each code, with the advice that the code gives', () => {
  const documented = rows('| `AUTH_').map(([, code, kept, retry, , next]) => ({ code, kept, retry, next }));
  const yesNo = (value: boolean) => (value ? 'yes' : 'no');
  const expected = Object.entries(AUTH_ERRORS).map(([code, { sessionKept, mayRetry, next }]) => ({
    ...{ code, kept: yesNo(sessionKept), retry: yesNo(mayRetry), next },
  }));
  assert.deepEqual(documented, expected);
});

test('docs/errors.md says of each code what happened', () => {
  for (const [, code, , , what] of rows('| `AUTH_')) assert.ok((what?.length ?? 0) > 15, code);
});

test('docs/errors.md names each reason for which a session ends', () => {
  const named = rows('| `').map(([, , reason]) => reason);
  const [, signedOut = ''] = /interface SignedOut[\s\S]*?reason:([^;]*);/.exec(state) ?? [];
  const [, expired = ''] = /interface Expired[\s\S]*?reason:([^;]*);/.exec(state) ?? [];
  const reasons = [...`${signedOut}${expired}`.matchAll(/'([\w-]+)'/g)].map(([, reason]) => reason);
  assert.ok(reasons.length > 8);
  for (const reason of reasons) assert.ok(named.includes(reason), reason);
});

test('an error has its id in a page that is not secure, too', (t) => {
  t.mock.method(crypto, 'randomUUID', () => {
    throw new TypeError('crypto.randomUUID is not a function');
  });
  assert.match(new AuthError('AUTH_RUNTIME_UNSUPPORTED', 'No https.').errorId, /^[0-9a-f]{8}$/);
});
