import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, createBench, settle } from './create-bench.ts';
import { lostAnswer, refreshCount, restarted, rotate, signedIn } from './rotation.ts';

const api = 'https://api.example.com/v1/companies';

test('REF-17 another scope is another token from the same refresh token, asked for once and kept', async () => {
  const { session, authority, store } = await signedIn();
  const narrow = { scope: 'companies:read' };
  assert.equal(await session.accessToken(narrow), 'access-2');
  assert.equal(await session.accessToken(narrow), 'access-2');
  assert.equal(await session.accessToken(), 'access-1');
  const [, refresh] = authority.tokenRequests;
  assert.equal(refresh?.get('scope'), 'companies:read');
  assert.equal(refresh?.get('refresh_token'), 'refresh-1');
  assert.equal((await store.load())?.tokens.refreshToken, 'refresh-2');
  assert.equal(refreshCount(authority), 1);
});

test('REF-17 another API is another token; the order of scopes and APIs does not matter', async () => {
  const { session, authority } = await signedIn({ settings: { resource: 'https://api.example.com' } });
  const a = await session.accessToken({
    scope: 'b a',
    resource: ['https://two.example', 'https://one.example'],
  });
  const b = await session.accessToken({
    scope: 'a b',
    resource: ['https://one.example', 'https://two.example'],
  });
  assert.equal(a, b);
  assert.deepEqual(authority.tokenRequests.at(-1)?.getAll('resource'), [
    'https://two.example',
    'https://one.example',
  ]);
  assert.equal(await session.accessToken({ resource: 'https://api.example.com' }), 'access-1');
  assert.equal(refreshCount(authority), 1);
});

test('REF-17 REF-01 fifty calls for each of three tokens are three refreshes, one after the other', async () => {
  const { session, authority, clock } = await signedIn();
  rotate(authority, clock);
  clock.advance(301);
  const kinds = [{}, { scope: 'a' }, { scope: 'b' }];
  const calls = kinds.flatMap((kind) => Array.from({ length: 50 }, () => session.accessToken(kind)));
  assert.equal(new Set(await Promise.all(calls)).size, 3);
  assert.equal(refreshCount(authority), 3);
});

test('REF-17 every token ages by itself, survives a restart, and is gone at sign-out', async () => {
  const bench = await signedIn();
  const { session, authority, clock, store } = bench;
  clock.advance(200);
  await session.accessToken({ scope: 'a' });
  clock.advance(101);
  assert.equal(await session.accessToken(), 'access-3');
  const next = await restarted(bench);
  await next.session.restore();
  assert.equal(await next.session.accessToken({ scope: 'a' }), 'access-2');
  assert.equal(refreshCount(authority), 2);
  await next.session.signOut();
  assert.equal(await store.load(), undefined);
  assert.equal(await codeOf(next.session.accessToken({ scope: 'a' })), 'AUTH_SIGN_IN_REQUIRED');
});

test('REF-17 fetch with a token of its own: a 401 renews that one', async () => {
  const seen: string[] = [];
  const { session, authority } = await signedIn({
    api: (request) => {
      const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
      seen.push(token);
      return new Response('', { status: token === 'access-3' ? 200 : 401 });
    },
  });
  assert.equal((await session.fetch(api, { token: { scope: 'reports:read' } })).status, 200);
  assert.deepEqual(seen, ['access-2', 'access-3']);
  assert.equal(authority.tokenRequests.at(-1)?.get('scope'), 'reports:read');
  assert.equal(await session.accessToken(), 'access-1');
});

test('REF-17 REF-04 a lost answer to a further token is in the journal like any other', async () => {
  const { session, authority, clock, store } = await signedIn();
  const { faults } = rotate(authority, clock);
  faults.push(lostAnswer);
  assert.equal(await codeOf(session.accessToken({ scope: 'a' })), 'AUTH_NETWORK');
  assert.ok((await store.load())?.refreshIntent);
  assert.equal(await session.accessToken(), 'access-1');
});

