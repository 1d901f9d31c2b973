import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiUrl, createDpopApi, signedInBound, wantsNonce } from './dpop-api.ts';

const ok = () => Response.json({ ok: true });
const refusesToken = () =>
  new Response('', { status: 401, headers: { 'www-authenticate': 'DPoP error="invalid_token"' } });

test('DPOP-12 a bound token goes out with a proof for this method, address and token', async () => {
  const { api, calls } = createDpopApi(ok);
  const { session } = await signedInBound({ api });
  const post = { method: 'POST', body: 'text', headers: { dpop: 'forged', authorization: 'Bearer other' } };
  assert.equal((await session.fetch(`${apiUrl}?page=2#top`)).status, 200);
  assert.equal((await session.fetch(apiUrl, post)).status, 200);
  assert.deepEqual(
    calls.map(({ token, body }) => [token, body]),
    [
      ['access-1', ''],
      ['access-1', 'text'],
    ],
  );
});

test('DPOP-12 the API’s nonce: one repetition with the same body, and none at the next call', async () => {
  const { api, calls } = createDpopApi(({ nonce }) => (nonce === 'n-1' ? ok() : wantsNonce('n-1')));
  const { session, authority } = await signedInBound({ api });
  assert.equal((await session.fetch(apiUrl, { method: 'POST', body: 'text' })).status, 200);
  assert.equal((await session.fetch(apiUrl)).status, 200);
  assert.deepEqual(
    calls.map(({ nonce, body }) => [nonce, body]),
    [
      [undefined, 'text'],
      ['n-1', 'text'],
      ['n-1', ''],
    ],
  );
  assert.equal(authority.tokenRequests.length, 1);
});

test('DPOP-12 a nonce that comes with a good answer is used from then on, at its own origin only', async () => {
  const answered = () => Response.json({}, { headers: { 'dpop-nonce': 'n-2' } });
  const { api, calls } = createDpopApi(answered);
  const apiAddresses = ['https://api.example.com/v1', 'https://other.example.com/'];
  const { session } = await signedInBound({ api, settings: { apiAddresses } });
  for (const url of [apiUrl, apiUrl, 'https://other.example.com/']) await session.fetch(url);
  assert.deepEqual(
    calls.map(({ nonce }) => nonce),
    [undefined, 'n-2', undefined],
  );
});

test('DPOP-12 an API that always wants another nonce is asked twice, and no token is renewed for it', async () => {
  const { api, calls } = createDpopApi((_call, count) => wantsNonce(`n-${count}`));
  const { session, authority } = await signedInBound({ api });
  const response = await session.fetch(apiUrl);
  assert.equal(response.status, 401);
  assert.equal(response.headers.get('dpop-nonce'), 'n-2');
  assert.equal(calls.length, 2);
  assert.equal(authority.tokenRequests.length, 1);
});

test('DPOP-12 REF-19 nonce and renewal together: one refresh, and four requests at the most', async () => {
  const { api, calls } = createDpopApi(({ token, nonce }, count) => {
    if (count === 1 || count === 3) return wantsNonce(`n-${count}`);
    if (nonce !== `n-${count - 1}`) return new Response('', { status: 400 });
    return token === 'access-2' ? ok() : refusesToken();
  });
  const { session, authority } = await signedInBound({ api });
  assert.equal((await session.fetch(apiUrl, { method: 'PUT', body: 'text' })).status, 200);
  assert.deepEqual(
    calls.map(({ token, body }) => [token, body]),
    [
      ['access-1', 'text'],
      ['access-1', 'text'],
      ['access-2', 'text'],
      ['access-2', 'text'],
    ],
  );
  assert.equal(authority.tokenRequests.length, 2);
});

test('DPOP-12 REF-20 an API that refuses every token gets two, and its last word is the caller’s', async () => {
  const { api, calls } = createDpopApi(refusesToken);
  const { session } = await signedInBound({ api });
  assert.equal((await session.fetch(apiUrl)).status, 401);
  assert.equal((await session.fetch(apiUrl)).status, 401);
  assert.deepEqual(
    calls.map(({ token }) => token),
    ['access-1', 'access-2', 'access-2'],
  );
});

test('DPOP-12 REF-19 a stream is sent once; its answer is the caller’s', async () => {
  const { api, calls } = createDpopApi(({ nonce }) => (nonce ? ok() : wantsNonce('n-1')));
  const { session } = await signedInBound({ api });
  const stream = () => ({ method: 'POST', body: new Response('text').body, duplex: 'half' }) as RequestInit;
  assert.equal((await session.fetch(apiUrl, stream())).status, 401);
  assert.equal((await session.fetch(apiUrl, stream())).status, 200);
  assert.deepEqual(
    calls.map(({ body }) => body),
    ['text', 'text'],
  );
});

test('DPOP-13 the challenge is understood in any case, alone or after another one', async () => {
  for (const scheme of ['dpop', 'DPOP', 'Bearer realm="api", dPoP']) {
    const { api } = createDpopApi(({ nonce }) => (nonce ? ok() : wantsNonce('n-1', scheme)));
    const { session } = await signedInBound({ api });
    assert.equal((await session.fetch(apiUrl)).status, 200, scheme);
  }
});

test('REF-19 narrower tokens are bound to the same key', async () => {
  const { api, calls } = createDpopApi(ok);
  const { session } = await signedInBound({ api });
  assert.equal((await session.fetch(apiUrl, { token: { scope: 'openid' } })).status, 200);
  assert.equal((await session.fetch(apiUrl, { token: { scope: 'openid' } })).status, 200);
  assert.deepEqual(
    calls.map(({ token }) => token),
    ['access-2', 'access-2'],
  );
});

test('an aborted call and an API out of reach say the same as with bearer tokens', async () => {
  const { session } = await signedInBound({
    api: () => {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      });
    },
  });
  await assert.rejects(session.fetch(apiUrl), { code: 'AUTH_API_UNREACHABLE' });
  await assert.rejects(session.fetch(apiUrl, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});
