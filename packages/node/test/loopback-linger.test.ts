import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type LoopbackRedirectOptions, loopbackRedirect } from '@deskauth/node';
import { AuthError, type SignInOutcome } from '@deskauth/session';
import { startChild } from './start-child.ts';
import { analyst, openWaiting, type WaitingRedirect } from './waiting-redirect.ts';

const signedIn: SignInOutcome = { kind: 'signed-in', user: analyst };
const failed: SignInOutcome = { kind: 'failed', error: new AuthError('AUTH_NETWORK', 'No route.').toJSON() };
/** The time limit of a test is the runner's. */
const noLimit = () => new AbortController().signal;

/** Status and heading of what a browser gets here. */
async function visit(redirectUri: string, query = ''): Promise<readonly [status: number, heading: string]> {
  const response = await fetch(redirectUri + query);
  const [, heading = ''] = /<h1>(.*)<\/h1>/.exec(await response.text()) ?? [];
  return [response.status, heading];
}

/** Plays one sign-in until its end. */
async function finish(redirect: WaitingRedirect, outcome: SignInOutcome, state = 'ours'): Promise<void> {
  const arrival = visit(redirect.redirectUri, `?code=code-canary&state=${state}`);
  (await redirect.next(noLimit())).finish(outcome);
  await redirect.close();
  await arrival;
}

const REFUSED = { message: 'fetch failed' };

test('LOOP-09 LOOP-10 a second hit after success is told so: a second tab, a reload, a program that looks at every address', async (t) => {
  const redirect = await openWaiting(t);
  const stray = visit(redirect.redirectUri, '?error=access_denied');
  (await redirect.next(noLimit())).finish({ kind: 'stray-error', error: 'access_denied' });
  assert.match((await stray)[1], /reports an error/);
  await finish(redirect, signedIn);
  const already = [200, 'You are already signed in'];
  assert.deepEqual(await visit(redirect.redirectUri, '?code=code-canary&state=ours'), already);
  assert.deepEqual(await visit(redirect.redirectUri), already, 'a reload after the address was cleaned');
  assert.deepEqual(await visit(redirect.redirectUri, '?code=c&state=foreign'), [
    400,
    'This sign-in is no longer open',
  ]);
  const text = await (await fetch(`${redirect.redirectUri}?code=code-canary&state=ours`)).text();
  assert.doesNotMatch(text, /canary|Europe Analyst/, 'who comes later learns no name');
});

test('LOOP-09 somebody else was first: the person’s own tab is told the end, whatever it is', async (t) => {
  for (const [outcome, heading] of [
    [signedIn, 'You are already signed in'],
    [failed, 'The sign-in did not succeed'],
  ] as const) {
    const redirect = await openWaiting(t);
    const scanner = visit(redirect.redirectUri, '?code=code-canary&state=ours');
    const first = await redirect.next(noLimit());
    const person = visit(redirect.redirectUri, '?code=code-canary&state=ours');
    first.finish(outcome);
    await scanner;
    await redirect.close();
    assert.equal((await person)[1], heading);
  }
});

test('LOOP-09 after a failure a second hit is told to try again, and never that somebody is signed in', async (t) => {
  const redirect = await openWaiting(t);
  await finish(redirect, failed);
  assert.deepEqual(await visit(redirect.redirectUri, '?state=ours'), [400, 'The sign-in did not succeed']);
  assert.deepEqual(await visit(redirect.redirectUri), [400, 'The sign-in did not succeed']);
});

for (const header of ['sec-purpose', 'purpose', 'x-moz', 'x-purpose'])
  test(`LOOP-09 what a browser fetches in advance (${header}) uses nothing up`, async (t) => {
    const redirect = await openWaiting(t);
    const headers = { [header]: 'prefetch;prerender' };
    const response = await fetch(`${redirect.redirectUri}?code=code-canary&state=1`, { headers });
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    await redirect.expectHonestAnswer();
  });

const ENDS: readonly [code: ConstructorParameters<typeof AuthError>[0], heading: string][] = [
  ['AUTH_SIGN_IN_CANCELLED', 'The sign-in was cancelled'],
  ['AUTH_SIGN_IN_TIMED_OUT', 'This sign-in took too long'],
  ['AUTH_SIGN_IN_SUPERSEDED', 'Another sign-in was started'],
];
for (const [code, heading] of ENDS)
  test(`D10 N05 an answer that comes too late (${code}) is told why`, async (t) => {
    const redirect = await openWaiting(t);
    const waiting = visit(redirect.redirectUri, '?code=c&state=early');
    await redirect.next(noLimit());
    await redirect.close(new AuthError(code, 'It has ended.'));
    assert.deepEqual(await waiting, [400, heading]);
    assert.deepEqual(await visit(redirect.redirectUri, '?code=c&state=late'), [400, heading]);
  });