test('REF-17 expire makes every token behave as expired', async () => {
  const { session, authority } = await signedIn();
  await session.accessToken({ scope: 'a' });
  await session.expire('access-token');
  await settle();
  assert.equal(await session.accessToken({ scope: 'a' }), 'access-3');
  assert.equal(refreshCount(authority), 2);
});

test('REF-17 REF-02 another process signs in while a further token is on its way: the new session gives it', async () => {
  const bench = await signedIn();
  const { session, authority, store } = bench;
  authority.bend.token = async () => {
    delete authority.bend.token;
    const other = await restarted(bench);
    await other.session.signIn().finished;
    return Response.json({ error: 'invalid_grant' }, { status: 400 });
  };
  const token = await session.accessToken({ scope: 'a' });
  assert.deepEqual(
    Object.values((await store.load())?.moreTokens ?? {}).map(({ accessToken }) => accessToken),
    [token],
  );
});

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

for (const how of ['sign-in', 'sign-out and sign-in', 'sign-in in another process'] as const)
  test(`what one person began is not repeated with the token of another, after ${how}`, async () => {
    const [refused, arrived] = [gate(), gate()];
    const sent: string[] = [];
    const bench = await signedIn({
      async api(request) {
        sent.push(`${request.headers.get('authorization')} ${await request.text()}`);
        arrived.open();
        await refused.opened;
        return new Response('', { status: 401 });
      },
    });
    const { session, authority } = bench;
    const call = session.fetch(api, { method: 'POST', body: 'of the first' });
    await arrived.opened;
    authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: 'user-2' });
    if (how === 'sign-out and sign-in') await session.signOut();
    const other = how === 'sign-in in another process' ? (await restarted(bench)).session : session;
    await other.signIn().finished;
    refused.open();
    assert.equal((await call).status, 401);
    assert.deepEqual(sent, ['Bearer access-1 of the first']);
  });

test('what one person began while a token was on its way is not sent with the token of another', async () => {
  const sent: string[] = [];
  const bench = await signedIn({
    async api(request) {
      sent.push(await request.text());
      return Response.json({});
    },
  });
  const { session, authority, clock } = bench;
  clock.advance(10_000);
  authority.bend.token = async () => {
    delete authority.bend.token;
    authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: 'user-2' });
    const other = await restarted(bench);
    await other.session.signIn().finished;
    return Response.json({ error: 'invalid_grant' }, { status: 400 });
  };
  const call = session.fetch(api, { method: 'POST', body: 'of the first' });
  assert.equal(await codeOf(call), 'AUTH_SIGN_IN_REQUIRED');
  assert.deepEqual(sent, []);
  assert.equal((await session.fetch(api, { method: 'POST', body: 'of the second' })).status, 200);
});

test('what one person began while its body was still coming is not sent with the token of another', async () => {
  const sent: string[] = [];
  const { session, authority } = await signedIn({
    async api(request) {
      sent.push(await request.text());
      return Response.json({});
    },
  });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const stream = { method: 'POST', body: readable, duplex: 'half' as const, isBodyKept: true };
  const call = session.fetch(api, stream);
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode('of the first'));
  authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: 'user-2' });
  await session.signIn().finished;
  await writer.close();
  assert.equal(await codeOf(call), 'AUTH_SIGN_IN_REQUIRED');
  assert.deepEqual(sent, []);
});

test('a call that is made while the session is restored waits for it', async () => {
  const bench = await signedIn();
  const { session } = await createBench({ authority: bench.authority, ports: { store: bench.store } });
  const restored = session.restore();
  // The API of this bench has nothing there: what counts is that it was asked.
  const [answer, token] = await Promise.all([session.fetch(api), session.accessToken(), restored]);
  assert.deepEqual([answer.status, token], [404, 'access-1']);
});

test('no cache gives one person what another was answered, unless the app asks for one', async () => {
  const modes: string[] = [];
  const { session } = await signedIn({
    api(request) {
      modes.push(request.cache);
      return Response.json({});
    },
  });
  await session.fetch(api);
  await session.fetch(api, { cache: 'no-cache' });
  assert.deepEqual(modes, ['no-store', 'no-cache']);
});
