import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, createBench } from './create-bench.ts';

const now = () => Math.floor(Date.now() / 1000);

const badClaims: [string, (claims: Record<string, unknown>) => Record<string, unknown>][] = [
  ['IDT-06 another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
  ['IDT-06 another audience', (claims) => ({ ...claims, aud: 'other' })],
  ['IDT-06 no expiry', ({ exp: _exp, ...claims }) => claims],
  ['IDT-07 a second audience', (claims) => ({ ...claims, aud: ['desktop', 'other'], azp: 'desktop' })],
  ['IDT-07 another azp', (claims) => ({ ...claims, azp: 'other' })],
  ['IDT-08 another nonce', (claims) => ({ ...claims, nonce: 'other' })],
  ['IDT-08 no nonce', ({ nonce: _nonce, ...claims }) => claims],
  ['IDT-09 expired', (claims) => ({ ...claims, exp: now() - 600 })],
  ['IDT-09 not yet valid', (claims) => ({ ...claims, nbf: now() + 600 })],
  ['IDT-09 issued a week ago', (claims) => ({ ...claims, iat: now() - 604_800 })],
  ['IDT-09 issued in a year', (claims) => ({ ...claims, iat: now() + 31_536_000, exp: now() + 31_536_300 })],
  ['IDT-11 an empty subject', (claims) => ({ ...claims, sub: '' })],
  ['IDT-11 a subject of 300 characters', (claims) => ({ ...claims, sub: 'x'.repeat(300) })],
  ['IDT-11 a number as subject', (claims) => ({ ...claims, sub: 42 })],
  ['IDT-23 a wrong at_hash', (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })],
];

for (const [name, idTokenClaims] of badClaims)
  test(`${name} in the ID token: refused, nothing kept`, async () => {
    const { session, authority, store } = await createBench();
    authority.bend.idTokenClaims = idTokenClaims;
    const code = await codeOf(session.signIn().finished);
    assert.match(code, /^AUTH_(ID_TOKEN|TOKEN_RESPONSE)_INVALID$/);
    assert.equal(await store.load(), undefined);
  });

test('IDT-21 an access token as ID token is refused by its type', async () => {
  const { session, authority } = await createBench();
  authority.bend.idTokenHeader = { typ: 'at+jwt' };
  assert.equal(await codeOf(session.signIn().finished), 'AUTH_ID_TOKEN_INVALID');
});

test('IDT-05 IDT-01 a bad or missing signature is refused', async () => {
  for (const forge of [
    (token: string) => `${token.slice(0, -6)}AAAAAA`,
    (token: string) => `${btoa('{"alg":"none"}').replaceAll('=', '')}.${token.split('.')[1]}.`,
  ]) {
    const { session, authority, store } = await createBench();
    authority.bend.token = (_request, honest) =>
      Response.json({ ...honest, id_token: forge(String(honest.id_token)) });
    assert.match(await codeOf(session.signIn().finished), /^AUTH_(ID_TOKEN|TOKEN_RESPONSE)_INVALID$/);
    assert.equal(await store.load(), undefined);
  }
});

const badResponses: [string, RegExp, (honest: Record<string, unknown>) => Response][] = [
  [
    'TOK-04 a redirect',
    /AUTH_/,
    () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } }),
  ],
  ['TOK-05 an array', /AUTH_TOKEN_RESPONSE_INVALID/, () => Response.json([])],
  [
    'TOK-05 half a JSON text',
    /AUTH_SERVER_RESPONSE_INVALID/,
    () => new Response('{"access_', { headers: { 'content-type': 'application/json' } }),
  ],
  [
    'TOK-06 2 MiB',
    /AUTH_SERVER_RESPONSE_INVALID/,
    (honest) => Response.json({ ...honest, more: 'x'.repeat(2 ** 21) }),
  ],
  [
    'TOK-09 invalid_client',
    /AUTH_CLIENT_REJECTED/,
    () => Response.json({ error: 'invalid_client' }, { status: 401 }),
  ],
  [
    'TOK-10 invalid_grant',
    /AUTH_CODE_REJECTED/,
    () => Response.json({ error: 'invalid_grant' }, { status: 400 }),
  ],
  [
    'TOK-11 an unknown token type',
    /AUTH_TOKEN_RESPONSE_INVALID/,
    (honest) => Response.json({ ...honest, token_type: 'mac' }),
  ],
  [
    'TOK-14 a line break in the access token',
    /AUTH_TOKEN_RESPONSE_INVALID/,
    (honest) => Response.json({ ...honest, access_token: 'a\r\nb' }),
  ],
];

