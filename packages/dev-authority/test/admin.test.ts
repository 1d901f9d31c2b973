import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AdminAccess, DevAuthoritySettings } from '@deskauth/dev-authority';
import * as client from 'openid-client';
import { discover, globalUser, makeFolder, requireToken, signIn, startForTest } from './authority-fixture.ts';

async function startWithAdmin(t: Parameters<typeof startForTest>[0], settings: DevAuthoritySettings = {}) {
  const authority = await startForTest(t, { admin: true, ...settings });
  const { admin } = authority;
  assert.ok(admin);
  return { authority, admin, ask: createAsk(admin) };
}

const createAsk =
  ({ url, token }: AdminAccess) =>
  async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}${path}`, {
      ...{ method, headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> & unknown[] };
  };

/** `fetch` does not let a program choose these headers. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, method: 'GET' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('error', reject).end();
  });
}

test('DEV-10 there is no administration unless it was asked for', async (t) => {
  assert.equal((await startForTest(t)).admin, undefined);
});

test('the header for curl is in a file of its owner, until the end', async (t) => {
  const directory = await makeFolder(t);
  const authority = await startForTest(t, { admin: true, directory });
  const { url, headerFile = '' } = authority.admin ?? {};
  assert.equal(headerFile, join(directory, `admin-${authority.port}.header`));
  assert.equal((await stat(headerFile)).mode & 0o777, 0o600);
  assert.match(await readFile(join(directory, '.gitignore'), 'utf8'), /^admin\*\.header$/m);
  const [name = '', value = ''] = (await readFile(headerFile, 'utf8')).trim().split(': ');
  assert.equal((await fetch(`${url}/faults`, { headers: { [name]: value } })).status, 200);

  await authority.stop();
  await assert.rejects(stat(headerFile), { code: 'ENOENT' });
});

test('DEV-10 the fault layer is on a port of its own, under a token of its own', async (t) => {
  const lines: string[] = [];
  const { authority, admin, ask } = await startWithAdmin(t, { log: (line) => lines.push(line) });
  assert.notEqual(new URL(admin.url).port, String(authority.port));
  assert.equal(new URL(admin.url).hostname, '127.0.0.1');

  const fault = { at: 'token', kind: 'cut' };
  for (const path of ['/faults', '/refresh-tokens', '/sessions', '/signing-keys'])
    for (const method of ['GET', 'POST', 'DELETE']) {
      const headers = { authorization: `Bearer ${admin.token}` };
      const atIssuer = await fetch(`${authority.issuer}${path}`, { method, headers });
      assert.equal(atIssuer.status, 404, `${method} ${path} at the issuer`);
    }
  const body = JSON.stringify(fault);
  for (const authorization of [
    undefined,
    'Bearer',
    'Bearer x',
    `Basic ${admin.token}`,
    `Bearer ${admin.token}x`,
  ]) {
    const headers = authorization ? { authorization } : {};
    const refused = await fetch(`${admin.url}/faults`, { method: 'POST', headers, body });
    assert.deepEqual([refused.status, refused.headers.has('www-authenticate')], [401, true], authorization);
  }
  assert.deepEqual(authority.faults.list(), []);
  assert.equal((await ask('POST', '/faults', fault)).status, 200);
  assert.equal(authority.faults.list().length, 1);
  assert.ok(!lines.some((line) => line.includes(admin.token)));
});

test('DEV-10 a page in a browser is refused, with the right token and under a bent name', async (t) => {
  const { admin } = await startWithAdmin(t);
  const authorization = `Bearer ${admin.token}`;
  assert.equal(await statusOf(`${admin.url}/faults`, { authorization }), 200);
  assert.equal(
    await statusOf(`${admin.url}/faults`, { authorization, origin: 'http://localhost:3701' }),
    403,
  );
  assert.equal(await statusOf(`${admin.url}/faults`, { authorization, origin: admin.url }), 403);
  assert.equal(await statusOf(`${admin.url}/faults`, { authorization, host: 'bent.example' }), 421);
});

test('DEV-10 another start has another token', async (t) => {
  const [one, other] = [await startWithAdmin(t), await startWithAdmin(t)];
  assert.notEqual(one.admin.token, other.admin.token);
  const headers = { authorization: `Bearer ${one.admin.token}` };
  assert.equal((await fetch(`${other.admin.url}/faults`, { headers })).status, 401);
});

test('faults are added, listed and removed; slips are named', async (t) => {
  const { authority, ask } = await startWithAdmin(t);
  const { body } = await ask('POST', '/faults', { at: 'jwks', kind: 'status', status: 503, times: 3 });
  const other = await ask('POST', '/faults', { at: 'token', kind: 'cut' });
  assert.equal((await fetch(`${authority.issuer}/jwks`)).status, 503);
  assert.deepEqual((await ask('GET', '/faults')).body, [
    { id: body.id, fault: { at: 'jwks', kind: 'status', status: 503, times: 3 }, left: 2 },
    { id: other.body.id, fault: { at: 'token', kind: 'cut' }, left: 'all' },
  ]);
  assert.deepEqual((await ask('DELETE', `/faults/${body.id}`)).body, { removed: 1 });
  assert.deepEqual((await ask('DELETE', '/faults')).body, { removed: 1 });

  const slip = await ask('POST', '/faults', { at: 'token', kind: 'explode' });
  assert.deepEqual([slip.status, String(slip.body.error).startsWith('kind is "explode"')], [400, true]);
  assert.equal((await ask('POST', '/faults')).status, 400);
  assert.equal((await ask('PUT', '/faults')).status, 404);
  assert.equal((await ask('POST', '/faults', { note: 'x'.repeat(70_000) })).status, 413);
});

test('refresh tokens are listed by user, app and time, and revoked; only their hashes are known', async (t) => {
  const { authority, ask } = await startWithAdmin(t);
  const before = Math.floor(Date.now() / 1000);
  const europe = await signIn(authority);
  const other = await signIn(authority, { user: globalUser });
  const token = requireToken(europe.tokens.refresh_token);

  const { body: all } = await ask('GET', '/refresh-tokens');
  assert.equal(all.length, 2);
  assert.ok(!JSON.stringify(all).includes(token));
  const { body: ofUser } = await ask('GET', '/refresh-tokens?sub=user-europe&client_id=deskauth-desktop');
  const [found] = ofUser as { hash: string; scope: string; issuedAt: number; expiresAt: number }[];
  assert.equal(found?.hash, createHash('sha256').update(token).digest('base64url'));
  assert.ok(found.scope.includes('offline_access') && found.issuedAt >= before);
  assert.equal(found.expiresAt - found.issuedAt, 43_200);
  const later = new Date((before + 60) * 1000).toISOString();
  assert.equal((await ask('GET', `/refresh-tokens?issued_from=${later}`)).body.length, 0);
  assert.equal(
    (await ask('GET', `/refresh-tokens?issued_from=${before}&issued_before=${later}`)).body.length,
    2,
  );
  assert.equal((await ask('GET', '/refresh-tokens?client_id=deskauth-spa')).body.length, 0);
  assert.equal((await ask('DELETE', '/refresh-tokens?client=deskauth-spa')).status, 400);
  assert.equal((await ask('DELETE', '/refresh-tokens?issued_before=tomorrow')).status, 400);

  // A rotated one does not count any more, and goes with its successor.
  const { refresh_token: successor } = await client.refreshTokenGrant(europe.config, token);
  assert.equal((await ask('GET', '/refresh-tokens?sub=user-europe')).body.length, 1);
  const { body: revoked } = await ask('DELETE', '/refresh-tokens?sub=user-europe');
  assert.deepEqual(revoked, { revoked: 1 });
  const config = await discover(authority);
  const rejected = { error: 'invalid_grant' };
  await assert.rejects(client.refreshTokenGrant(config, requireToken(successor)), rejected);
  await client.refreshTokenGrant(config, requireToken(other.tokens.refresh_token));

  const [last] = (await ask('GET', '/refresh-tokens')).body as { hash: string }[];
  assert.deepEqual((await ask('DELETE', `/refresh-tokens/${last?.hash}`)).body, { revoked: 1 });
  assert.deepEqual((await ask('GET', '/refresh-tokens')).body, []);
});

test('sessions are ended and keys are rotated', async (t) => {
  const { authority, ask } = await startWithAdmin(t);
  const { config, tokens } = await signIn(authority);
  const keysNow = async () =>
    ((await (await fetch(`${authority.issuer}/jwks`)).json()) as { keys: object[] }).keys;
  assert.deepEqual((await ask('POST', '/signing-keys')).body, { rotated: true });
  assert.equal((await keysNow()).length, 2);
  assert.ok(Number((await ask('DELETE', '/sessions?sub=user-europe')).body.ended) > 0);
  await assert.rejects(client.refreshTokenGrant(config, requireToken(tokens.refresh_token)), {
    error: 'invalid_grant',
  });
});

test('a slip chooses nothing: unknown words, ids where there are none, paths that are no paths', async (t) => {
  const { authority, ask } = await startWithAdmin(t);
  await signIn(authority);
  authority.faults.add({ at: 'jwks', kind: 'cut' });
  for (const [method, path, status] of [
    ['DELETE', '/sessions?user=user-europe', 400],
    ['DELETE', '/sessions/user-europe', 404],
    ['DELETE', '/faults?at=jwks', 400],
    ['DELETE', '/faults/', 404],
    ['DELETE', '/faults/a/b', 404],
    ['DELETE', '/faults/%zz', 404],
    ['DELETE', '//other.example/faults', 404],
    ['POST', '/faults/x', 404],
    ['POST', '/signing-keys/x', 404],
    ['POST', '/signing-keys?now=1', 400],
  ] as const)
    assert.equal(
      (await ask(method, path, method === 'POST' ? {} : undefined)).status,
      status,
      `${method} ${path}`,
    );
  assert.equal(authority.faults.list().length, 1);
  assert.equal(authority.refreshTokens.list().length, 1);
});

test('keys that are rotated at the same time are all saved, and the folder keeps what is secret out of git', async (t) => {
  const directory = await makeFolder(t);
  const { authority, ask } = await startWithAdmin(t, { directory });
  await Promise.all([1, 2, 3, 4].map(() => ask('POST', '/signing-keys')));
  const published = (await (await fetch(`${authority.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
  const saved = JSON.parse(await readFile(join(directory, 'dev-authority-secrets.json'), 'utf8'));
  const kids = (keys: { kid: string }[]) => keys.map(({ kid }) => kid);
  assert.deepEqual(kids(saved.signingKeys), kids(published.keys));
  assert.match(await readFile(join(directory, '.gitignore'), 'utf8'), /^admin\*\.header$/m);
});
