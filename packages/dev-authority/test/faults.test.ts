import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DevAuthority, Fault } from '@deskauth/dev-authority';
import * as client from 'openid-client';
import { discover, postToken, requireToken, signIn, startForTest } from './authority-fixture.ts';

const discovery = (authority: DevAuthority) => fetch(`${authority.issuer}/.well-known/openid-configuration`);

/** What a refresh comes to: `ok`, the error code, or `network` where there was no whole answer. */
async function refresh(authority: DevAuthority, refreshToken: string): Promise<string> {
  try {
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: 'deskauth-desktop',
    };
    const { status, body } = await postToken(authority, fields);
    return status === 200 ? 'ok' : `${status} ${body.error}`;
  } catch (error) {
    return error instanceof SyntaxError ? 'no JSON' : 'network';
  }
}

test('a fault meets the endpoint that it is for, as often as it says, and is gone', async (t) => {
  const authority = await startForTest(t);
  const id = authority.faults.add({
    at: 'discovery',
    kind: 'status',
    status: 503,
    retryAfterSeconds: 7,
    times: 2,
  });
  assert.equal((await fetch(`${authority.issuer}/jwks`)).status, 200);
  const first = await discovery(authority);
  assert.deepEqual([first.status, first.headers.get('retry-after')], [503, '7']);
  assert.equal(authority.faults.list()[0]?.left, 1);
  assert.equal((await discovery(authority)).status, 503);
  assert.equal((await discovery(authority)).status, 200);
  assert.deepEqual([authority.faults.list(), authority.faults.remove(id)], [[], 0]);
});

test('a fault without a number stays until it is removed, and the oldest one comes first', async (t) => {
  const authority = await startForTest(t);
  authority.faults.add({ at: 'discovery', kind: 'status', status: 500, times: 1 });
  authority.faults.add({ at: 'discovery', kind: 'status', status: 502 });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await discovery(authority)).status);
  assert.deepEqual(statuses, [500, 502, 502, 502]);
  assert.equal(authority.faults.remove(), 1);
  assert.equal((await discovery(authority)).status, 200);
});

test('every kind of fault is what it says', async (t) => {
  const authority = await startForTest(t);
  const { tokens } = await signIn(authority);
  const token = requireToken(tokens.refresh_token);
  const once = (fault: object) => authority.faults.add({ at: 'token', times: 1, ...fault } as Fault);

  once({ kind: 'cut' });
  assert.equal(await refresh(authority, token), 'network');
  once({ kind: 'page' });
  assert.equal(await refresh(authority, token), 'no JSON');
  once({ kind: 'error', error: 'temporarily_unavailable', status: 503 });
  assert.equal(await refresh(authority, token), '503 temporarily_unavailable');
  once({ kind: 'error', error: 'invalid_grant', errorDescription: 'asked for' });
  assert.equal(await refresh(authority, token), '400 invalid_grant');

  once({ kind: 'no-answer' });
  const signal = AbortSignal.timeout(200);
  await assert.rejects(fetch(`${authority.issuer}/token`, { method: 'POST', signal }), {
    name: 'TimeoutError',
  });
  once({ kind: 'delay', delaySeconds: 0.2 });
  const startedAt = performance.now();
  assert.equal(await refresh(authority, 'not-a-token'), '400 invalid_grant');
  assert.ok(performance.now() - startedAt >= 199);

  // None of these has reached the token: it is still good.
  const config = await discover(authority);
  once({ kind: 'edit', set: { token_type: 'mac', extra: 1 }, remove: ['refresh_token'] });
  const fields = { grant_type: 'refresh_token', refresh_token: token, client_id: 'deskauth-desktop' };
  const { status, body } = await postToken(authority, fields);
  assert.deepEqual([status, body.token_type, body.extra, body.refresh_token], [200, 'mac', 1, undefined]);
  await assert.rejects(client.refreshTokenGrant(config, token), { error: 'invalid_grant' });
});

