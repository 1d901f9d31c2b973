import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DevicePrompt, SessionSettings } from '@deskauth/session';
import { codeOf, createBench, settle } from './create-bench.ts';
import { readProof } from './dpop-api.ts';
import { createFakeAuthority } from './fake-authority.ts';

const json = (body: unknown, status = 200) => Response.json(body, { status });
const refusal =
  (error: string, status = 400) =>
  () =>
    json({ error }, status);
const pending = refusal('authorization_pending');
type Answer = () => Response;

const HONEST = {
  device_code: 'device-canary',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://login.example.com/device',
  verification_uri_complete: 'https://login.example.com/device?user_code=WDJB-MJHT',
  expires_in: 600,
  interval: 5,
};

/** A session on another device's sign-in: the device endpoint says `code`, the token endpoint answers in this order. */
async function createDeviceBench(
  code: Record<string, unknown> | Answer = HONEST,
  answers: readonly Answer[] = [],
  settings: Partial<SessionSettings> = {},
) {
  const authority = await createFakeAuthority();
  const { issuer } = authority;
  authority.bend.discovery = (metadata) => ({
    ...metadata,
    device_authorization_endpoint: `${issuer}/device`,
  });
  const asked: URLSearchParams[] = [];
  const polledAt: number[] = [];
  const left = [...answers];
  authority.bend.token = (_request, honest) => {
    polledAt.push(bench.clock.monotonic());
    return (left.shift() ?? (() => json(honest)))();
  };
  let inFlight = 0;
  const answer = async (request: Request) => {
    if (new URL(request.url).pathname !== '/device') return authority.fetch(request);
    asked.push(new URLSearchParams(await request.text()));
    return typeof code === 'function' ? code() : json(code);
  };
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    inFlight += 1;
    return answer(new Request(input, init)).finally(() => {
      inFlight -= 1;
    });
  };
  const ports = { fetch: fetch as typeof globalThis.fetch };
  const bench = await createBench({ authority, settings, ports });
  const prompts: DevicePrompt[] = [];
  const attempt = bench.session.signInByDevice((prompt) => prompts.push(prompt));
  const isOver = () => ['done', 'failed', 'cancelled', 'timed-out'].includes(attempt.state);
  /** Time stands still while somebody waits for the network. */
  const quiet = async () => {
    do await settle();
    while (inFlight > 0 || (prompts.length === 0 && !isOver()));
  };
  /** Time passes, second by second, until the attempt has ended or so much has passed. */
  const pass = async (seconds: number) => {
    await quiet();
    for (let second = 0; second < seconds && !isOver(); second += 1) {
      bench.clock.advance(1);
      await quiet();
    }
  };
  return { ...bench, attempt, prompts, asked, polledAt, pass };
}

test('TOK-15 TOK-16 bound tokens: every question has a proof of its own, and the nonce is asked for once', async () => {
  const wantsNonce: Answer = () =>
    Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': 'n-1' } });
  const settings = { dpop: 'required' } as const;
  const { attempt, authority, pass, store } = await createDeviceBench(
    HONEST,
    [wantsNonce, pending],
    settings,
  );
  await pass(30);
  await attempt.finished;
  const proofs = await Promise.all(authority.proofs.map(readProof));
  assert.deepEqual(
    proofs.map(({ payload }) => payload.nonce),
    [undefined, 'n-1', 'n-1'],
  );
  assert.equal(new Set(proofs.map(({ payload }) => payload.jti)).size, 3);
  assert.equal((await store.load())?.tokens.tokenType, 'DPoP');
});

test('CLI-01 pending, then approved: signed in, with the code and scope of this request', async () => {
  const { session, attempt, prompts, asked, polledAt, pass, authority, browser } = await createDeviceBench(
    HONEST,
    [pending, pending],
  );
  await pass(30);
  assert.equal((await attempt.finished).sub, 'user-1');
  assert.equal(session.state.status, 'signed-in');
  assert.deepEqual(polledAt, [5, 10, 15]);
  const [request] = authority.tokenRequests;
  assert.equal(request?.get('grant_type'), 'urn:ietf:params:oauth:grant-type:device_code');
  assert.equal(request?.get('device_code'), 'device-canary');
  assert.equal(asked[0]?.get('client_id'), 'desktop');
  assert.equal(prompts[0]?.scope, asked[0]?.get('scope'));
  assert.ok(!JSON.stringify([prompts, session.state]).includes('device-canary'));
  assert.deepEqual(browser.opened, []);
});

test('CLI-01 slow_down makes every later pause 5 seconds longer', async () => {
  const slowDown = refusal('slow_down');
  const { attempt, polledAt, pass } = await createDeviceBench(HONEST, [slowDown, pending, slowDown]);
  await pass(60);
  await attempt.finished;
  assert.deepEqual(polledAt, [5, 15, 25, 40]);
});

