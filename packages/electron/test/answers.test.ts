import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '@deskauth/session';
import { answerMessage, createAnswers } from '../src/answers.ts';
import type { Channel } from '../src/contract.ts';
import { createSignedInSession, SECRETS, untilWaiting } from './bench.ts';

function createBench(session: Session, developerCommands = true) {
  const copied: string[] = [];
  const { answers, snapshot } = createAnswers(session, {
    developerCommands,
    copy: (text) => copied.push(text),
    storage: () => ({ tier: 'memory', reason: 'no keyring answered' }),
  });
  const send = (channel: Channel, ...args: unknown[]) => answerMessage(answers[channel], args);
  return { answers, snapshot, send, copied };
}

test('ELEC-01 no message gives a token, whatever the session does', async () => {
  const { session } = await createSignedInSession();
  const { send, snapshot } = createBench(session);
  const crossed: unknown[] = [];
  session.onChange(() => crossed.push(snapshot()));
  const waiting = untilWaiting(session);
  crossed.push(await send('deskauth:snapshot'), await send('deskauth:sign-in'));
  await waiting;
  crossed.push(await send('deskauth:snapshot'), await send('deskauth:cancel'));
  await session.accessToken();
  crossed.push(await send('deskauth:expire', 'session'), await send('deskauth:snapshot'));
  crossed.push(await send('deskauth:sign-out'), await send('deskauth:snapshot'));
  const text = JSON.stringify(crossed);
  assert.match(text, /signed-in.*signing-in.*signed-out/);
  for (const secret of [...SECRETS, 'code_verifier', 'state=', 'nonce='])
    assert.ok(!text.includes(secret), secret);
});

test('OPEN-02 a sign-in from a window opens the authorization server and nothing else', async () => {
  const { session, browser } = await createSignedInSession();
  const { send, copied } = createBench(session);
  const waiting = untilWaiting(session);
  await send('deskauth:sign-in', { prompt: 'select_account' });
  await waiting;
  await send('deskauth:open-again');
  await send('deskauth:copy-address');
  const [opened = '', again] = browser.opened;
  assert.equal(again, opened);
  assert.deepEqual(copied, [opened]);
  assert.match(opened, /^https:\/\/login\.example\.com\/authorize\?/);
  assert.match(new URL(opened).searchParams.get('prompt') ?? '', /select_account/);
  await send('deskauth:cancel');
  assert.equal(session.state.status, 'signed-in');
  assert.equal(session.state.error?.code, 'AUTH_SIGN_IN_CANCELLED');
});

test('ELEC-23 a reloaded window that asks again shows the same attempt, and late clicks do nothing', async () => {
  const { session, browser } = await createSignedInSession();
  const { send, copied } = createBench(session);
  const waiting = untilWaiting(session);
  await send('deskauth:sign-in');
  await waiting;
  const before = session.state;
  await send('deskauth:sign-in');
  assert.equal(session.state, before);
  assert.equal(browser.opened.length, 2);
  await send('deskauth:cancel');
  for (const late of ['deskauth:open-again', 'deskauth:copy-address', 'deskauth:cancel'] as const)
    await send(late);
  assert.deepEqual([browser.opened.length, copied.length], [2, 0]);
});

test('ELEC-23 a sign-in that the main process has started is steered from the window all the same', async () => {
  const { session, browser } = await createSignedInSession();
  const { send, copied } = createBench(session);
  const waiting = untilWaiting(session);
  const attempt = session.signIn();
  attempt.finished.catch(() => {});
  await waiting;
  await send('deskauth:open-again');
  await send('deskauth:copy-address');
  await send('deskauth:cancel');
  assert.deepEqual([browser.opened.length, copied, attempt.state], [2, [attempt.url], 'cancelled']);
});

test('ELEC-23 every snapshot is newer than the one before', async () => {
  const { session } = await createSignedInSession();
  const { snapshot } = createBench(session);
  const earlier = snapshot();
  assert.ok(snapshot().revision > earlier.revision);
});

test('an error crosses as data with its code, its advice and its id', async () => {
  const { session } = await createSignedInSession();
  const { send } = createBench(session);
  await session.signOut();
  const outcome = await send('deskauth:expire', 'access-token');
  assert.ok(!outcome.ok);
  assert.equal(outcome.error.code, 'AUTH_SIGN_IN_REQUIRED');
  assert.deepEqual(structuredClone(outcome.error), outcome.error);
  assert.match(outcome.error.errorId, /^\w{8}$/);
});

test('developer commands are refused where they are switched off', async () => {
  const { session } = await createSignedInSession();
  const { send, snapshot } = createBench(session, false);
  assert.equal(snapshot().developerCommands, false);
  assert.equal(snapshot().storage?.tier, 'memory');
  await assert.rejects(send('deskauth:expire', 'session'), { name: 'RefusedMessage' });
});

test('OUT-07 D17 a window may have the person signed out at the server too, and then asked who they are', async () => {
  const { session, browser } = await createSignedInSession();
  const { send } = createBench(session);
  const signedOut = send('deskauth:sign-out', { atServer: true });
  assert.equal(session.state.status, 'signed-out');
  while (browser.opened.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const { origin, pathname, searchParams } = new URL(browser.opened[0] ?? '');
  assert.equal(origin + pathname, 'https://login.example.com/end');
  assert.equal(searchParams.get('client_id'), 'desktop');
  const waiting = untilWaiting(session);
  await send('deskauth:sign-in', { prompt: 'login' });
  await waiting;
  assert.match(new URL(browser.opened[1] ?? '').searchParams.get('prompt') ?? '', /login/);
  assert.deepEqual(await signedOut, { ok: true, value: undefined });
  await send('deskauth:cancel');
});

test('ELEC-20 arguments that the contract does not know are refused before anything happens', async () => {
  const { session, browser } = await createSignedInSession();
  const { send } = createBench(session);
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const abuses: [Channel, ...unknown[]][] = [
    ['deskauth:sign-in', 'https://evil.example/'],
    ['deskauth:sign-in', { prompt: 'none' }],
    ['deskauth:sign-in', { prompt: ['select_account'] }],
    ['deskauth:sign-in', { prompt: 'select_account', parameters: { client_id: 'other' } }],
    ['deskauth:sign-in', JSON.parse('{"__proto__": {"prompt": "login"}}')],
    ['deskauth:sign-in', Object.create({ url: 'https://evil.example/' })],
    ['deskauth:sign-in', ['select_account']],
    ['deskauth:sign-in', null],
    ['deskauth:sign-in', cyclic],
    ['deskauth:sign-in', { prompt: 'x'.repeat(10_000_000) }],
    ['deskauth:sign-in', {}, {}],
    ['deskauth:sign-out', { everywhere: true }],
    ['deskauth:sign-out', { atServer: 'https://evil.example/' }],
    ['deskauth:sign-out', { atServer: true, redirectUri: 'https://evil.example/' }],
    ['deskauth:sign-out', Object.create({ atServer: true, url: 'x' })],
    ['deskauth:sign-out', true],
    ['deskauth:snapshot', 0],
    ['deskauth:expire', 'everything'],
    ['deskauth:expire', undefined],
    ['deskauth:expire', { toString: 'session' }],
  ];
  for (const [channel, ...args] of abuses)
    await assert.rejects(send(channel, ...args), { name: 'RefusedMessage' }, `${channel} ${typeof args[0]}`);
  assert.equal(session.state.status, 'signed-in');
  assert.deepEqual(browser.opened, []);
});
