import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import * as client from 'openid-client';
import {
  buildAttempt,
  discover,
  europe,
  exchange,
  postToken,
  readAnswer,
  requireToken,
  signIn,
  startForTest,
} from './authority-fixture.ts';

const refusedRedirects = [
  'http://127.0.0.1:5000/other',
  'http://127.0.0.1:5000/callback/',
  'http://127.0.0.1:5000/callback?x=1',
  'http://127.0.0.1:5000/callback#x',
  'http://127.0.0.1:5000/%63allback',
  'http://user@127.0.0.1:5000/callback',
  'http://localhost:5000/callback',
  'http://127.0.0.2:5000/callback',
  'http://2130706433:5000/callback',
  'http://[::ffff:127.0.0.1]:5000/callback',
  'http://127.0.0.1.evil.example:5000/callback',
  'https://127.0.0.1:5000/callback',
  'com.deskauth.sample:/other',
  'com.deskauth.sample://evil.example/callback',
  'javascript:alert(1)',
  'no address at all',
];

test('DEV-05 refuses every redirect address that is not a registered one', async (t) => {
  const authority = await startForTest(t);
  const config = await discover(authority);
  for (const redirectUri of refusedRedirects) {
    const { url } = await buildAttempt(config, { redirect_uri: redirectUri });
    const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } });
    assert.equal(response.status, 400, redirectUri);
    assert.match(await response.text(), /redirect address is not registered/, redirectUri);
    assert.match(response.headers.get('content-security-policy') ?? '', /form-action 'self';/, redirectUri);
  }
});

test('DEV-05 a web client’s redirect address matches its port too', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority, 'deskauth-spa'), {
    redirect_uri: 'http://localhost:3799/',
  });
  assert.equal((await fetch(url, { redirect: 'manual' })).status, 400);
});

test('DEV-05 DEV-12 accepts any port on both loopback addresses, and the private-use scheme', async (t) => {
  const authority = await startForTest(t);
  for (const clientId of ['deskauth-desktop', 'deskauth-cli']) {
    for (const host of ['127.0.0.1:1', '127.0.0.1:65535', '[::1]:8001']) {
      const parameters = { redirect_uri: `http://${host}/callback` };
      const { tokens } = await signIn(authority, { clientId, parameters });
      assert.ok(tokens.access_token, `${clientId} ${host}`);
    }
  }
  const { tokens } = await signIn(authority, {
    parameters: { redirect_uri: 'com.deskauth.sample:/callback' },
  });
  assert.ok(tokens.access_token);
});

test('DEV-12 listens on the IPv6 loopback when asked to', async (t) => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  if (!addresses.some(({ address }) => address === '::1')) return t.skip('this machine has no IPv6 loopback');
  const authority = await startForTest(t, { host: '::1' });
  assert.match(authority.issuer, /^http:\/\/\[::1\]:\d+$/);
  assert.ok((await signIn(authority)).tokens.access_token);
});

const refusedChallenges: Record<string, Record<string, string>> = {
  missing: { code_challenge: '', code_challenge_method: '' },
  plain: { code_challenge_method: 'plain' },
  'without a method': { code_challenge_method: '' },
  short: { code_challenge: 'a'.repeat(42) },
  long: { code_challenge: 'a'.repeat(129) },
};

for (const [name, parameters] of Object.entries(refusedChallenges)) {
  test(`DEV-06 refuses a code challenge that is ${name}`, async (t) => {
    const authority = await startForTest(t);
    const { url } = await buildAttempt(await discover(authority), parameters);
    const { redirectTo } = await createHttpBrowser().signIn(url, europe);
    assert.equal(readAnswer(redirectTo).get('error'), 'invalid_request');
    assert.equal(readAnswer(redirectTo).get('code'), null);
  });
}

const refusedVerifiers: Record<string, [verifier: string | undefined, error: string]> = {
  absent: [undefined, 'invalid_grant'],
  short: ['a'.repeat(42), 'invalid_request'],
  long: ['a'.repeat(129), 'invalid_request'],
  wrong: ['a'.repeat(43), 'invalid_grant'],
};

