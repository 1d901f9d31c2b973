import assert from 'node:assert/strict';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { apiTarget, createApiRelay } from '../src/api-relay.ts';
import { readAuthError } from '../src/renderer.ts';
import { bodyOf, buildBoundRecord, createSignedInSession, startApi } from './bench.ts';

/** The relay of a signed-in app before a real API. */
async function createBench(t: TestContext, listener: RequestListener) {
  const apiAddress = await startApi(t, listener);
  const { session } = await createSignedInSession({ apiAddresses: [apiAddress] });
  const relay = createApiRelay({ session, apiAddress, requestHeaders: ['x-rehearse'] });
  const send = (path: string, init?: RequestInit) => relay(new Request(`app://bundle${path}`, init));
  return { session, send, apiAddress };
}

test('method, query, body and answer pass, with the access token', async (t) => {
  const { send } = await createBench(t, async (request, response) => {
    const { method, url, headers } = request;
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        method,
        url,
        token: headers.authorization,
        type: headers['content-type'],
        body: await bodyOf(request),
      }),
    );
  });
  const response = await send('/api/orders?sort=date&q=%C3%BC', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"amount":1}',
  });
  assert.equal(response.status, 201);
  assert.deepEqual(await response.json(), {
    method: 'POST',
    url: '/api/orders?sort=date&q=%C3%BC',
    token: 'Bearer access-1',
    type: 'application/json',
    body: '{"amount":1}',
  });
});

test('DPOP-12 a bound token passes with a proof for the API’s address, which the window never sees', async (t) => {
  const seen: { proof: Record<string, unknown>; authorization: string | undefined; body: string }[] = [];
  const apiAddress = await startApi(t, async (request, response) => {
    const { dpop, authorization } = request.headers;
    const [, payload = ''] = String(dpop).split('.');
    const proof = JSON.parse(Buffer.from(payload, 'base64url').toString());
    seen.push({ proof, authorization, body: await bodyOf(request) });
    const challenge = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n-1' };
    response.writeHead(proof.nonce === 'n-1' ? 200 : 401, challenge).end('data');
  });
  const { session } = await createSignedInSession({ apiAddresses: [apiAddress] }, await buildBoundRecord());
  const relay = createApiRelay({ session, apiAddress });
  const headers = { dpop: 'forged', authorization: 'Bearer forged' };
  const answer = await relay(
    new Request('app://bundle/api/orders?page=2', { method: 'POST', body: 'order', headers }),
  );
  assert.equal(answer.status, 200);
  assert.deepEqual(
    seen.map(({ proof: { htm, htu, nonce }, authorization, body }) => [htm, htu, nonce, authorization, body]),
    [undefined, 'n-1'].map((nonce) => ['POST', `${apiAddress}/api/orders`, nonce, 'DPoP access-1', 'order']),
  );
  assert.deepEqual([answer.headers.get('dpop-nonce'), answer.headers.get('www-authenticate')], [null, null]);
});

test('ELEC-22 only listed headers cross, in both directions', async (t) => {
  let seen: IncomingHttpHeaders = {};
  const { send } = await createBench(t, (request, response) => {
    seen = request.headers;
    response.writeHead(200, {
      'set-cookie': 'session=secret',
      'www-authenticate': 'Bearer realm="api"',
      'access-control-allow-origin': '*',
      'deskauth-error': 'AUTH_SESSION_EXPIRED',
      'x-powered-by': 'something',
      'cache-control': 'public, max-age=9999',
      'x-correlation-id': 'from-the-api',
      etag: '"1"',
    });
    response.end('{}');
  });
  const { headers } = await send('/api/companies', {
    headers: {
      accept: 'application/json',
      authorization: 'Bearer of-the-page',
      cookie: 'a=b',
      'x-forwarded-for': '10.0.0.1',
      'x-rehearse': 'fail',
    },
  });
  assert.equal(seen.authorization, 'Bearer access-1');
  assert.equal(seen['x-rehearse'], 'fail');
  assert.match(seen['x-correlation-id'] as string, /^[\w-]{36}$/);
  for (const name of ['cookie', 'x-forwarded-for', 'origin', 'referer'])
    assert.equal(seen[name], undefined, name);
  const shown = [...headers.keys()].sort();
  assert.deepEqual(shown, [
    'cache-control',
    'content-security-policy',
    'cross-origin-resource-policy',
    'etag',
    'x-content-type-options',
    'x-correlation-id',
  ]);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('x-correlation-id'), 'from-the-api');
});

test('a compressed answer arrives readable', async (t) => {
  const { gzipSync } = await import('node:zlib');
  const { send } = await createBench(t, (_request, response) => {
    const body = gzipSync('{"name":"Lumen Rail"}');
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
  });
  assert.deepEqual(await (await send('/api/x')).json(), { name: 'Lumen Rail' });
});

test('D13 a small body is sent again after the one refresh that a 401 causes', async (t) => {
  const calls: string[] = [];
  const { send } = await createBench(t, async (request, response) => {
    calls.push(`${request.headers.authorization} ${await bodyOf(request)}`);
    response.writeHead(calls.length === 1 ? 401 : 200).end('{}');
  });
  const response = await send('/api/orders', { method: 'PUT', body: 'twelve' });
  assert.equal(response.status, 200);
  assert.deepEqual(calls, ['Bearer access-1 twelve', 'Bearer access-2 twelve']);
});

