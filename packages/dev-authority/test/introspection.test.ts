import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from 'openid-client';
import { discover, requireToken, signIn, startForTest } from './authority-fixture.ts';

test('the API introspects an opaque access token', async (t) => {
  const authority = await startForTest(t, { accessTokenFormat: 'opaque' });
  const { tokens } = await signIn(authority);
  assert.doesNotMatch(tokens.access_token, /\./);
  const api = await discover(authority, 'deskauth-api', client.ClientSecretBasic(authority.apiClientSecret));

  const answer = await client.tokenIntrospection(api, tokens.access_token);
  assert.equal(answer.active, true);
  assert.equal(answer.sub, 'user-europe');
  assert.equal(answer.client_id, 'deskauth-desktop');
  assert.equal(answer.aud, authority.apiAudience);
  assert.equal(answer.scope, 'companies:read transactions:read');
  authority.endSessions('user-europe');
  assert.deepEqual(await client.tokenIntrospection(api, tokens.access_token), { active: false });
});

test('introspection tells nothing about tokens that are not for the asker', async (t) => {
  const authority = await startForTest(t, { accessTokenFormat: 'opaque' });
  const { tokens } = await signIn(authority);
  const api = await discover(authority, 'deskauth-api', client.ClientSecretBasic(authority.apiClientSecret));
  const cli = await discover(authority, 'deskauth-cli');

  const inactive = { active: false };
  assert.deepEqual(await client.tokenIntrospection(api, requireToken(tokens.refresh_token)), inactive);
  assert.deepEqual(await client.tokenIntrospection(cli, tokens.access_token), inactive);
  assert.deepEqual(await client.tokenIntrospection(api, 'unknown'), inactive);
});

test('introspection needs the API’s secret', async (t) => {
  const authority = await startForTest(t, { accessTokenFormat: 'opaque' });
  const { tokens } = await signIn(authority);
  const api = await discover(authority, 'deskauth-api', client.ClientSecretBasic('wrong'));
  await assert.rejects(client.tokenIntrospection(api, tokens.access_token), { status: 401 });
});
