import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { loopbackRedirect, systemBrowser } from '@deskauth/node';
import { createPerson, europe, openSession, placeOf, startSurroundings } from './authority-fixture.ts';
import { makeDirectory } from './make-directory.ts';
import { startChild } from './start-child.ts';
import { contentOf, namesIn } from './store-fixture.ts';

test('N05 D12 signs in through the browser, tells it the truth, and is still signed in after a restart', async (t) => {
  const surroundings = await startSurroundings(t);
  const place = placeOf(surroundings, await makeDirectory(t));
  const person = createPerson();
  const user = await openSession(place, { browser: person }).signIn().finished;
  assert.equal(user.displayName, 'Europe Analyst');
  const [page] = await Promise.all(person.pages);
  assert.match(page ?? '', /<title>You are signed in as Europe Analyst – Companies<\/title>/);

  const afterRestart = openSession(place);
  assert.equal((await afterRestart.restore()).status, 'signed-in');
  assert.equal(afterRestart.user?.displayName, 'Europe Analyst');
  assert.equal((await afterRestart.fetch(place.apiAddress)).status, 200);
  assert.equal(afterRestart.storeFault, undefined);
});

test('D06 host, ports and paths of both redirects are settings', async (t) => {
  const asked: URL[] = [];
  const browser = { open: async (url: string) => void asked.push(new URL(url)) };
  const redirects = { redirectHost: 'localhost', redirectPath: '/', signOutPath: '/bye' } as const;
  const authority = await startDevAuthority({
    port: 0,
    clients: [
      {
        ...{ clientId: 'deskauth-desktop', name: 'Companies', type: 'native' },
        redirectUris: ['http://localhost/'],
        postLogoutRedirectUris: ['http://localhost/bye'],
      },
    ],
  });
  t.after(() => authority.stop());
  const { issuer, apiAudience } = authority;
  const place = { issuer, apiAudience, apiAddress: issuer, directory: await makeDirectory(t) };
  const person = createPerson();
  await openSession(place, { ...redirects, browser: person }).signIn().finished;
  const session = openSession(place, { ...redirects, browser });
  await session.restore();
  const leaving = session.signOut({ atServer: true });
  while (asked.length === 0) await new Promise(setImmediate);
  const back = asked[0]?.searchParams.get('post_logout_redirect_uri') ?? '';
  assert.match(back, /^http:\/\/localhost:\d+\/bye$/);
  await fetch(`${back}?state=${asked[0]?.searchParams.get('state')}`);
  await leaving;
});

test('D13 an access token that the API no longer takes is renewed without a word, and the renewed one is kept', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const session = openSession(place, { browser: createPerson() });
  await session.signIn().finished;
  await session.expire('access-token');
  assert.equal((await session.fetch(place.apiAddress)).status, 200);
  const afterRestart = openSession(place, { fetch: refuseRefresh });
  await afterRestart.restore();
  assert.equal((await afterRestart.fetch(place.apiAddress)).status, 200);
});

const refuseRefresh: typeof fetch = (input, init) => {
  assert.ok(!String(init?.body).includes('refresh_token'), 'no refresh was expected');
  return fetch(input, init);
};

test('REF-02 D20 two processes whose access token expired make one refresh between them, and both get their data', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const session = openSession(place, { browser: createPerson() });
  await session.signIn().finished;
  for (let round = 0; round < 3; round += 1) {
    await session.restore();
    await session.expire('access-token');
    const apps = [1, 2].map(() => startChild(t, 'session.ts', [JSON.stringify(place)]));
    const ask = async (command: string) => {
      for (const app of apps) app.say(command);
      return Promise.all(apps.map((app) => app.nextLine()));
    };
    assert.deepEqual(await ask('restore'), ['signed-in', 'signed-in']);
    assert.deepEqual(await ask('call'), ['200', '200']);
    const refreshes = await ask('refreshes');
    assert.equal(Number(refreshes[0]) + Number(refreshes[1]), 1);
    for (const app of apps) app.kill();
  }
});

test('STORE-17 D17 after sign-out nothing of the session is on the disk, and the other process brings nothing back', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const session = openSession(place, { browser: createPerson() });
  await session.signIn().finished;
  await session.expire('access-token');
  const other = startChild(t, 'session.ts', [JSON.stringify(place)]);
  other.say('restore');
  assert.equal(await other.nextLine(), 'signed-in');
  await session.signOut();
  other.say('call');
  assert.equal(await other.nextLine(), 'AUTH_SIGN_IN_REQUIRED');
  assert.equal((await contentOf(place.directory)).trim(), '');
  assert.deepEqual(
    (await namesIn(place.directory)).map((name) => name.split('.')[1]),
    ['lock'],
  );
  assert.equal((await openSession(place).restore()).status, 'signed-out');
});

