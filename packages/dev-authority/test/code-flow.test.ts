import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import {
  buildAttempt,
  discover,
  europe,
  exchange,
  globalUser,
  readAnswer,
  requireToken,
  signIn,
  startForTest,
} from './authority-fixture.ts';

test('signs a user in: an access token for the API and an ID token with the profile', async (t) => {
  const authority = await startForTest(t);
  const { tokens, redirectTo } = await signIn(authority);

  assert.equal(readAnswer(redirectTo).get('iss'), authority.issuer);
  assert.equal(tokens.expires_in, 1800);
  const keys = createRemoteJWKSet(new URL(`${authority.issuer}/jwks`));
  const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
    issuer: authority.issuer,
    audience: 'https://api.deskauth.example',
    typ: 'at+jwt',
    algorithms: ['RS256'],
  });
  assert.match(String(protectedHeader.kid), /^development-/);
  assert.equal(payload.sub, 'user-europe');
  assert.equal(payload.client_id, 'deskauth-desktop');
  assert.equal(payload.scope, 'companies:read transactions:read');
  const claims = tokens.claims();
  assert.ok(claims);
  const { name, given_name, family_name, preferred_username, email } = claims;
  assert.deepEqual(
    { name, given_name, family_name, preferred_username, email },
    {
      name: 'Europe Analyst',
      given_name: 'Europe',
      family_name: 'Analyst',
      preferred_username: 'europe',
      email: 'europe.analyst@deskauth.example',
    },
  );
});

test('gives only what was asked for', async (t) => {
  const authority = await startForTest(t);
  const { tokens } = await signIn(authority, { parameters: { scope: 'openid companies:read' } });

  assert.equal(tokens.refresh_token, undefined);
  assert.equal(tokens.claims()?.name, undefined);
  assert.equal(tokens.scope, 'companies:read');
});

test('gives narrower scopes at refresh, and the full ones again later', async (t) => {
  const authority = await startForTest(t);
  const { config, tokens } = await signIn(authority);

  const narrow = await client.refreshTokenGrant(config, requireToken(tokens.refresh_token), {
    scope: 'companies:read',
  });
  assert.equal(narrow.scope, 'companies:read');
  const full = await client.refreshTokenGrant(config, requireToken(narrow.refresh_token));
  assert.equal(full.scope, 'companies:read transactions:read');
});

test('a second sign-in in the same browser needs no password, but a native app asks for consent again', async (t) => {
  const authority = await startForTest(t);
  const { browser, config } = await signIn(authority);

  const again = await buildAttempt(config);
  const noPassword = { username: 'nobody', password: 'none' };
  assert.ok((await exchange(again, (await browser.signIn(again.url, noPassword)).redirectTo)).access_token);
  const refused = await browser.signIn((await buildAttempt(config)).url, {
    ...noPassword,
    consent: 'refuse',
  });
  assert.equal(readAnswer(refused.redirectTo).get('error'), 'access_denied');
});

test('a web app asks for consent once in each session', async (t) => {
  const authority = await startForTest(t);
  const parameters = { redirect_uri: 'http://localhost:3701/' };
  const { browser, config, tokens } = await signIn(authority, { clientId: 'deskauth-spa', parameters });
  assert.ok(tokens.refresh_token, 'a refresh token without prompt=consent');

  const silent = await buildAttempt(config, { ...parameters, prompt: 'none' });
  const { redirectTo } = await browser.signIn(silent.url, europe);
  assert.ok((await exchange(silent, redirectTo)).access_token);
});

test('prompt=none without a session is answered with login_required', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority), { prompt: 'none' });
  const { redirectTo } = await createHttpBrowser().signIn(url, europe);

  assert.equal(readAnswer(redirectTo).get('error'), 'login_required');
});

test('a wrong password keeps the user on the page, and says so', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority));

  await assert.rejects(
    createHttpBrowser().signIn(url, { username: 'europe', password: 'wrong' }),
    /This user name and password do not match/,
  );
});

test('prompt=select_account lets a signed-in user become another one', async (t) => {
  const authority = await startForTest(t);
  const { browser, config } = await signIn(authority);

  const attempt = await buildAttempt(config, { prompt: 'select_account' });
  const tokens = await exchange(attempt, (await browser.signIn(attempt.url, globalUser)).redirectTo);
  assert.equal(tokens.claims()?.sub, 'user-global');
});

test('takes a pushed authorization request, with a refresh token', async (t) => {
  const authority = await startForTest(t);
  const config = await discover(authority);
  const { url, ...attempt } = await buildAttempt(config);
  const pushed = await client.buildAuthorizationUrlWithPAR(config, new URL(url).searchParams);

  assert.ok(pushed.searchParams.get('request_uri'));
  const { redirectTo } = await createHttpBrowser().signIn(pushed.href, europe);
  assert.ok((await exchange({ url, ...attempt }, redirectTo)).refresh_token);
});

test('binds tokens to a DPoP key', async (t) => {
  const authority = await startForTest(t);
  const config = await discover(authority);
  const attempt = await buildAttempt(config);
  const { redirectTo } = await createHttpBrowser().signIn(attempt.url, europe);
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
  const tokens = await client.authorizationCodeGrant(
    config,
    new URL(redirectTo),
    { pkceCodeVerifier: attempt.verifier, expectedState: attempt.state, expectedNonce: attempt.nonce },
    undefined,
    { DPoP },
  );

  assert.equal(tokens.token_type, 'dpop');
  await assert.rejects(client.refreshTokenGrant(config, requireToken(tokens.refresh_token)), {
    error: 'invalid_grant',
  });
});

test('a client that does not call the API may ask the userinfo endpoint', async (t) => {
  const redirectUris = ['http://127.0.0.1/callback'];
  const portal = {
    clientId: 'portal',
    name: 'Portal',
    type: 'native',
    redirectUris,
    callsApi: false,
  } as const;
  const authority = await startForTest(t, { clients: [portal] });
  const { config, tokens } = await signIn(authority, { clientId: 'portal' });

  const user = await client.fetchUserInfo(config, tokens.access_token, 'user-europe');
  assert.equal(user.email, 'europe.analyst@deskauth.example');
});

test('refuses a resource that is not its API', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority), {
    resource: 'https://other.deskauth.example',
  });
  const { redirectTo } = await createHttpBrowser().signIn(url, europe);

  assert.equal(readAnswer(redirectTo).get('error'), 'invalid_target');
});

test('only the web client’s own origins may read the token endpoint across origins', async (t) => {
  const authority = await startForTest(t);
  const ask = (clientId: string, origin: string) =>
    fetch(`${authority.issuer}/token`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({
        client_id: clientId,
        grant_type: 'refresh_token',
        refresh_token: 'unknown',
      }),
    });

  const own = await ask('deskauth-spa', 'http://localhost:3701');
  assert.equal(own.headers.get('access-control-allow-origin'), 'http://localhost:3701');
  const foreign = await ask('deskauth-spa', 'http://evil.example');
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  const native = await ask('deskauth-desktop', 'http://localhost:3701');
  assert.equal(native.headers.get('access-control-allow-origin'), null);
});