test('LOOP-13 LOOP-23 after a while it is gone without a trace', async (t) => {
  const redirect = await openWaiting(t, { lingerSeconds: 0.05 });
  await finish(redirect, signedIn);
  for (;;) {
    const outcome = await visit(redirect.redirectUri).catch((error: Error) => error.message);
    if (outcome === REFUSED.message) break;
    assert.deepEqual(outcome, [200, 'You are already signed in']);
  }
  await openWaiting(t, { ports: [redirect.port] });
});

test('LOOP-02 a listener that lingers gives its port to the next sign-in at once', async (t) => {
  const { port, close } = await openWaiting(t);
  await close();
  for (let round = 0; round < 5; round += 1) {
    const redirect = await openWaiting(t, {
      ports: [port],
      lingerSeconds: 30,
      path: round % 2 ? '/callback' : '/signed-out',
    });
    assert.equal(redirect.port, port);
    await finish(redirect, signedIn);
  }
});

for (const lingerSeconds of [0, 30])
  test(`AUTH-24 LOOP-02 a sign-in that ends frees its port before anybody hears of it (${lingerSeconds} s)`, async (t) => {
    const first = await openWaiting(t, { lingerSeconds: 0 });
    await first.close();
    const listener = loopbackRedirect({ ports: [first.port], lingerSeconds });
    for (const reason of [new AuthError('AUTH_SIGN_IN_CANCELLED', 'x'), undefined]) {
      const ended = new AbortController();
      const before = await listener.open(ended.signal);
      const waiting = visit(before.redirectUri, '?code=c&state=s');
      await before.next(noLimit());
      ended.abort(reason);
      const after = await listener.open();
      assert.equal(after.redirectUri, before.redirectUri);
      assert.deepEqual(await waiting, [
        400,
        reason ? 'The sign-in was cancelled' : 'This sign-in is no longer open',
      ]);
      await after.close();
    }
    const aborted = await listener.open(AbortSignal.abort());
    await (await listener.open()).close();
    await aborted.close();
  });

test('one fixed port is not kept from another process for long', async (t) => {
  const { port, close } = await openWaiting(t, { lingerSeconds: 0 });
  await close();
  const ours = await openWaiting(t, { ports: [port] });
  await finish(ours, signedIn);
  const child = startChild(t, 'loopback.ts', [String(port)]);
  assert.equal(await child.nextLine(), `http://127.0.0.1:${port}/callback`);
});

test('LOOP-13 a process that has nothing else to do ends at once, with its page delivered', async (t) => {
  const child = startChild(t, 'loopback-end.ts');
  const redirectUri = await child.nextLine();
  const [status, heading] = await visit(redirectUri, '?code=c&state=s');
  assert.deepEqual([status, heading], [200, 'You are signed out']);
  assert.equal(await child.ended, 0);
  await assert.rejects(visit(redirectUri), REFUSED);
});

/** What holds this process: sockets, servers, timers. */
const held = () => process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Timeout/.test(name));

/** In bytes, after everything that nobody holds has been thrown away. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

test('LOOP-12 LOOP-13 a thousand sign-ins leave no server, no connection, no timer and no memory behind', async () => {
  const options: LoopbackRedirectOptions = { lingerSeconds: 30 };
  const listener = loopbackRedirect(options);
  const cycle = async (round: number) => {
    const redirect = await listener.open();
    const query = `?code=c&state=${round}`;
    // Some are answered, some are cancelled, some are never answered.
    const arrival = round % 3 === 0 ? undefined : visit(redirect.redirectUri, query);
    const answer = arrival && (await redirect.next(noLimit()));
    if (round % 3 === 1) answer?.finish(signedIn);
    await redirect.close(round % 3 === 2 ? new AuthError('AUTH_SIGN_IN_CANCELLED', 'x') : undefined);
    await arrival;
  };
  for (let round = 0; round < 100; round += 1) await cycle(round);
  const [before, heapBefore] = [held().length, heapInUse()];
  for (let round = 0; round < 1000; round += 1) await cycle(round);
  const after = held();
  assert.ok(after.length <= before + 4, `${before} before, then ${after}`);
  const growth = heapInUse() - heapBefore;
  assert.ok(growth < 4 * 1024 * 1024, `memory follows the listeners, not the sign-ins: ${growth} bytes`);
});
