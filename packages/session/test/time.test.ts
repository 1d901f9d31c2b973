import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLock, systemClock, type TokenStore } from '@deskauth/session';
import { createFakeClock } from '@deskauth/session/testing';
import { codeOf, settle } from './create-bench.ts';
import { networkFault, refreshCount, restarted, signedIn, until } from './rotation.ts';

const inBackground = { settings: { backgroundRenewal: true } };
const HOURS = 3600;

/** Waits for a renewal that nobody asked for, and for the plan of the next one. */
async function renewed(store: TokenStore, accessToken: string): Promise<void> {
  await until(async () => (await store.load())?.tokens.accessToken === accessToken);
  await settle();
}

test('REF-08 the clock is set a day ahead: one refresh, no storm', async () => {
  const { session, clock, authority } = await signedIn();
  clock.jump(24 * HOURS);
  for (let call = 0; call < 20; call += 1) await session.accessToken();
  assert.equal(refreshCount(authority), 1);
});

test('REF-08 the clock is set a day back: a token still ends when its time is over', async () => {
  const { session, clock, authority } = await signedIn();
  clock.jump(-24 * HOURS);
  assert.equal(await session.accessToken(), 'access-1');
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(refreshCount(authority), 1);
});

test('REF-08 a record from the future was saved before the clock was set back: its token is renewed, once', async () => {
  const before = await signedIn();
  before.clock.jump(-24 * HOURS);
  const { session, authority } = await restarted(before);
  await session.restore();
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(refreshCount(authority), 1);
});

test('REF-06 after nine hours of sleep the wall clock tells, although no timer ran', async () => {
  const { session, clock, authority } = await signedIn();
  clock.jump(9 * HOURS);
  assert.equal(await session.accessToken(), 'access-2');
  assert.equal(refreshCount(authority), 1);
});

test('REF-08 a margin longer than the token’s life does not refresh at every call', async () => {
  const { session, clock, authority } = await signedIn({ settings: { refreshMarginSeconds: 600 } });
  for (let call = 0; call < 10; call += 1) await session.accessToken();
  assert.equal(refreshCount(authority), 0);
  clock.advance(151);
  assert.equal(await session.accessToken(), 'access-2');
});

test('ENV-10 REF-07 times beyond 2038 are kept whole', async () => {
  const late = createFakeClock(2 ** 32);
  const bench = await signedIn();
  const { store } = bench;
  bench.authority.bend.now = late.now;
  const record = await store.load();
  assert.ok(record);
  await store.save({ ...record, tokens: { ...record.tokens, expiresAt: 2 ** 32 + 300 }, savedAt: 2 ** 32 });
  const next = await restarted({ ...bench, clock: late });
  await next.session.restore();
  assert.equal(await next.session.accessToken(), 'access-1');
  late.advance(301);
  assert.equal(await next.session.accessToken(), 'access-2');
  assert.equal((await store.load())?.tokens.expiresAt, 2 ** 32 + 601);
});

test('REF-07 a delay of more than 24.8 days is cut, because a longer timer would fire at once', (context) => {
  const delays: number[] = [];
  context.mock.method(globalThis, 'setTimeout', (_run: () => void, delay: number) => delays.push(delay));
  systemClock.after(60 * 24 * HOURS, () => {});
  assert.deepEqual(delays, [2_147_483_000]);
});

test('REF-07 background renewal of a token that lives longer than any timer', async () => {
  const { clock, authority } = await signedIn({ ...inBackground, ports: { clock: clampedClock(100) } });
  (clock as ReturnType<typeof clampedClock>).advance(239);
  await settle();
  assert.equal(refreshCount(authority), 0);
});

/** A clock whose timers are never longer than this, as the system's. */
function clampedClock(mostSeconds: number) {
  const clock = createFakeClock();
  return {
    ...clock,
    after: (seconds: number, run: () => void) => clock.after(Math.min(seconds, mostSeconds), run),
  };
}

test('REF-05 background renewal is off unless it is asked for', async () => {
  const { clock, authority } = await signedIn();
  clock.advance(10_000);
  await settle();
  assert.equal(refreshCount(authority), 0);
});

test('REF-05 background renewal by margin, again and again; nothing while suspended, on demand at any time', async () => {
  const { session, clock, authority, store } = await signedIn(inBackground);
  clock.advance(239);
  await settle();
  assert.equal(refreshCount(authority), 0);
  clock.advance(1);
  await renewed(store, 'access-2');
  clock.advance(240);
  await renewed(store, 'access-3');
  assert.equal(refreshCount(authority), 2);
  session.suspend();
  clock.advance(9 * HOURS);
  await settle();
  assert.equal(refreshCount(authority), 2);
  await session.accessToken();
  assert.equal(refreshCount(authority), 3);
});

test('REF-05 a dark wake: a timer that fires hours late waits for the machine to settle', async () => {
  const { clock, authority } = await signedIn(inBackground);
  clock.advance(100);
  clock.jump(9 * HOURS);
  clock.advance(140);
  await settle();
  assert.equal(refreshCount(authority), 0);
  clock.advance(5);
  await until(() => refreshCount(authority) === 1);
});

test('REF-06 five windows that share a store wake up together: one refresh', async () => {
  const lock = memoryLock();
  const first = await signedIn({ ...inBackground, ports: { lock } });
  const others = await Promise.all(
    Array.from({ length: 4 }, async (_, index) => {
      const other = await restarted(first, { ...inBackground, ports: { lock, random: () => index / 5 } });
      await other.session.restore();
      return other;
    }),
  );
  first.clock.jump(9 * HOURS);
  for (const { session } of [first, ...others]) session.resume();
  for (let second = 0; second < 60; second += 1) {
    first.clock.advance(1);
    await settle();
  }
  assert.equal(refreshCount(first.authority), 1);
});

test('REF-06 REF-10 background renewal while offline for an hour: few requests, signed in, and it recovers', async () => {
  const { session, clock, authority } = await signedIn(inBackground);
  authority.bend.token = networkFault('ENETUNREACH');
  for (let minute = 0; minute < 60; minute += 1) {
    clock.advance(60);
    await settle();
  }
  assert.ok(refreshCount(authority) <= 70, `${refreshCount(authority)} requests`);
  assert.equal(session.state.status === 'signed-in' && session.state.reason, 'offline');
  delete authority.bend.token;
  authority.liveRefreshTokens.add('refresh-1');
  clock.advance(61);
  await until(() => session.state.status === 'signed-in' && session.state.reason === 'fresh');
});

test('REF-05 close and sign-out end background renewal', async () => {
  for (const end of ['close', 'signOut'] as const) {
    const { session, clock, authority } = await signedIn(inBackground);
    await session[end]();
    clock.advance(1000);
    await settle();
    assert.equal(refreshCount(authority), 0, end);
  }
});

test('REF-09 without a refresh token the access token is used to its end, not to its margin', async () => {
  const bench = await signedIn();
  const { clock, store } = bench;
  const record = await store.load();
  assert.ok(record);
  const { refreshToken: _none, ...tokens } = record.tokens;
  await store.save({ ...record, tokens });
  const next = await restarted(bench);
  await next.session.restore();
  clock.advance(290);
  assert.equal(await next.session.accessToken(), 'access-1');
  clock.advance(20);
  assert.equal(await codeOf(next.session.accessToken()), 'AUTH_SESSION_EXPIRED');
  assert.equal(next.session.state.status === 'expired' && next.session.state.reason, 'no-refresh-token');
});
