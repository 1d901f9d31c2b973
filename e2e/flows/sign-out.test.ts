import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { createNodeSession, keyringStore } from '@deskauth/node';
import type { SessionSettings } from '@deskauth/session';

const person = { username: 'europe', password: 'deskauth' };
const clientId = 'deskauth-desktop';
const refused = () => Promise.reject(new Error('there is no keyring in this test'));

let authority: DevAuthority;
let directory: string;
before(async () => {
  authority = await startDevAuthority({ port: 0 });
  directory = await mkdtemp(join(tmpdir(), 'deskauth-sign-out-'));
});
after(async () => {
  await authority?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** An app whose browser is a person without a screen: signs in, confirms the sign-out, comes back. */
function createApp(settings: Partial<SessionSettings> = {}) {
  const { issuer } = authority;
  const browser = createHttpBrowser();
  const pages: Promise<string | undefined>[] = [];
  const signIn = async (url: string) =>
    (await browser.signIn(url, { ...person, followRedirect: true })).responseText;
  const comeBack = async (url: string) => {
    const back = await browser.signOut(url);
    return back && (await fetch(back)).text();
  };
  const keyring = { load: refused, create: refused, remove: async () => {} };
  const owner = { appName: 'Sign-out', issuer, clientId, directory };
  const session = createNodeSession({
    ...{ appName: 'Sign-out', issuer, clientId, directory, allowHttp: true, ...settings },
    store: keyringStore({ ...owner, weakerStorage: 'allow', keyring }),
    browser: {
      async open(url) {
        const isSignIn = new URL(url).searchParams.has('redirect_uri');
        pages.push(isSignIn ? signIn(url) : comeBack(url));
      },
    },
  });
  return { session, pages };
}

test('OUT-04 OUT-07 STORE-17 sign-out at a real server, all the way back to the app; nothing is left on disk', async () => {
  const { session, pages } = createApp();
  await session.signIn().finished;
  const token = await session.accessToken();
  await session.signOut({ atServer: true });
  const { state } = session;
  assert.equal(state.status, 'signed-out');
  assert.deepEqual(state.status === 'signed-out' && state.server, { tokens: 'revoked', session: 'ended' });
  assert.match((await pages.at(-1)) ?? '', /You are signed out/);
  const left = await readdir(directory);
  for (const file of left) assert.ok(!(await readFile(join(directory, file), 'utf8')).includes(token), file);
  assert.deepEqual(
    left.filter((file) => !file.endsWith('.lock')),
    [],
  );
});

test('REF-17 D15 a real server gives a token with less from the same session, and rotates for it', async () => {
  const { session } = createApp();
  const user = await session.signIn().finished;
  const usual = await session.accessToken();
  const narrow = await session.accessToken({ scope: 'openid' });
  assert.notEqual(narrow, usual);
  assert.equal(await session.accessToken(), usual);
  await session.expire('access-token');
  assert.notEqual(await session.accessToken({ scope: 'openid' }), narrow);
  assert.equal(session.user?.sub, user.sub);
  await session.signOut();
});
