import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AuthorizationRequest,
  memoryStore,
  type PendingRequests,
  type RedirectAnswer,
  type SessionSettings,
  type User,
} from '@deskauth/session';
import { addressOf, codeOf, createBench, settle } from './create-bench.ts';
import { createFakeAuthority } from './fake-authority.ts';

/** Requests on a disk: they outlive a run of the app. */
function createDisk(): PendingRequests & { readonly kept: Map<string, AuthorizationRequest> } {
  const kept = new Map<string, AuthorizationRequest>();
  return {
    kept,
    save: async (request) => void kept.set(request.state, structuredClone(request)),
    async take(state, isOurs = () => true) {
      const request = kept.get(state);
      if (!request || !isOurs(request)) return undefined;
      kept.delete(state);
      return request;
    },
  };
}

/** A machine on which the app can be started again and again; links reach the run that listens. */
async function createMachine() {
  const authority = await createFakeAuthority();
  const requests = createDisk();
  const store = memoryStore();
  const listening = new Set<(answer: RedirectAnswer) => void>();
  const link = (url: string) => {
    for (const receive of listening) receive({ url, finish: () => {} });
  };
  async function startApp(settings: Partial<SessionSettings> = {}) {
    const bench = await createBench({ authority, settings, person: () => {}, ports: { requests, store } });
    Object.assign(bench.redirect, {
      unasked(receive: (answer: RedirectAnswer) => void) {
        listening.add(receive);
        return () => listening.delete(receive);
      },
    });
    return bench;
  }
  return { authority, requests, store, link, startApp };
}

/** Resolves once nothing more comes of a link. */
async function quiet({ session }: Awaited<ReturnType<typeof createBench>>): Promise<void> {
  do await settle();
  while (session.state.status === 'signing-in');
}

for (const dpop of [undefined, 'required'] as const)
  test(`LINK-10 D07 an app that was quit while the person was in the browser signs in when the link starts it (dpop ${dpop})`, async () => {
    const { authority, requests, link, startApp } = await createMachine();
    const first = await startApp({ ...(dpop && { dpop }) });
    const attempt = first.session.signIn();
    const address = await addressOf(attempt);
    first.session.close();
    await attempt.finished.catch(() => {});
    assert.equal(requests.kept.size, 1);

    const next = await startApp({ ...(dpop && { dpop }) });
    await next.session.restore();
    await next.session.restore();
    const answer = authority.authorize(address);
    link(answer);
    await quiet(next);
    assert.equal(next.session.state.status, 'signed-in');
    assert.equal(await next.session.accessToken(), 'access-1');
    assert.equal(next.browser.opened.length, 0);
    assert.equal(authority.proofs[0] !== null, dpop === 'required');

    // Once: the same link again is nobody's.
    link(answer);
    await quiet(next);
    assert.equal(next.session.state.status, 'signed-in');
    assert.equal(authority.tokenRequests.length, 1);
    assert.equal(requests.kept.size, 0);
  });

test('LINK-02 a link that no sign-in of ours asked for starts nothing, whatever is kept', async () => {
  const { authority, requests, link, startApp } = await createMachine();
  const first = await startApp();
  const attempt = first.session.signIn();
  const address = new URL(await addressOf(attempt));
  first.session.close();
  const next = await startApp();
  await next.session.restore();
  const states: string[] = [];
  next.session.onChange(({ status }) => states.push(status));
  address.searchParams.set('state', 'forged');
  link(authority.authorize(address.href));
  link('com.example.app:/callback');
  link('com.example.app:/callback?code=1&state=');
  link('not a link');
  await quiet(next);
  assert.deepEqual(states, []);
  assert.equal(authority.tokenRequests.length, 0);
  assert.equal(requests.kept.size, 1);
});

test('LINK-02 the answer to another session is neither taken nor spent: no code goes to the wrong server', async () => {
  const { authority, requests, startApp } = await createMachine();
  const first = await startApp();
  const attempt = first.session.signIn();
  const answer = authority.authorize(await addressOf(attempt));
  first.session.close();
  const elsewhere = answer.replace('/callback', '/other');
  const foreign = [
    [{ issuer: 'https://login.other.example' }, answer],
    [{ clientId: 'another' }, answer],
    [{}, elsewhere],
  ] as const;
  for (const [settings, url] of foreign) {
    const { session } = await startApp(settings);
    assert.equal(await session.resumeSignIn(url), undefined);
  }
  assert.equal(authority.tokenRequests.length, 0);
  assert.equal(requests.kept.size, 1);
  const own = await startApp();
  await (await own.session.resumeSignIn(answer))?.finished;
  assert.equal(own.session.state.status, 'signed-in');
});

test('LINK-02 an answer after the time limit of its sign-in comes too late', async () => {
  const { authority, requests, link, startApp } = await createMachine();
  const first = await startApp();
  const attempt = first.session.signIn();
  const address = await addressOf(attempt);
  first.session.close();
  const next = await startApp();
  await next.session.restore();
  next.clock.advance(601);
  link(authority.authorize(address));
  await quiet(next);
  assert.equal(next.session.state.status, 'signed-out');
  assert.equal(authority.tokenRequests.length, 0);
  assert.equal(requests.kept.size, 0);
});

test('AUTH-24 what was cancelled, answered or superseded is not kept for another run', async () => {
  const { authority, requests, startApp } = await createMachine();
  const { session, redirect } = await startApp();
  const cancelled = session.signIn();
  await addressOf(cancelled);
  cancelled.cancel();
  assert.equal(await codeOf(cancelled.finished), 'AUTH_SIGN_IN_CANCELLED');
  await settle();
  assert.equal(requests.kept.size, 0);

  const superseded = session.signIn();
  await addressOf(superseded);
  const last = session.signIn({ prompt: 'login' });
  const address = await addressOf(last);
  assert.equal(await codeOf(superseded.finished), 'AUTH_SIGN_IN_SUPERSEDED');
  assert.deepEqual([...requests.kept.keys()], [new URL(address).searchParams.get('state')]);
  void redirect.answer(authority.authorize(address));
  await last.finished;
  assert.equal(requests.kept.size, 0);
});

test('TOK-16 whom a silent sign-in may not bring is not signed in, and the tokens are given back', async () => {
  const asked: string[] = [];
  const expectsSilently = ({ sub }: User) => asked.push(sub) === 0;
  const { session, authority } = await createBench({ ports: { expectsSilently } });
  assert.equal(await codeOf(session.signIn({ prompt: 'none' }).finished), 'AUTH_SUBJECT_CHANGED');
  assert.equal(session.state.status, 'signed-out');
  await settle();
  assert.deepEqual([asked, authority.revoked], [['user-1'], ['refresh-1']]);
  await session.signIn().finished;
  assert.equal(asked.length, 1, 'a person is there to notice');
});
