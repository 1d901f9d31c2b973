import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, codeOf, createBench } from './create-bench.ts';

test('DISC-07 an API that names another authorization server is not followed', async () => {
  const asked: string[] = [];
  const { session } = await createBench({
    api(request) {
      asked.push(request.url);
      const challenge =
        'Bearer resource_metadata="https://evil.example/.well-known/oauth-protected-resource"';
      return new Response('', { status: 401, headers: { 'www-authenticate': challenge } });
    },
  });
  await session.signIn().finished;
  assert.equal((await session.fetch('https://api.example.com/v1/companies')).status, 401);
  assert.deepEqual(new Set(asked), new Set(['https://api.example.com/v1/companies']));
});

test('DISC-10 a server that promises less than before is reported, and PKCE is sent all the same', async () => {
  const told: string[] = [];
  const { session, authority, clock } = await createBench({
    ports: { onWarning: ({ code }) => told.push(code) },
  });
  authority.bend.discovery = (metadata) => ({
    ...metadata,
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: ['ES256'],
  });
  await session.signIn().finished;
  assert.equal(session.warnings.length, 0);
  authority.bend.discovery = (metadata) => ({
    ...metadata,
    authorization_response_iss_parameter_supported: false,
  });
  clock.advance(3601);
  await session.signIn({ prompt: 'login' }).finished;
  assert.deepEqual(told, ['server-downgraded']);
  assert.match(
    session.warnings[0]?.message ?? '',
    /PKCE with S256 and its name in every answer .* and tokens .*\(DPoP\)/,
  );
  assert.ok(authority.tokenRequests.every((request) => request.has('code_verifier')));
});

test('DISC-13 AUTH-09 metadata that changes during a sign-in does not touch it', async () => {
  const elsewhere: string[] = [];
  const { session, authority, redirect, clock } = await createBench({
    person: () => {},
    settings: { signInTimeLimitSeconds: 10_000 },
    api(request) {
      elsewhere.push(request.url);
      return new Response('', { status: 503 });
    },
  });
  const first = session.signIn();
  redirect.answer(authority.authorize(await addressOf(first)));
  await first.finished;

  const attempt = session.signIn({ prompt: 'login' });
  const address = await addressOf(attempt);
  authority.bend.discovery = (metadata) => ({
    ...metadata,
    token_endpoint: 'https://tokens.example.com/token',
  });
  clock.advance(3601);
  // The renewal asks for the metadata anew, and believes it.
  assert.equal(await codeOf(session.accessToken()), 'AUTH_SERVER_UNAVAILABLE');
  assert.deepEqual(elsewhere, ['https://tokens.example.com/token']);

  await redirect.answer(authority.authorize(address));
  await attempt.finished;
  assert.equal(elsewhere.length, 1);
  assert.equal(authority.tokenRequests.length, 2);
});

test('IDT-16 IDT-17 keys are asked for anew with each sign-in, and an outage is bridged for an hour', async () => {
  const asked = { times: 0, isDown: false };
  const bench = await createBench();
  const base = bench.authority.fetch;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (!String(input).endsWith('/keys')) return base(input, init);
    asked.times += 1;
    return asked.isDown ? new Response('down', { status: 503 }) : base(input, init);
  };
  const { session, clock } = await createBench({ authority: bench.authority, ports: { fetch } });
  await session.signIn().finished;
  await session.signIn({ prompt: 'login' }).finished;
  assert.equal(asked.times, 2);
  asked.isDown = true;
  await session.signIn({ prompt: 'login' }).finished;
  clock.advance(3601);
  assert.equal(await codeOf(session.signIn({ prompt: 'login' }).finished), 'AUTH_SERVER_UNAVAILABLE');
});

test('IDT-10 N12 sign-in with a wrong clock works, and the person is told', async () => {
  const bench = await createBench();
  const ahead = 3 * 86_400;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await bench.authority.fetch(input, init);
    response.headers.set('date', new Date(Date.now() + ahead * 1000).toUTCString());
    return response;
  };
  bench.authority.bend.idTokenClaims = (claims) => ({
    ...claims,
    iat: Number(claims.iat) + ahead,
    exp: Number(claims.exp) + ahead,
  });
  const { session } = await createBench({ authority: bench.authority, ports: { fetch } });
  assert.equal((await session.signIn().finished).sub, 'user-1');
  assert.match(session.warnings[0]?.message ?? '', /clock is 3 days behind the sign-in server's/);
});