test('SUP-01 no token is in clear text on the disk at any time', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const session = openSession(place, { browser: createPerson() });
  await session.signIn().finished;
  const accessToken = await session.accessToken();
  const [, payload = '', signature = ''] = accessToken.split('.');
  const content = await contentOf(place.directory);
  for (const secret of [payload.slice(0, 40), signature.slice(0, 20), 'user-europe', 'Europe Analyst'])
    assert.ok(!content.includes(secret));
});

test('LOOP-14 LOOP-15 AUTH-01 forged answers during a sign-in neither end it nor slip in', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const pages: string[] = [];
  const browser = createHttpBrowser();
  const session = openSession(place, {
    browser: {
      async open(url) {
        const redirectUri = new URL(url).searchParams.get('redirect_uri');
        const forge = async (query: string) =>
          pages.push(await (await fetch(`${redirectUri}?${query}`)).text());
        for (let count = 0; count < 50; count += 1) await forge(`code=forged&state=${count}`);
        for (const query of [
          '',
          'code=forged',
          'error=access_denied',
          'code=forged&state=',
          'state=x&state=y',
        ])
          await forge(query);
        await browser.signIn(url, { ...europe, followRedirect: true });
      },
    },
  });
  assert.equal((await session.signIn().finished).displayName, 'Europe Analyst');
  assert.equal(pages.length, 55);
  for (const page of pages) assert.match(page, /no longer open|The sign-in server reports an error/);
});

test('D18 a refusal in the browser is told in the browser and in the app, under the same error id', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const person = createPerson('refuse');
  const session = openSession(place, { browser: person });
  const error = await session.signIn().finished.then(
    () => undefined,
    (failure) => failure,
  );
  assert.equal(error?.code, 'AUTH_ACCESS_DENIED');
  const [page] = await Promise.all(person.pages);
  assert.match(page ?? '', /The sign-in did not succeed/);
  assert.ok(page?.includes(error.errorId), 'the error id of the app');
  assert.equal(session.state.status, 'signed-out');
});

test('OPEN-07 a browser that cannot be opened leaves the sign-in waiting: its address can be copied and finished', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const session = openSession(place, { browser: systemBrowser(() => ['/nonexistent/launcher']) });
  const told = new Promise<string | undefined>((resolve) => {
    session.onChange((state) => state.status === 'signing-in' && state.error && resolve(state.error.code));
  });
  const attempt = session.signIn();
  assert.equal(await told, 'AUTH_BROWSER_NOT_OPENED');
  assert.equal(attempt.state, 'waiting');
  await createPerson().open(attempt.url ?? '');
  assert.equal((await attempt.finished).displayName, 'Europe Analyst');
});

test('AUTH-24 cancelling frees the port at once, and the next sign-in works on it', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const opened: string[] = [];
  const browser = { open: async (url: string) => void opened.push(url) };
  const first = openSession(place, { browser });
  const attempt = first.signIn();
  while (opened.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const port = Number(new URL(new URL(opened[0] ?? '').searchParams.get('redirect_uri') ?? '').port);
  attempt.cancel();
  await assert.rejects(attempt.finished, { code: 'AUTH_SIGN_IN_CANCELLED' });
  const redirect = loopbackRedirect({ ports: [port] });
  const next = openSession(place, { browser: createPerson(), redirect });
  assert.equal((await next.signIn().finished).displayName, 'Europe Analyst');
});

test('STORE-08 REF-12 a folder that cannot be written makes a session of this process, and the app is told', async (t) => {
  const inTheWay = join(await makeDirectory(t), 'file');
  await writeFile(inTheWay, '');
  const place = placeOf(await startSurroundings(t), join(inTheWay, 'data'));
  const session = openSession(place, { browser: createPerson() });
  await session.signIn().finished;
  assert.equal(session.storeFault?.code, 'AUTH_STORE_UNAVAILABLE');
  await session.expire('access-token');
  assert.equal((await session.fetch(place.apiAddress)).status, 200);
  assert.equal((await openSession(place).restore()).status, 'signed-out');
});

test('LOOP-23 an app that is killed while the browser is open starts clean the next time', async (t) => {
  const place = placeOf(await startSurroundings(t), await makeDirectory(t));
  const app = startChild(t, 'session.ts', [JSON.stringify(place)]);
  app.say('sign-in');
  const url = await app.nextLine();
  app.kill();
  await app.ended;
  await assert.rejects(createHttpBrowser().signIn(url, { ...europe, followRedirect: true }), TypeError);
  const next = openSession(place, { browser: createPerson() });
  assert.equal((await next.restore()).status, 'signed-out');
  assert.equal(next.storeFault, undefined);
  assert.equal((await next.signIn().finished).displayName, 'Europe Analyst');
});
