import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from 'openid-client';
import { globalUser, requireToken, signIn, startForTest } from './authority-fixture.ts';

const returnUri = 'http://127.0.0.1:49152/signed-out';

test('RP-initiated sign-out ends the browser session and comes back with the state', async (t) => {
  const authority = await startForTest(t);
  const { browser, config, tokens, attempt } = await signIn(authority);
  const url = client.buildEndSessionUrl(config, {
    id_token_hint: requireToken(tokens.id_token),
    post_logout_redirect_uri: returnUri,
    state: 'back',
  });

  assert.equal(await browser.signOut(url.href), `${returnUri}?state=back`);
  await assert.rejects(browser.signIn(attempt.url, { ...globalUser, password: 'wrong' }), /do not match/);
});

test('sign-out without a session goes on at once, and without an address ends on a page of its own', async (t) => {
  const authority = await startForTest(t);
  const { browser, config, tokens } = await signIn(authority);
  assert.equal(await browser.signOut(`${authority.issuer}/sign-out`), undefined);

  const url = client.buildEndSessionUrl(config, {
    id_token_hint: requireToken(tokens.id_token),
    post_logout_redirect_uri: returnUri,
  });
  assert.equal(await browser.signOut(url.href), returnUri);
});

test('sign-out goes only to a registered address', async (t) => {
  const authority = await startForTest(t);
  const { browser, config, tokens } = await signIn(authority);
  for (const target of [
    'http://127.0.0.1:49152/callback',
    'http://evil.example/signed-out',
    'com.other:/signed-out',
  ]) {
    const url = client.buildEndSessionUrl(config, {
      id_token_hint: requireToken(tokens.id_token),
      post_logout_redirect_uri: target,
    });
    await assert.rejects(browser.signOut(url.href), /post_logout_redirect_uri not registered/, target);
  }
});

test('a page’s refresh token ends with the browser session, a desktop app’s does not', async (t) => {
  const authority = await startForTest(t);
  const parameters = { redirect_uri: 'http://localhost:3701/' };
  const web = await signIn(authority, { clientId: 'deskauth-spa', parameters });
  const desktop = await signIn(authority, { browser: web.browser });
  await web.browser.signOut(`${authority.issuer}/sign-out`);

  await assert.rejects(client.refreshTokenGrant(web.config, requireToken(web.tokens.refresh_token)), {
    error: 'invalid_grant',
  });
  assert.ok(await client.refreshTokenGrant(desktop.config, requireToken(desktop.tokens.refresh_token)));
});
