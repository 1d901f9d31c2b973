import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, createBench, settle } from './create-bench.ts';
import { createFakeAuthority } from './fake-authority.ts';

const DAY = 86_400;
const START = Math.floor(Date.now() / 1000);

for (const [name, wrong] of [
  ['a day ahead', DAY],
  ['five days behind', -5 * DAY],
  ['in 1970', 60 - START],
] as const)
  test(`ENV-09 IDT-10 the machine sleeps during a sign-in and wakes up with its clock ${name}`, async () => {
    const authority = await createFakeAuthority();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await authority.fetch(input, init);
      response.headers.set('date', new Date(serverNow() * 1000).toUTCString());
      return response;
    };
    const { session, redirect, clock } = await createBench({ authority, person: () => {}, ports: { fetch } });
    const serverNow = () => START + clock.monotonic();
    authority.bend.now = serverNow;
    const attempt = session.signIn();
    const address = await addressOf(attempt);
    clock.jump(wrong);
    void redirect.answer(authority.authorize(address));
    assert.equal((await attempt.finished).sub, 'user-1');
    assert.match(session.warnings[0]?.message ?? '', /clock is .* the sign-in server's/);

    clock.advance(301);
    assert.equal(await session.accessToken(), 'access-2');
    assert.equal(await session.accessToken(), 'access-2');
    clock.jump(-wrong); // The time service has put it right.
    clock.advance(301);
    assert.equal(await session.accessToken(), 'access-3');
    assert.deepEqual(session.warnings, []);
    assert.equal(authority.tokenRequests.length, 3, 'no loop');
    assert.equal(session.state.status, 'signed-in');
  });

test('ENV-09 SPA-16 the time is asked for past all caches, and an answer from another time is not believed', async () => {
  const dayAgo = new Date((START - DAY) * 1000).toUTCString();
  for (const [from, skew] of [
    ['https://app.example.com/', undefined], // What a service worker kept.
    ['', 'clock-differs'],
  ] as const) {
    const authority = await createFakeAuthority();
    const asked: URL[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (init?.method !== 'HEAD') return authority.fetch(input, init);
      asked.push(new URL(String(input)));
      const answer = new Response(null, { headers: { date: dayAgo } });
      return Object.defineProperty(answer, 'url', { value: from });
    };
    const timeAddress = 'https://app.example.com/';
    const { session } = await createBench({ authority, person: () => {}, ports: { fetch, timeAddress } });
    await addressOf(session.signIn());
    await settle();
    assert.equal(session.warnings[0]?.code, skew);
    assert.equal(asked[0]?.pathname, '/');
    assert.match(asked[0]?.search ?? '', /^\?time=[\w-]{36}$/);
    session.close();
  }
});