test('a body above 1 MiB streams through unchanged', async (t) => {
  const { send } = await createBench(t, async (request, response) => {
    response.end(String((await bodyOf(request)).length));
  });
  const chunk = 'x'.repeat(300_000);
  const { body } = new Response(chunk.repeat(8));
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  const response = await send('/api/upload', init);
  assert.equal(await response.text(), String(8 * chunk.length));
});

test('an answer streams: its first part is there before its last one is made', async (t) => {
  let finish = () => {};
  const { send } = await createBench(t, (_request, response) => {
    response.write('first');
    finish = () => response.end('last');
  });
  const reader = (await send('/api/feed')).body?.getReader();
  assert.ok(reader);
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'first');
  finish();
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'last');
});

test('ELEC-21 a redirect is not followed and the token goes nowhere else', async (t) => {
  let reached = false;
  const elsewhere = await startApi(t, (_request, response) => {
    reached = true;
    response.end();
  });
  const { send } = await createBench(t, (_request, response) => {
    response.writeHead(302, { location: elsewhere }).end();
  });
  const response = await send('/api/companies');
  assert.equal(response.status, 503);
  assert.equal((await readAuthError(response))?.code, 'AUTH_API_UNREACHABLE');
  assert.equal(reached, false);
});

test('ELEC-21 paths that could be read as another place are refused', () => {
  for (const path of [
    '/api/..%2fadmin',
    '/api/%2e%2e/admin',
    '/api/..%5cadmin',
    '/api/\\..\\admin',
    '/api//evil.example/',
    '/api/a%00b',
    // What some servers decode twice, cut off, or read as overlong UTF-8.
    '/api/%252e%252e/admin',
    '/api/..;/admin',
    '/api/..%3b/admin',
    '/api/%c0%ae%c0%ae/admin',
    '/api/../admin',
    '/other',
  ])
    assert.equal(apiTarget(`app://bundle${path}`, 'https://api.example.com/v1'), undefined, path);
  assert.equal(
    apiTarget('app://bundle/api/a%20b;c=1/100%25/?next=//evil.example/..', 'https://api.example.com/v1'),
    'https://api.example.com/v1/api/a%20b;c=1/100%25/?next=//evil.example/..',
  );
});

test('ELEC-21 whatever the page asks for, the target is below the API', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '%2e',
    '%2F',
    '@',
    ':',
    '//',
    '#',
    '?',
    'a',
    ';',
    '%',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const target = apiTarget(`app://bundle/api/${pieces.join('')}`, 'https://api.example.com/v1');
      if (target === undefined) return;
      const { origin, pathname } = new URL(target);
      assert.equal(origin, 'https://api.example.com');
      assert.ok(pathname.startsWith('/v1/api/'));
    }),
  );
});

test('D02 without a session the answer is 401 with the error as data', async (t) => {
  const { session, send } = await createBench(t, (_request, response) => response.end());
  await session.signOut();
  const response = await send('/api/companies', { headers: { 'x-correlation-id': 'of-the-page' } });
  assert.equal(response.status, 401);
  assert.equal(response.headers.get('x-correlation-id'), 'of-the-page');
  assert.equal((await readAuthError(response))?.code, 'AUTH_SIGN_IN_REQUIRED');
});

test('an API that cannot be reached is 503, and an answer of its own is left alone', async (t) => {
  const { send } = await createBench(t, (request, response) => {
    if (request.url === '/api/gone') response.destroy();
    else
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"code":"API_SCOPE_INSUFFICIENT"}');
  });
  const gone = await send('/api/gone');
  assert.equal(gone.status, 503);
  assert.equal((await readAuthError(gone))?.mayRetry, true);
  const refused = await send('/api/companies');
  assert.equal(refused.status, 403);
  assert.equal(await readAuthError(refused), undefined);
  assert.deepEqual(await refused.json(), { code: 'API_SCOPE_INSUFFICIENT' });
});

test('D01 an unusable API address is named', () => {
  for (const apiAddress of ['http://api.example.com', 'companies', 'https://api.example.com/?x=1', ''])
    assert.throws(() => createApiRelay({ session: { fetch }, apiAddress }), {
      code: 'AUTH_SETTINGS_INVALID',
      message: /"apiAddress".*found/,
    });
});

test('an unknown method is refused', async (t) => {
  const { send } = await createBench(t, (_request, response) => response.end());
  assert.equal((await send('/api/companies', { method: 'PROPFIND' })).status, 405);
});

test('what a page sends goes out with the session of that moment, however long its body takes', async (t) => {
  const sent: string[] = [];
  const apiAddress = await startApi(t, async (request, response) => {
    sent.push(`${request.headers.authorization} ${await bodyOf(request)}`);
    response.end('{}');
  });
  const { session: work } = await createSignedInSession({ apiAddresses: [apiAddress] });
  const other = { fetch: () => assert.fail('sent with the other session') };
  let current: Pick<typeof work, 'fetch'> = work;
  const relay = createApiRelay({ session: { fetch: (...call) => current.fetch(...call) }, apiAddress });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const body = { method: 'POST', body: readable, duplex: 'half' } as const;
  const answer = relay(new Request('app://bundle/api/notes', body));
  current = other;
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode('a note'));
  await writer.close();
  assert.equal((await answer).status, 200);
  assert.deepEqual(sent, ['Bearer access-1 a note']);
});
