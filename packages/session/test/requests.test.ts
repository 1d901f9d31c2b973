import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExtraParameters, RequestHooks } from '@deskauth/session';
import { addressOf, codeOf, createBench, settle } from './create-bench.ts';

test('D21 OPEN-03 the app adds parameters to both requests and headers to the token request', async () => {
  const seen: { asked?: ExtraParameters; grants: string[]; headers: Headers[] } = { grants: [], headers: [] };
  const hooks: RequestHooks = {
    authorizationRequest(asked) {
      seen.asked = asked;
      return { audience: 'api', ui_locales: 'de' };
    },
    tokenRequest(grant) {
      seen.grants.push(grant);
      return { parameters: { audience: 'api' }, headers: { 'x-correlation-id': 'abc' } };
    },
  };
  const { authority } = await createBench();
  const fetch: typeof globalThis.fetch = (input, init) => {
    if (String(input).endsWith('/token')) seen.headers.push(new Headers(init?.headers));
    else assert.equal(new Headers(init?.headers).has('x-correlation-id'), false);
    return authority.fetch(input, init);
  };
  const { session, browser, clock } = await createBench({
    authority,
    settings: { parameters: { p: 'policy' }, resource: 'https://api.example.com' },
    ports: { hooks, fetch },
  });
  await session.signIn({ loginHint: 'europe' }).finished;
  assert.deepEqual(seen.asked, { p: 'policy', login_hint: 'europe' });
  const request = new URL(browser.opened[0] ?? '').searchParams;
  assert.equal(request.get('audience'), 'api');
  assert.equal(request.get('ui_locales'), 'de');
  clock.advance(301);
  await session.accessToken();
  assert.deepEqual(seen.grants, ['authorization_code', 'refresh_token']);
  assert.deepEqual(
    authority.tokenRequests.map((form) => [form.get('audience'), form.getAll('resource')]),
    [
      ['api', ['https://api.example.com']],
      ['api', ['https://api.example.com']],
    ],
  );
  assert.ok(seen.headers.every((headers) => headers.get('x-correlation-id') === 'abc'));
});

const own = [
  'state',
  'nonce',
  'redirect_uri',
  'code_challenge',
  'code_verifier',
  'client_id',
  'response_mode',
];

test('AUTH-18 D21 no hook and no option can replace state, nonce, verifier or redirect URI', async () => {
  for (const name of own) {
    // What the types forbid can still come from JavaScript.
    const parameters = { [name]: 'fixed' } as unknown as ExtraParameters;
    for (const [options, hooks] of [
      [{ parameters }, {}],
      [{}, { authorizationRequest: () => parameters }],
      [{}, { tokenRequest: () => ({ parameters }) }],
    ] as [object, RequestHooks][]) {
      const { session, authority } = await createBench({ ports: { hooks } });
      const error = await session.signIn(options).finished.catch((reason: Error) => reason);
      assert.equal((error as { code?: string }).code, 'AUTH_SETTINGS_INVALID');
      assert.ok((error as Error).message.includes(name));
      assert.equal(authority.tokenRequests.length, 0);
    }
  }
});

test('AUTH-18 the types forbid it too', () => {
  // @ts-expect-error: a state of one's own
  const state: ExtraParameters = { state: 'fixed' };
  // @ts-expect-error: a verifier of one's own
  const verifier: ExtraParameters = { code_verifier: 'fixed' };
  assert.ok(state && verifier);
});

test('D21 headers of the protocol are refused, whoever sets them', async () => {
  for (const name of ['Authorization', 'content-type', 'Host', 'DPoP']) {
    const hooks: RequestHooks = { tokenRequest: () => ({ headers: { [name]: 'x' } }) };
    const { session, authority } = await createBench({ ports: { hooks } });
    assert.equal(await codeOf(session.signIn().finished), 'AUTH_SETTINGS_INVALID');
    assert.equal(authority.tokenRequests.length, 0);
  }
});

test('the claims parameter and acr_values are sent as they should be', async () => {
  const claims = { id_token: { acr: { essential: true, values: ['strong'] } } };
  const { session, browser } = await createBench({ settings: { claims } });
  await session.signIn({ acrValues: ['strong', 'weak'] }).finished;
  const request = new URL(browser.opened[0] ?? '').searchParams;
  assert.deepEqual(JSON.parse(request.get('claims') ?? ''), claims);
  assert.equal(request.get('acr_values'), 'strong weak');
});

test('IDT-24 an age that is no number is refused before the browser opens', async () => {
  const { session, browser } = await createBench({ settings: { parameters: { max_age: 'soon' } } });
  assert.equal(await codeOf(session.signIn().finished), 'AUTH_SETTINGS_INVALID');
  assert.equal(browser.opened.length, 0);
});

/** A server that takes pushed requests. */
async function pushingBench(settings: object, required = false) {
  const bench = await createBench();
  const pushed: URLSearchParams[] = [];
  bench.authority.bend.discovery = (metadata) => ({
    ...metadata,
    pushed_authorization_request_endpoint: 'https://login.example.com/par',
    require_pushed_authorization_requests: required,
  });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (!String(input).endsWith('/par')) return bench.authority.fetch(input, init);
    pushed.push(new URLSearchParams(String(init?.body)));
    return Response.json({ request_uri: 'urn:request:1', expires_in: 60 }, { status: 201 });
  };
  const other = await createBench({
    authority: bench.authority,
    settings,
    ports: { fetch },
    person: () => {},
  });
  return { ...other, pushed };
}

test('OPEN-06 a request is pushed where the server demands it, where it is long, and where settings say so', async () => {
  const long = { parameters: { ui_hint: 'x'.repeat(3000) } };
  for (const [settings, required, expected] of [
    [{}, false, 0],
    [{}, true, 1],
    [{ pushedAuthorization: 'always' }, false, 1],
    [long, false, 1],
    [{ ...long, pushedAuthorization: 'never' }, false, 0],
  ] as const) {
    const { session, pushed, browser } = await pushingBench(settings, required);
    const attempt = session.signIn();
    await addressOf(attempt);
    await settle();
    assert.equal(pushed.length, expected);
    if (expected === 1) {
      const address = new URL(browser.opened[0] ?? '');
      assert.deepEqual([...address.searchParams.keys()].sort(), ['client_id', 'request_uri']);
      assert.equal(pushed[0]?.get('code_challenge_method'), 'S256');
      assert.ok(pushed[0]?.get('state'));
    }
    attempt.cancel();
  }
});

test('OPEN-06 a request that is too long, and nobody to push it to, is a clear error', async () => {
  const { session, browser } = await createBench({ settings: { parameters: { hint: 'x'.repeat(9000) } } });
  const error = await session.signIn().finished.catch((reason: Error) => reason);
  assert.match((error as Error).message, /\d{4,} characters long.*pushed authorization requests/);
  assert.equal(browser.opened.length, 0);
});

test('AUTH-24 D21 a sign-in that is cancelled while its request is being made opens no browser', async () => {
  let isAsked = () => {};
  let answer: (parameters: ExtraParameters) => void = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const hooks: RequestHooks = {
    authorizationRequest: () =>
      new Promise((resolve) => {
        isAsked();
        answer = resolve;
      }),
  };
  const { session, browser, redirect } = await createBench({ ports: { hooks } });
  const attempt = session.signIn();
  await asked;
  attempt.cancel();
  answer({});
  // Building goes on for a while; it is over when the listener is closed.
  while (redirect.openCount > 0) await settle();
  assert.equal(attempt.state, 'cancelled');
  assert.equal(browser.opened.length, 0);
});
