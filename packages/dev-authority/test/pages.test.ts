import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { buildAttempt, discover, europe, signIn, startForTest } from './authority-fixture.ts';

const payload = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;
const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;';

test('DEV-08 what a caller or a setting says is text on every page', async (t) => {
  const user = {
    sub: 'x',
    username: payload,
    name: payload,
    givenName: '<',
    familyName: '<',
    email: `x@${payload}`,
  };
  const hostile = {
    clientId: 'x',
    name: payload,
    type: 'native',
    redirectUris: ['http://127.0.0.1/callback'],
  } as const;
  const authority = await startForTest(t, { clients: [hostile], users: [user] });
  const pages: string[] = [];
  const browser = createHttpBrowser({
    fetch: async (...input) => {
      const response = await fetch(...input);
      if (response.headers.get('content-type')?.includes('html')) pages.push(await response.clone().text());
      return response;
    },
  });
  const config = await discover(authority, 'x');
  const login = { username: payload, password: 'deskauth' };
  const open = async (parameters: Record<string, string>, password = 'deskauth') =>
    browser.signIn((await buildAttempt(config, parameters)).url, { ...login, password }).catch(() => {});
  await open({ login_hint: payload }, 'wrong');
  await open({});
  await open({ prompt: 'select_account' });
  await open({ redirect_uri: `http://127.0.0.1/${payload}`, client_id: payload });
  await open({ redirect_uri: `http://127.0.0.1/${payload}` });
  await browser.signOut(`${authority.issuer}/sign-out?client_id=x&state=${encodeURIComponent(payload)}`);
  await browser.signOut(`${authority.issuer}/${encodeURIComponent(payload)}`).catch(() => {});
  await browser.signOut(authority.issuer).catch(() => {});

  const headings = new Set(pages.flatMap((page) => page.match(/(?<=<h1>)[^<]*/) ?? []));
  assert.deepEqual([...headings].map((heading) => heading.replaceAll(escaped, 'X')).sort(), [
    'Allow X to access your account?',
    'Choose an account',
    'Do you want to sign out?',
    'Sign in',
    'The app’s redirect address is not registered',
    'There is no such page',
    'This app is not registered',
    'This is an authorization server',
    'You are signed out',
  ]);
  for (const page of pages) assert.doesNotMatch(page, /<script>alert|<img/i);
  assert.ok(pages.filter((page) => page.includes(escaped)).length >= 6);
});

test('pages load nothing, cannot be framed, are not stored, and lead only to the app that asks', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority), {
    redirect_uri: 'http://127.0.0.1:5000/callback',
  });
  const policies: string[] = [];
  const browser = createHttpBrowser({
    fetch: async (...input) => {
      const response = await fetch(...input);
      if (response.status !== 200) return response;
      policies.push(response.headers.get('content-security-policy') ?? '');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      return response;
    },
  });
  await browser.signIn(url, europe);
  assert.equal(policies.length, 2);
  for (const policy of policies) {
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /form-action 'self' http:\/\/127\.0\.0\.1:5000(;|$)/);
    assert.doesNotMatch(policy, /unsafe/);
  }
});

test('an error page has an id that is in the log too', async (t) => {
  const lines: string[] = [];
  const authority = await startForTest(t, { log: (line) => lines.push(line) });
  const { url } = await buildAttempt(await discover(authority), { client_id: 'unknown-app' });
  const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();

  assert.match(page, /There is no client with the id unknown-app/);
  const [, id] = page.match(/<dt>Error id<\/dt><dd><code>(\w+)<\/code>/) ?? [];
  assert.equal(
    lines.filter((line) => line.startsWith(`error ${id}: GET /authorize: invalid_client`)).length,
    1,
  );
});

test('an unexpected error shows its id and nothing else, as a page and as JSON', async (t) => {
  const lines: string[] = [];
  let broken = false;
  const user = {
    ...{ sub: 'x', username: 'x', givenName: 'X', familyName: 'X', email: 'x@deskauth.example' },
    get name() {
      if (broken) throw new Error('broken on purpose');
      return 'X';
    },
  };
  const authority = await startForTest(t, { users: [user], log: (line) => lines.push(line) });
  const browser = createHttpBrowser();
  const attempt = await buildAttempt(await discover(authority));
  const { redirectTo } = await browser.signIn(attempt.url, { username: 'x', password: 'deskauth' });
  broken = true;

  const stopped = await browser.signIn(attempt.url, { username: 'x', password: 'deskauth' }).catch(String);
  const [, pageId] = String(stopped).match(/The authority could not answer .* (\w+)$/) ?? [];
  assert.ok(lines.some((line) => line.startsWith(`error ${pageId}: `) && line.includes('broken on purpose')));
  assert.doesNotMatch(String(stopped), /broken on purpose/);

  const reply = await fetch(`${authority.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'deskauth-desktop',
      code: String(new URL(redirectTo).searchParams.get('code')),
      redirect_uri: 'http://127.0.0.1:49152/callback',
      code_verifier: attempt.verifier,
    }),
  });
  assert.equal(reply.status, 500);
  assert.doesNotMatch(await reply.text(), /broken on purpose/);
  const replyId = reply.headers.get('x-error-id');
  assert.ok(lines.some((line) => line.startsWith(`error ${replyId}: POST /token: `)));
});

test('a page whose sign-in is over says so', async (t) => {
  const authority = await startForTest(t);
  const page = await fetch(`${authority.issuer}/interaction/gone`);
  assert.equal(page.status, 400);
  assert.match(await page.text(), /This page is no longer valid/);
});

test('a form that is too large is refused', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority));
  const answers = { username: 'x'.repeat(20_000), password: 'deskauth' };
  await assert.rejects(createHttpBrowser().signIn(url, answers), /This form is too large/);
});

test('no log line has a token, a code, a password or a secret', async (t) => {
  const lines: string[] = [];
  const authority = await startForTest(t, { log: (line) => lines.push(line) });
  const { tokens, redirectTo, attempt } = await signIn(authority);
  await createHttpBrowser()
    .signIn(attempt.url, { username: 'europe', password: 'hunter2' })
    .catch(() => {});

  const code = new URL(redirectTo).searchParams.get('code');
  const { access_token, refresh_token, id_token } = tokens;
  const secrets = [
    code,
    access_token,
    refresh_token,
    id_token,
    attempt.verifier,
    authority.apiClientSecret,
    'hunter2',
  ];
  for (const secret of secrets)
    assert.equal(
      lines.some((line) => line.includes(String(secret))),
      false,
    );
  assert.ok(lines.includes('user-europe signed in for deskauth-desktop'));
});