for (const [name, [verifier, error]] of Object.entries(refusedVerifiers)) {
  test(`DEV-06 refuses a code verifier that is ${name}`, async (t) => {
    const authority = await startForTest(t);
    const { fields } = await obtainCode(authority, verifier);
    const { status, body } = await postToken(authority, fields);
    assert.deepEqual([status, body.error], [400, error]);
  });
}

test('DEV-07 a code that is used twice ends what the first use has brought', async (t) => {
  const authority = await startForTest(t);
  const { config, tokens, attempt, redirectTo } = await signIn(authority);

  await assert.rejects(exchange(attempt, redirectTo), { error: 'invalid_grant' });
  await assert.rejects(client.refreshTokenGrant(config, requireToken(tokens.refresh_token)), {
    error: 'invalid_grant',
  });
});

test('DEV-07 refuses a code that was made for another client', async (t) => {
  const authority = await startForTest(t);
  const { fields, verifier } = await obtainCode(authority);
  const stolen = await postToken(authority, {
    ...fields,
    code_verifier: verifier,
    client_id: 'deskauth-cli',
  });
  assert.deepEqual([stolen.status, stolen.body.error], [400, 'invalid_grant']);
});

test('DEV-07 refuses a refresh token of another client', async (t) => {
  const authority = await startForTest(t);
  const { tokens } = await signIn(authority);
  const cli = await discover(authority, 'deskauth-cli');
  await assert.rejects(client.refreshTokenGrant(cli, requireToken(tokens.refresh_token)), {
    error: 'invalid_grant',
  });
});

test('a refused consent is told to the app', async (t) => {
  const authority = await startForTest(t);
  const attempt = await buildAttempt(await discover(authority));
  const { redirectTo } = await createHttpBrowser().signIn(attempt.url, { ...europe, consent: 'refuse' });

  const answer = readAnswer(redirectTo);
  assert.equal(answer.get('error'), 'access_denied');
  assert.equal(answer.get('error_description'), 'the user refused to give access');
  assert.equal(answer.get('state'), attempt.state);
});

async function obtainCode(authority: Parameters<typeof discover>[0], sentVerifier?: string) {
  const { url, verifier } = await buildAttempt(await discover(authority));
  const { redirectTo } = await createHttpBrowser().signIn(url, europe);
  const fields = {
    grant_type: 'authorization_code',
    client_id: 'deskauth-desktop',
    code: requireToken(readAnswer(redirectTo).get('code') ?? undefined),
    redirect_uri: 'http://127.0.0.1:49152/callback',
    ...(sentVerifier !== undefined && { code_verifier: sentVerifier }),
  };
  return { fields, verifier };
}

test('DEV-09 nothing that a client names is fetched, whatever the address', async (t) => {
  const asked: string[] = [];
  const listener = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  t.after(() => listener.close());
  const { port } = listener.address() as AddressInfo;
  const authority = await startForTest(t);
  const config = await discover(authority);
  for (const host of [
    `http://127.0.0.1:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    'http://169.254.169.254',
  ]) {
    const named = {
      request_uri: `${host}/request`,
      client_id: `${host}/client`,
      registration: JSON.stringify({ jwks_uri: `${host}/jwks`, sector_identifier_uri: `${host}/sector` }),
    };
    for (const [name, value] of Object.entries(named)) {
      const { url } = await buildAttempt(config, { [name]: value });
      const response = await fetch(url, { redirect: 'manual' });
      assert.doesNotMatch(response.headers.get('location') ?? '', /[?&]code=/, name);
    }
  }
  for (const path of ['/reg', '/register']) {
    const registration = {
      redirect_uris: [`http://127.0.0.1:${port}/`],
      jwks_uri: `http://127.0.0.1:${port}/jwks`,
    };
    const response = await fetch(`${authority.issuer}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(registration),
    });
    assert.equal(response.status, 404, path);
  }
  assert.deepEqual(asked, []);
});
