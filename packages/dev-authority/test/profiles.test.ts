import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type DevAuthoritySettings, PROFILE_NAMES, type ProfileName } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { profiles } from '../src/profiles/profiles.ts';
import {
  buildAttempt,
  europe,
  exchange,
  readAnswer,
  requireToken,
  startForTest,
} from './authority-fixture.ts';

const API = 'https://api.deskauth.example';

/** A client of an authority in this profile, told everything by its metadata. */
async function open(t: TestContext, profile: ProfileName, settings: DevAuthoritySettings = {}) {
  const authority = await startForTest(t, { profile, ...settings });
  const metadata = (await (await fetch(authority.metadataAddress)).json()) as client.ServerMetadata;
  const secret = authority.nativeClientSecret;
  const auth = secret ? client.ClientSecretPost(secret) : client.None();
  const config = new client.Configuration(metadata, 'deskauth-desktop', undefined, auth);
  client.allowInsecureRequests(config);
  const browser = createHttpBrowser();
  const ask = async (parameters: Record<string, string>) => {
    const attempt = await buildAttempt(config, parameters);
    const { redirectTo } = await browser.signIn(attempt.url, europe);
    return { attempt, redirectTo };
  };
  const signIn = async (parameters: Record<string, string>) => {
    const { attempt, redirectTo } = await ask(parameters);
    return { redirectTo, tokens: await exchange(attempt, redirectTo) };
  };
  return { authority, metadata, config, browser, ask, signIn };
}

const ENDPOINTS = {
  userinfo: 'userinfo_endpoint',
  introspection: 'introspection_endpoint',
  revocation: 'revocation_endpoint',
  end_session: 'end_session_endpoint',
  pushed_authorization_request: 'pushed_authorization_request_endpoint',
  device_authorization: 'device_authorization_endpoint',
} as const;

for (const name of PROFILE_NAMES)
  test(`Z02 ${name}: metadata and endpoints are where the profile has them, and nothing that it lacks`, async (t) => {
    const { authority, metadata } = await open(t, name);
    const { lacks, routes, issuerPath } = profiles[name];
    const origin = `http://127.0.0.1:${authority.port}`;
    assert.equal(metadata.issuer, `${origin}${issuerPath}`);
    assert.equal(metadata.token_endpoint, `${origin}${routes.token}`);
    for (const [endpoint, member] of Object.entries(ENDPOINTS) as [keyof typeof ENDPOINTS, string][]) {
      const isLacking = lacks.some((lack) => lack === endpoint);
      assert.equal(metadata[member], isLacking ? undefined : `${origin}${routes[endpoint]}`, member);
      if (isLacking) assert.equal((await fetch(`${origin}${routes[endpoint]}`)).status, 404, endpoint);
    }
    assert.equal(metadata.dpop_signing_alg_values_supported === undefined, lacks.includes('dpop'));
    assert.equal((await fetch(`${origin}/`)).status, 200);
  });

for (const name of PROFILE_NAMES)
  test(`Z02 ${name}: another spelling of a path leads to nothing, nor does metadata say more elsewhere`, async (t) => {
    const { authority, metadata } = await open(t, name);
    const { routes } = profiles[name];
    const origin = `http://127.0.0.1:${authority.port}`;
    const signOut = `${routes.end_session}/confirm`;
    for (const path of [...Object.values(routes), signOut, '/.well-known/openid-configuration'])
      for (const spelling of [`${path}/`, path.toUpperCase(), path.toLowerCase()].filter(
        (one) => one !== path,
      ))
        for (const method of ['GET', 'POST'])
          assert.equal(
            (await fetch(`${origin}${spelling}`, { method })).status,
            404,
            `${method} ${spelling}`,
          );
    const other = await fetch(`${origin}/.well-known/oauth-authorization-server`);
    if (other.ok) assert.deepEqual(await other.json(), metadata);
    else assert.equal(other.status, 404);
  });

test('Z02 okta compares the port, and refuses a sign-out that names nobody', async (t) => {
  const { ask, metadata } = await open(t, 'okta');
  await assert.rejects(ask({ redirect_uri: 'http://127.0.0.1:8004/callback' }), /redirect/i);
  const { redirectTo } = await ask({ redirect_uri: 'http://127.0.0.1:8002/callback' });
  assert.equal(readAnswer(redirectTo).has('iss'), false);
  const unnamed = await fetch(`${metadata.end_session_endpoint}?client_id=deskauth-desktop`);
  assert.equal(unnamed.status, 400);
  assert.match(await unnamed.text(), /wants an id_token_hint/);
});

test('Z02 okta’s access tokens have its type and its claims, and an old refresh token 30 seconds', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { signIn, config } = await open(t, 'okta');
  const { tokens } = await signIn({ redirect_uri: 'http://127.0.0.1:8001/callback' });
  assert.equal(decodeProtectedHeader(tokens.access_token).typ, 'application/okta-internal-at+jwt');
  const { cid, scp, uid } = decodeJwt(tokens.access_token);
  assert.deepEqual([cid, uid], ['deskauth-desktop', 'user-europe']);
  assert.ok(Array.isArray(scp));
  const first = requireToken(tokens.refresh_token);
  await client.refreshTokenGrant(config, first);
  t.mock.timers.tick(29_000);
  await client.refreshTokenGrant(config, first);
  t.mock.timers.tick(2000);
  await assert.rejects(client.refreshTokenGrant(config, first), { error: 'invalid_grant' });
});

