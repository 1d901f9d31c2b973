import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { forgetAccount, keyringStore, listAccounts, type NodeSessionSettings } from '@deskauth/node';
import { openSession, placeOf, type SessionPlace, startSurroundings } from './authority-fixture.ts';
import { makeDirectory } from './make-directory.ts';
import { contentOf, namesIn, noKeyring } from './store-fixture.ts';

const ownerOf = ({ issuer, directory }: SessionPlace) => ({
  ...{ appName: 'Companies', issuer, clientId: 'deskauth-desktop', directory },
  ...{ keyring: noKeyring, weakerStorage: 'allow' as const },
});

/** The session of one account, as a new process would open it; its person signs in as this user. */
function openAccount(
  place: SessionPlace,
  account: string,
  username: 'europe' | 'global',
  more: Partial<NodeSessionSettings> = {},
) {
  const person = createHttpBrowser();
  return openSession(place, {
    account,
    store: keyringStore({ ...ownerOf(place), account }),
    browser: {
      async open(url) {
        void person.signIn(url, { username, password: 'deskauth', followRedirect: true });
      },
    },
    ...more,
  });
}

async function makePlace(t: TestContext): Promise<SessionPlace> {
  return placeOf(await startSurroundings(t), await makeDirectory(t));
}

test('REF-27 OUT-09 D15 two accounts of one issuer and client at once: nothing that happens to one reaches the other', async (t) => {
  const place = await makePlace(t);
  const work = openAccount(place, 'work', 'europe');
  const home = openAccount(place, 'home', 'global');
  await Promise.all([work.signIn().finished, home.signIn().finished]);
  assert.deepEqual([work.user?.sub, home.user?.sub], ['user-europe', 'user-global']);

  const homeToken = await home.accessToken();
  await work.expire('access-token');
  assert.equal((await work.fetch(place.apiAddress)).status, 200);
  await work.expire('session');
  await assert.rejects(work.fetch(place.apiAddress), { code: 'AUTH_SESSION_EXPIRED' });
  assert.equal(await home.accessToken(), homeToken);
  await work.signIn().finished;
  await work.signOut();

  const later = openAccount(place, 'home', 'global');
  assert.equal((await later.restore()).status, 'signed-in');
  assert.equal(later.user?.sub, 'user-global');
  await later.expire('access-token');
  assert.equal((await later.fetch(place.apiAddress)).status, 200);
  assert.equal((await openAccount(place, 'work', 'europe').restore()).status, 'signed-out');
});

test('REF-27 STORE-20 the file of one account, laid in the place of the other, is not opened', async (t) => {
  const place = await makePlace(t);
  await openAccount(place, 'work', 'europe').signIn().finished;
  const fileOf = async () => (await namesIn(place.directory)).filter((name) => name.endsWith('.session'));
  const [workFile = ''] = await fileOf();
  await openAccount(place, 'home', 'global').signIn().finished;
  const homeFile = (await fileOf()).find((name) => name !== workFile) ?? '';
  for (const ending of ['session', 'key'])
    await copyFile(
      join(place.directory, workFile.replace('session', ending)),
      join(place.directory, homeFile.replace('session', ending)),
    );
  const home = openAccount(place, 'home', 'global');
  const state = await home.restore();
  assert.deepEqual(
    [state.status, state.status === 'signed-out' && state.reason],
    ['signed-out', 'store-unreadable'],
  );
});

test('REF-23 REF-27 another person in an account: the app is asked, and without its consent all stays', async (t) => {
  const place = await makePlace(t);
  await openAccount(place, 'work', 'europe').signIn().finished;
  const asked: string[][] = [];
  const work = openAccount(place, 'work', 'global', {
    confirmAccountChange(next, before) {
      asked.push([next.sub, before.sub]);
      return false;
    },
  });
  await work.restore();
  await assert.rejects(work.signIn({ prompt: 'login' }).finished, { code: 'AUTH_SIGN_IN_CANCELLED' });
  assert.deepEqual(asked, [['user-global', 'user-europe']]);
  assert.equal(work.user?.sub, 'user-europe');
  assert.equal((await work.fetch(place.apiAddress)).status, 200);
  assert.deepEqual(
    (await listAccounts(ownerOf(place))).map(({ user }) => user.displayName),
    ['Europe Analyst'],
  );
});

test('REF-27 STORE-17 known accounts are listed without a token, also signed out, until they are forgotten', async (t) => {
  const place = await makePlace(t);
  const owner = ownerOf(place);
  assert.deepEqual(await listAccounts(owner), []);
  const work = openAccount(place, 'work', 'europe');
  await Promise.all([work.signIn().finished, openAccount(place, 'home', 'global').signIn().finished]);
  const tokens = [await work.accessToken()];
  await work.signOut();
  const known = new Map((await listAccounts(owner)).map((entry) => [entry.account, entry.user]));
  assert.deepEqual(known.get('work'), { sub: 'user-europe', displayName: 'Europe Analyst' });
  assert.deepEqual(known.get('home'), { sub: 'user-global', displayName: 'Global Manager' });
  assert.deepEqual(await listAccounts({ ...owner, clientId: 'another' }), []);
  const content = await contentOf(place.directory);
  for (const token of tokens) assert.ok(!content.includes(token));

  await forgetAccount({ ...owner, account: 'home' });
  assert.deepEqual(
    (await listAccounts(owner)).map(({ account }) => account),
    ['work'],
  );
  assert.equal((await openAccount(place, 'home', 'global').restore()).status, 'signed-out');
  const left = (await namesIn(place.directory)).filter((name) => !name.endsWith('.lock'));
  assert.deepEqual(left, ['accounts.json']);
});

test('STORE-06 a damaged list of accounts is begun anew and costs nobody a session', async (t) => {
  const place = await makePlace(t);
  const owner = ownerOf(place);
  await openAccount(place, 'work', 'europe').signIn().finished;
  const file = join(place.directory, 'accounts.json');
  for (const damage of ['', '{', '"x"', '[null, 5, {"account": 7}]']) {
    await writeFile(file, damage);
    assert.deepEqual(await listAccounts(owner), [], damage);
  }
  const work = openAccount(place, 'work', 'europe');
  assert.equal((await work.restore()).status, 'signed-in');
  await work.expire('access-token');
  await work.accessToken();
  assert.equal((await listAccounts(owner)).length, 1);
  assert.match(await readFile(file, 'utf8'), /Europe Analyst/);
});

test('D01 an account without a name, or with far too long a one, is refused', () => {
  const place = { issuer: 'https://login.example.com', apiAudience: '', apiAddress: '', directory: '/none' };
  for (const account of ['', 'x'.repeat(101), 5 as unknown as string])
    assert.throws(
      () => openSession({ ...place, apiAddress: 'https://api.example.com' }, { account }),
      /"account": expected a name/,
    );
});