for (const [name, expected, answer] of badResponses)
  test(`${name} from the token endpoint: refused, nothing kept`, async () => {
    const { session, authority, store } = await createBench();
    authority.bend.token = (_request, honest) => answer(honest);
    assert.match(await codeOf(session.signIn().finished), expected);
    assert.equal(await store.load(), undefined);
    assert.equal(authority.requests.filter((line) => line === 'POST /token').length, 1);
  });

test('DISC-01 an issuer that differs by case, slash or port is refused, and both are named', async () => {
  for (const issuer of [
    'https://login.example.com/',
    'https://LOGIN.example.com',
    'https://login.example.com:8443',
  ]) {
    const { session, authority } = await createBench();
    authority.bend.discovery = (metadata) => ({ ...metadata, issuer });
    const error = await session.signIn().finished.catch((reason: Error) => reason);
    assert.match(String((error as { code?: string }).code), /AUTH_(ISSUER_MISMATCH|DISCOVERY_FAILED)/);
    assert.ok((error as Error).message.includes('https://login.example.com'));
  }
});

test('DISC-03 an authorization endpoint that is no web address is refused before any launch', async () => {
  for (const endpoint of [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'smb://host/share',
    'data:text/html,x',
  ]) {
    const { session, authority, browser } = await createBench();
    authority.bend.discovery = (metadata) => ({ ...metadata, authorization_endpoint: endpoint });
    assert.match(
      await codeOf(session.signIn().finished),
      /^AUTH_(ENDPOINT_REFUSED|DISCOVERY_FAILED)$/,
      endpoint,
    );
    assert.equal(browser.opened.length, 0);
  }
});

test('DISC-08 no metadata: no endpoint is guessed', async () => {
  const { session, authority } = await createBench();
  authority.bend.discovery = () => new Response('not found', { status: 404 });
  assert.equal(await codeOf(session.signIn().finished), 'AUTH_DISCOVERY_FAILED');
  assert.deepEqual(authority.requests, ['GET /.well-known/openid-configuration']);
});

test('DISC-11 the last good copy serves through an outage, for a day', async () => {
  const { session, authority, clock } = await createBench();
  await session.signIn().finished;
  authority.bend.discovery = () => new Response('down', { status: 503 });
  clock.advance(7200);
  assert.equal(await session.accessToken(), 'access-2');
  clock.advance(86_400);
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SERVER_UNAVAILABLE');
  assert.equal(session.state.status, 'signed-in');
});

test('IDT-07 an audience that is listed may stand beside ours', async () => {
  const { session, authority } = await createBench({ settings: { otherAudiences: ['project-1'] } });
  authority.bend.idTokenClaims = (claims) => ({ ...claims, aud: ['desktop', 'project-1'], azp: 'desktop' });
  assert.equal((await session.signIn().finished).sub, 'user-1');
});

test('offline_access is asked for by default, except where the server has no such scope', async () => {
  for (const [listed, expected] of [
    [undefined, 'openid profile email offline_access'],
    [['openid', 'offline_access'], 'openid profile email offline_access'],
    [['openid', 'profile'], 'openid profile email'],
  ] as const) {
    const { session, authority, browser } = await createBench();
    authority.bend.discovery = (metadata) => ({ ...metadata, scopes_supported: listed });
    await session.signIn().finished;
    assert.equal(new URL(browser.opened[0] ?? '').searchParams.get('scope'), expected);
  }
});
