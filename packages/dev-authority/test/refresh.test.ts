import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { globalUser, makeFolder, requireToken, signIn, startForTest } from './authority-fixture.ts';

test('a refresh token works once: using it again ends the whole grant', async (t) => {
  const authority = await startForTest(t);
  const { config, tokens } = await signIn(authority);
  const first = requireToken(tokens.refresh_token);
  const second = requireToken((await client.refreshTokenGrant(config, first)).refresh_token);
  assert.notEqual(second, first);

  await assert.rejects(client.refreshTokenGrant(config, first), { error: 'invalid_grant' });
  await assert.rejects(client.refreshTokenGrant(config, second), { error: 'invalid_grant' });
});

test('in the time of grace an old refresh token is good, and the end of the grant after it', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const authority = await startForTest(t, { refreshGraceSeconds: 30 });
  const { config, tokens } = await signIn(authority);
  const first = requireToken(tokens.refresh_token);
  await client.refreshTokenGrant(config, first);
  t.mock.timers.tick(20_000);
  const again = requireToken((await client.refreshTokenGrant(config, first)).refresh_token);

  // From the first use: using it again does not prolong it.
  t.mock.timers.tick(11_000);
  await assert.rejects(client.refreshTokenGrant(config, first), { error: 'invalid_grant' });
  await assert.rejects(client.refreshTokenGrant(config, again), { error: 'invalid_grant' });
});

test('one installation’s reused token does not end another installation', async (t) => {
  const authority = await startForTest(t);
  const { browser, config, tokens } = await signIn(authority);
  const other = await signIn(authority, { browser });
  const stolen = requireToken(tokens.refresh_token);
  await client.refreshTokenGrant(config, stolen);
  await assert.rejects(client.refreshTokenGrant(config, stolen), { error: 'invalid_grant' });

  assert.ok((await client.refreshTokenGrant(config, requireToken(other.tokens.refresh_token))).access_token);
});

test('rotation can be switched off', async (t) => {
  const authority = await startForTest(t, { rotateRefreshTokens: false });
  const { config, tokens } = await signIn(authority);
  const token = requireToken(tokens.refresh_token);

  assert.equal((await client.refreshTokenGrant(config, token)).refresh_token, token);
  assert.equal((await client.refreshTokenGrant(config, token)).refresh_token, token);
});

test('lifetimes are settings, and neither use nor rotation prolongs them', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const authority = await startForTest(t, { accessTokenSeconds: 60, sessionSeconds: 1000 });
  const { browser, config, tokens, attempt } = await signIn(authority);
  const wrong = { username: 'europe', password: 'wrong' };
  assert.equal(tokens.expires_in, 60);

  t.mock.timers.tick(900_000);
  const late = await client.refreshTokenGrant(config, requireToken(tokens.refresh_token));
  assert.match((await browser.signIn(attempt.url, wrong)).redirectTo, /[?&]code=/, 'still signed in');

  t.mock.timers.tick(101_000);
  await assert.rejects(client.refreshTokenGrant(config, requireToken(late.refresh_token)), {
    error: 'invalid_grant',
  });
  await assert.rejects(
    browser.signIn(attempt.url, wrong),
    /do not match/,
    'the browser has to sign in again',
  );
});

test('a revoked refresh token is refused', async (t) => {
  const authority = await startForTest(t);
  const { config, tokens } = await signIn(authority);
  const token = requireToken(tokens.refresh_token);
  await client.tokenRevocation(config, token);

  await assert.rejects(client.refreshTokenGrant(config, token), { error: 'invalid_grant' });
});

test('endSessions ends the sessions of one user and of nobody else', async (t) => {
  const authority = await startForTest(t);
  const first = await signIn(authority);
  const other = await signIn(authority, { user: globalUser });
  assert.ok(authority.endSessions('user-europe') > 0);

  await assert.rejects(client.refreshTokenGrant(first.config, requireToken(first.tokens.refresh_token)), {
    error: 'invalid_grant',
  });
  await assert.rejects(
    first.browser.signIn(first.attempt.url, { username: 'europe', password: 'wrong' }),
    /do not match/,
    'the browser has to sign in again',
  );
  assert.ok(await client.refreshTokenGrant(other.config, requireToken(other.tokens.refresh_token)));
  assert.ok(authority.endSessions() > 0);
  await assert.rejects(client.refreshTokenGrant(other.config, requireToken(other.tokens.refresh_token)));
});

test('a rotated signing key signs new tokens, and old ones stay valid', async (t) => {
  const authority = await startForTest(t);
  const { config, tokens } = await signIn(authority);
  await authority.signingKeys.rotate();
  const fresh = await client.refreshTokenGrant(config, requireToken(tokens.refresh_token));

  const keys = createRemoteJWKSet(new URL(`${authority.issuer}/jwks`));
  const [old, young] = await Promise.all([tokens, fresh].map((set) => jwtVerify(set.access_token, keys)));
  assert.notEqual(old?.protectedHeader.kid, young?.protectedHeader.kid);
});

test('DEV-11 after a restart the keys are the same, a refresh gets invalid_grant, and the browser signs in anew', async (t) => {
  const directory = await makeFolder(t);
  const before = await startForTest(t, { directory });
  const { config, tokens, browser, attempt } = await signIn(before);
  await before.stop();
  const after = await startForTest(t, { directory, port: before.port, portStrict: true });

  assert.equal(after.apiClientSecret, before.apiClientSecret);
  await jwtVerify(tokens.access_token, createRemoteJWKSet(new URL(`${after.issuer}/jwks`)));
  await assert.rejects(client.refreshTokenGrant(config, requireToken(tokens.refresh_token)), {
    error: 'invalid_grant',
  });
  assert.match((await browser.signIn(attempt.url, globalUser)).redirectTo, /[?&]code=/);
});