const ENDS: readonly [error: string, code: string][] = [
  ['access_denied', 'AUTH_ACCESS_DENIED'],
  ['expired_token', 'AUTH_SIGN_IN_TIMED_OUT'],
  ['invalid_grant', 'AUTH_CODE_REJECTED'],
  ['invalid_client', 'AUTH_CLIENT_REJECTED'],
  ['something_else', 'AUTH_REQUEST_REJECTED'],
];
for (const [error, code] of ENDS)
  test(`CLI-01 ${error} ends the sign-in, and nothing is asked after it`, async () => {
    const { attempt, polledAt, pass, clock, session } = await createDeviceBench(HONEST, [
      pending,
      refusal(error),
    ]);
    await pass(30);
    assert.equal(await codeOf(attempt.finished), code);
    clock.advance(600);
    assert.equal(polledAt.length, 2);
    assert.equal(session.state.status, 'signed-out');
  });

test('CLI-01 a code that has expired is not asked about any more', async () => {
  const answers = Array.from({ length: 100 }, () => pending);
  const { attempt, polledAt, pass } = await createDeviceBench({ ...HONEST, expires_in: 12 }, answers);
  await pass(60);
  assert.equal(await codeOf(attempt.finished), 'AUTH_SIGN_IN_TIMED_OUT');
  assert.deepEqual(polledAt, [5, 10]);
});

const INTERVALS: readonly [stated: unknown, firstAt: number][] = [
  [undefined, 5],
  [0, 5],
  [-1, 5],
  ['soon', 5],
  [null, 5],
  [1, 1],
  [86_400, 60],
];
for (const [interval, firstAt] of INTERVALS)
  test(`CLI-02 an interval of ${interval} means ${firstAt} seconds`, async () => {
    const { attempt, polledAt, pass } = await createDeviceBench({ ...HONEST, interval });
    await pass(90);
    await attempt.finished;
    assert.deepEqual(polledAt, [firstAt]);
  });

test('CLI-03 network faults and outages double the pause and end nothing', async () => {
  const lost = () => {
    throw new TypeError('fetch failed');
  };
  const { attempt, polledAt, pass } = await createDeviceBench(HONEST, [
    lost,
    refusal('server_error', 503),
    lost,
  ]);
  await pass(120);
  await attempt.finished;
  assert.deepEqual(polledAt, [5, 15, 35, 75]);
});

test('CLI-04 a code is good no longer than the attempt, however long the server would keep it', async () => {
  const { prompts, pass, clock, attempt } = await createDeviceBench({ ...HONEST, expires_in: 1e9 }, [
    pending,
  ]);
  const start = clock.now();
  await pass(1);
  assert.equal(prompts[0]?.expiresAt, start + 600);
  attempt.cancel();
  assert.equal(await codeOf(attempt.finished), 'AUTH_SIGN_IN_CANCELLED');
});

const HOSTILE: readonly Record<string, unknown>[] = [
  { verification_uri: 'http://login.example.com/device' },
  { verification_uri: 'javascript:alert(1)' },
  { verification_uri: 'file:///etc/passwd' },
  { verification_uri: 'https://user:secret@login.example.com/' },
  { verification_uri: `https://login.example.com/${'x'.repeat(5000)}` },
  { user_code: 'AB\u001b[2JCD' },
  { user_code: '\u202eABCD' },
  { user_code: '' },
  { user_code: 'X'.repeat(1000) },
];
for (const bent of HOSTILE)
  test(`CLI-05 is not shown to a person: ${JSON.stringify(bent).slice(0, 60)}`, async () => {
    const { attempt, prompts, pass } = await createDeviceBench({ ...HONEST, ...bent });
    await pass(10);
    assert.equal(await codeOf(attempt.finished), 'AUTH_SERVER_RESPONSE_INVALID');
    assert.deepEqual(prompts, []);
  });

test('CLI-05 escape sequences in the address are encoded; a complete address on another site is left out', async () => {
  const { prompts, pass, attempt } = await createDeviceBench({
    ...HONEST,
    verification_uri: 'https://login.example.com/\u001b[31mdevice',
    verification_uri_complete: 'https://evil.example/device?user_code=WDJB-MJHT',
  });
  await pass(1);
  assert.equal(prompts[0]?.verificationUri, 'https://login.example.com/%1B[31mdevice');
  assert.equal(prompts[0]?.verificationUriComplete, undefined);
  attempt.cancel();
});

test('CLI-06 the address with the code in it is never opened, only shown', async () => {
  const { prompts, pass, attempt, browser } = await createDeviceBench();
  await pass(1);
  assert.equal(prompts[0]?.verificationUriComplete, HONEST.verification_uri_complete);
  assert.equal(attempt.url, HONEST.verification_uri);
  assert.deepEqual(browser.opened, []);
  attempt.cancel();
});

test('a server without the grant, and one that refuses it, are told before anything is shown', async () => {
  const refused = await createDeviceBench(refusal('unauthorized_client'));
  await refused.pass(5);
  assert.equal(await codeOf(refused.attempt.finished), 'AUTH_REQUEST_REJECTED');
  const { session } = await createBench();
  assert.equal(await codeOf(session.signInByDevice(() => {}).finished), 'AUTH_GRANT_UNSUPPORTED');
});

test('CLI-01 the ID token is checked as after any other sign-in', async () => {
  const { attempt, pass, authority } = await createDeviceBench();
  authority.bend.idTokenClaims = (claims) => ({ ...claims, aud: 'somebody-else' });
  await pass(10);
  assert.equal(await codeOf(attempt.finished), 'AUTH_ID_TOKEN_INVALID');
});