for (const kind of ['lose-answer', 'truncate'] as const)
  test(`after ${kind} the authority has rotated the token, and the app has no new one`, async (t) => {
    const authority = await startForTest(t);
    const { tokens } = await signIn(authority);
    const token = requireToken(tokens.refresh_token);
    authority.faults.add({ at: 'token', kind, times: 1 });
    assert.equal(await refresh(authority, token), 'network');
    assert.equal(authority.refreshTokens.list()[0]?.rotations, 1);
    assert.equal(await refresh(authority, token), '400 invalid_grant', 'it was used before');
    assert.deepEqual(authority.refreshTokens.list(), [], 'and its successor is revoked with it');
  });

test('a page may read a fault that has a status, and its preflight counts for nothing', async (t) => {
  const authority = await startForTest(t);
  authority.faults.add({ at: 'token', kind: 'error', error: 'server_error', status: 500, times: 1 });
  const headers = { origin: 'http://localhost:3701', 'access-control-request-method': 'POST' };
  await fetch(`${authority.issuer}/token`, { method: 'OPTIONS', headers });
  const { origin } = headers;
  const response = await fetch(`${authority.issuer}/token`, { method: 'POST', headers: { origin } });
  assert.deepEqual([response.status, response.headers.get('access-control-allow-origin')], [500, origin]);

  authority.faults.add({ at: 'token', kind: 'error', error: 'server_error', status: 500, times: 1 });
  const foreign = await fetch(`${authority.issuer}/token`, {
    method: 'POST',
    headers: { origin: 'http://localhost:9' },
  });
  assert.deepEqual([foreign.status, foreign.headers.get('access-control-allow-origin')], [500, null]);
});

test('a slip in a fault is named', async (t) => {
  const { faults } = await startForTest(t);
  const slips: readonly [object, RegExp][] = [
    [{ at: 'tokens', kind: 'cut' }, /at is "tokens"; expected one of discovery, jwks/],
    [{ at: 'token', kind: 'explode' }, /kind is "explode"; expected one of delay, no-answer/],
    [{ at: 'token', kind: 'cut', status: 500 }, /status does not belong to a fault of kind 'cut'/],
    [{ at: 'token', kind: 'status' }, /status is missing: a number from 200 to 599/],
    [{ at: 'token', kind: 'error' }, /error is missing/],
    [{ at: 'token', kind: 'error', error: 'x', errorDescription: 5 }, /errorDescription is not a text/],
    [{ at: 'token', kind: 'edit', set: { expires_in: 1n } }, /cannot be written as JSON/],
    [{ at: 'token', kind: 'cut', times: 0 }, /times is 0/],
    [{ at: 'token', kind: 'cut', times: 1.5 }, /times is 1.5; expected a whole number/],
    [{ at: 'token', kind: 'delay', delaySeconds: '5' }, /delaySeconds is 5; expected a number/],
    [{ at: 'token', kind: 'edit', set: [] }, /set is not an object/],
    [{ at: 'token', kind: 'edit', remove: 'x' }, /remove is not a list/],
  ];
  for (const [slip, message] of slips)
    assert.throws(() => faults.add(slip as Fault), { name: 'TypeError', message });
  assert.deepEqual(faults.list(), []);
});

test('a fault that gives no answer is no error in the log, and one without members leaves an answer as it is', async (t) => {
  const lines: string[] = [];
  const authority = await startForTest(t, { log: (line) => lines.push(line) });
  authority.faults.add({ at: 'token', kind: 'cut', times: 1 });
  assert.equal(await refresh(authority, 'any'), 'network');
  authority.faults.add({ at: 'jwks', kind: 'edit', set: { a: 1 }, times: 1 });
  assert.equal((await fetch(`${authority.issuer}/jwks`, { method: 'POST' })).status, 404);
  assert.ok(lines.some((line) => line === 'a fault at token: cut'));
  assert.ok(!lines.some((line) => line.includes('POST /token')), lines.join('\n'));
});