test('Z02 auth0 gives a token for the API to whoever names it, and an opaque one to others', async (t) => {
  const { signIn, ask } = await open(t, 'auth0');
  const redirect_uri = 'http://127.0.0.1:8001/callback';
  const { tokens } = await signIn({ redirect_uri, audience: API });
  assert.equal(decodeJwt(tokens.access_token).azp, 'deskauth-desktop');
  const opaque = await signIn({ redirect_uri });
  assert.throws(() => decodeJwt(opaque.tokens.access_token));
  const { redirectTo } = await ask({ redirect_uri, audience: 'https://other.example' });
  assert.equal(readAnswer(redirectTo).get('error'), 'invalid_target');
});

test('Z02 entra names the API in its scopes, and takes no [::1]', async (t) => {
  const { signIn } = await open(t, 'entra');
  const { tokens } = await signIn({ scope: `openid profile offline_access ${API}/companies:read` });
  const { scp, ver, aud } = decodeJwt(tokens.access_token);
  assert.deepEqual([scp, ver, aud], ['companies:read', '2.0', '5b0c7b6e-3f5e-4c57-9a1e-6d2f0e9a4b11']);
  const bare = await signIn({ scope: 'openid profile companies:read' });
  assert.throws(() => decodeJwt(bare.tokens.access_token), 'it is not for the API');
  const registered = {
    clientId: 'app',
    name: 'App',
    type: 'native',
    redirectUris: ['http://[::1]/callback'],
  };
  await assert.rejects(
    startForTest(t, { profile: 'entra', clients: [registered as never] }),
    /Microsoft Entra ID takes 127\.0\.0\.1, localhost in http:\/\/\[::1\]/,
  );
});

test('Z02 in entra-v1 pages of other origins cannot read the keys', async (t) => {
  const origin = 'http://localhost:3701';
  for (const [profile, allowed] of [
    ['entra', origin],
    ['entra-v1', null],
  ] as const) {
    const { metadata } = await open(t, profile);
    const { headers } = await fetch(String(metadata.jwks_uri), { headers: { origin } });
    assert.equal(headers.get('access-control-allow-origin'), allowed);
  }
});

test('Z02 google wants the secret that is none, and access_type in the place of offline_access', async (t) => {
  const { signIn, ask, config, metadata } = await open(t, 'google');
  assert.equal(metadata.scopes_supported?.includes('offline_access'), false);
  const scope = 'openid profile email';
  const { tokens } = await signIn({ scope, access_type: 'offline' });
  assert.doesNotMatch(String(tokens.scope), /offline_access/);
  assert.throws(() => decodeJwt(tokens.access_token), 'it is for nobody else');
  const again = await client.refreshTokenGrant(config, requireToken(tokens.refresh_token));
  assert.equal(again.refresh_token, undefined);
  await client.refreshTokenGrant(config, requireToken(tokens.refresh_token));

  assert.equal((await signIn({ scope })).tokens.refresh_token, undefined);
  const { redirectTo } = await ask({ scope: `${scope} offline_access` });
  assert.equal(readAnswer(redirectTo).get('error'), 'invalid_scope');
  const open_ = new client.Configuration(metadata, 'deskauth-desktop', undefined, client.None());
  client.allowInsecureRequests(open_);
  await assert.rejects(client.refreshTokenGrant(open_, requireToken(tokens.refresh_token)), {
    error: 'invalid_client',
  });
});

test('Z02 keycloak takes any port and, with a star, any path; a refresh token needs no scope', async (t) => {
  const { signIn, ask } = await open(t, 'keycloak');
  const { tokens, redirectTo } = await signIn({
    redirect_uri: 'http://127.0.0.1:5000/any/path',
    scope: 'openid companies:read',
  });
  assert.ok(tokens.refresh_token);
  assert.ok(readAnswer(redirectTo).has('iss'));
  await assert.rejects(ask({ redirect_uri: 'http://127.0.0.2:5000/callback' }), /redirect/i);
  await assert.rejects(ask({ redirect_uri: 'http://127.0.0.1:99999/callback' }), /redirect/i);
});

test('Z02 cognito takes localhost only, names no audience in its tokens, and signs out in its own words', async (t) => {
  const { signIn, browser, authority } = await open(t, 'cognito');
  const redirect_uri = 'http://localhost:8001/';
  const { tokens } = await signIn({ redirect_uri, scope: `openid ${API}/companies:read` });
  const claims = decodeJwt(tokens.access_token);
  assert.equal('aud' in claims, false);
  assert.equal('typ' in decodeProtectedHeader(tokens.access_token), false);
  assert.equal(claims.scope, `${API}/companies:read`);
  assert.ok(tokens.refresh_token);
  const query = new URLSearchParams({ client_id: 'deskauth-desktop', logout_uri: redirect_uri });
  const back = await browser.signOut(`http://127.0.0.1:${authority.port}/logout?${query}`);
  assert.equal(back, redirect_uri);
  const registered = { clientId: 'app', name: 'App', type: 'native', redirectUris: ['http://127.0.0.1:80/'] };
  await assert.rejects(
    startForTest(t, { profile: 'cognito', clients: [registered as never] }),
    /Amazon Cognito takes localhost in http:\/\/127/,
  );
});

test('Z02 a profile that there is not is named at start, with those that there are', async (t) => {
  const settings = { profile: 'octa' } as unknown as DevAuthoritySettings;
  await assert.rejects(startForTest(t, settings), /profile is "octa"; expected one of standard, okta, /);
});
