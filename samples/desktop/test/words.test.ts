import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildHash, parseRoute, type Route } from '../src/renderer/route.ts';
import {
  formatCount,
  formatDay,
  formatElapsed,
  formatMoney,
  formatShare,
  initialsOf,
} from '../src/renderer/views/format.ts';
import { announce, explainAuthError, explainFailure } from '../src/renderer/views/words.ts';

const error = {
  code: 'AUTH_ACCESS_DENIED',
  message: 'The answer cannot be used: access_denied (nobody agreed).',
  next: 'The request was refused in the browser. Sign in again and allow it.',
  sessionKept: true,
  mayRetry: true,
  errorId: '5f2c81aa',
  error: 'access_denied',
  errorDescription: 'nobody agreed',
} as const;

test('D02 a place in the app survives the way through the address', () => {
  const places: Route[] = [
    { view: 'companies' },
    { view: 'companies', region: 'Asia & Oceania' },
    { view: 'company', id: '7' },
    { view: 'company', id: 'a/b?c#d%' },
  ];
  for (const place of places) assert.deepEqual(parseRoute(buildHash(place)), place);
  for (const unknown of ['', '#', '#/elsewhere', '#/companies/'])
    assert.deepEqual(parseRoute(unknown), places[0]);
  assert.deepEqual(parseRoute('#/companies/%'), { view: 'company', id: '%' });
});

test('D18 a sign-in error is shown with all its fields and says nothing twice', () => {
  const { title, text, details } = explainAuthError(error);
  assert.equal(title, 'The sign-in was refused');
  assert.equal(text, 'Sign in again and allow it.');
  assert.deepEqual(Object.fromEntries(details), {
    'What happened': error.message,
    'Server error': 'access_denied',
    'Server description': 'nobody agreed',
    'Error code': 'AUTH_ACCESS_DENIED',
    'Error id': '5f2c81aa',
  });
});

test('A13 the error id of the API reaches the screen', () => {
  const { details } = explainFailure({
    kind: 'api',
    status: 500,
    code: 'API_FAILED',
    id: 'QM3V-8D1K',
    message: 'x',
  });
  assert.deepEqual(Object.fromEntries(details)['Error id'], 'QM3V-8D1K');
  for (const status of [401, 403, 404, 418, 502])
    assert.ok(explainFailure({ kind: 'api', status }).text.length > 20);
});

test('every state is announced in words', () => {
  const user = { issuer: 'https://login.example.com', sub: '1', displayName: 'Europe Analyst', claims: {} };
  assert.equal(
    announce({ status: 'signed-in', user, verified: true, reason: 'fresh' }),
    'Signed in as Europe Analyst.',
  );
  assert.match(
    announce({ status: 'expired', reason: 'lost-rotation', user }),
    /sign in again.*connection.*where you were/i,
  );
  assert.match(announce({ status: 'signed-out', reason: 'elsewhere' }), /signed out in another window/);
});

test('numbers, days and names are readable', () => {
  assert.match(formatMoney(903500, 'EUR'), /903.500/);
  assert.doesNotMatch(formatMoney(418350000, 'JPY'), /[.,]00$/);
  assert.match(formatShare(1, 2), /50/);
  assert.match(formatShare(1, 0), /^0/);
  assert.match(formatDay('2026-01-01'), /2026/);
  assert.equal(formatElapsed(67), '1:07');
  assert.equal(formatCount(1, 'investor', 'investors'), '1 investor');
  assert.equal(formatCount(3, 'investor', 'investors'), '3 investors');
  assert.deepEqual(
    ['Harbour & Field Foods', 'Global Manager', 'Çelik', '  ', '株式会社 例'].map(initialsOf),
    ['HF', 'GM', 'Ç', '?', '株例'],
  );
});
