import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { createLinkInbox, firstRedirect, loopbackRedirect, schemeRedirect } from '@deskauth/node';
import { createSession, memoryLock, memoryStore } from '@deskauth/session';
import { createFakeBrowser, redirectListenerContract } from '@deskauth/session/testing';

const rules = { scheme: 'com.example.app' };

for (const promise of redirectListenerContract)
  test(`contract: ${promise.name}`, () => {
    const links = createLinkInbox(rules);
    return promise.run({ listener: schemeRedirect({ links }), arrive: async (url) => links.push(url) });
  });

test('an answer that a page passed on is the answer that the page got', async () => {
  const links = createLinkInbox(rules);
  const page = 'https://www.example.com/signed-in.html';
  const redirect = await schemeRedirect({ links, page }).open();
  assert.equal(redirect.redirectUri, page);
  links.push('com.example.app:/callback?code=a%2Bb&state=1');
  const { url } = await redirect.next(new AbortController().signal);
  assert.equal(url, `${page}?code=a%2Bb&state=1`);
  await redirect.close();
  for (const other of [
    'http://www.example.com/',
    'https://www.example.com/?a',
    'https://www.example.com/a/../b',
  ])
    assert.throws(() => schemeRedirect({ links, page: other }), { code: 'AUTH_SETTINGS_INVALID' });
});

test('LINK-13 a scheme that leads elsewhere is told before the browser is opened', async () => {
  const links = createLinkInbox(rules);
  await assert.rejects(schemeRedirect({ links, isRegistered: () => false }).open(), {
    code: 'AUTH_REDIRECT_UNAVAILABLE',
    message: /com\.example\.app/,
  });
});

test('LINK-15 the way back from a sign-out answers no sign-in, and the other way round', async () => {
  const links = createLinkInbox(rules);
  const signIn = await schemeRedirect({ links }).open();
  const signOut = await schemeRedirect({ links, kind: 'signed-out' }).open();
  links.push('com.example.app:/signed-out?state=1');
  links.push('com.example.app:/callback?state=1');
  const { signal } = new AbortController();
  assert.equal((await signIn.next(signal)).url, 'com.example.app:/callback?state=1');
  assert.equal((await signOut.next(signal)).url, 'com.example.app:/signed-out?state=1');
  await Promise.all([signIn.close(), signOut.close()]);
});

test('D08 N04 the scheme takes over when every registered port is taken', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const byScheme = schemeRedirect({ links: createLinkInbox(rules) });
  const told: string[] = [];
  const redirect = firstRedirect([loopbackRedirect({ ports: [port] }), byScheme], ({ message }) =>
    told.push(message),
  );
  const open = await redirect.open();
  await open.close();
  assert.equal(open.redirectUri, 'com.example.app:/callback');
  assert.match(told.join(), new RegExp(`127.0.0.1:${port}`));
});

/** A session of the real engine whose answers come as links. */
function createLinkSession() {
  const issuer = 'https://login.example.com';
  const links = createLinkInbox(rules);
  const browser = createFakeBrowser();
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request) => {
    const { href } = new URL(input instanceof Request ? input.url : input);
    asked.push(href);
    if (!href.includes('/.well-known/')) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    return Response.json({
      ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      ...{ jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'] },
      ...{ subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] },
    });
  };
  const session = createSession(
    { issuer, clientId: 'desktop' },
    {
      ...{ browser, redirect: schemeRedirect({ links }), store: memoryStore(), lock: memoryLock() },
      fetch: fetch as typeof globalThis.fetch,
    },
  );
  return { session, links, asked };
}

test('LINK-02 a link starts nothing: no sign-in, no request', async () => {
  const { session, links, asked } = createLinkSession();
  links.push('com.example.app:/callback?code=stolen&state=forged');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(session.state.status, 'signed-out');
  assert.deepEqual(asked, []);
});

test('LINK-02 LINK-14 D10 of links with foreign states none ends the sign-in; the one with our state does', async () => {
  const { session, links, asked } = createLinkSession();
  const attempt = session.signIn();
  const failed = assert.rejects(attempt.finished, { code: 'AUTH_CODE_REJECTED' });
  while (attempt.url === undefined) await new Promise((resolve) => setImmediate(resolve));
  const state = new URL(attempt.url).searchParams.get('state');
  links.push('com.example.app:/callback?error=access_denied&state=forged');
  links.push('com.example.app:/callback?code=stolen');
  links.push(`com.example.app:/callback?code=stolen&state=${state}&state=${state}`);
  links.push(`com.example.app:/signed-out?code=stolen&state=${state}`);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(attempt.state, 'waiting');
  assert.ok(!asked.some((href) => href.endsWith('/token')));
  links.push(`com.example.app:/callback?code=honest&state=${state}`);
  await failed;
  assert.equal(asked.filter((href) => href.endsWith('/token')).length, 1);
});
