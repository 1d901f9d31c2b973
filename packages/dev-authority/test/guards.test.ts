import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type DevAuthoritySettings, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { buildAttempt, discover, europe, readAnswer, signIn, startForTest } from './authority-fixture.ts';

test('DEV-01 cannot be told to listen for other machines', async () => {
  for (const host of ['0.0.0.0', '::', 'localhost', '192.168.1.10']) {
    await assert.rejects(
      startDevAuthority({ port: 0, host } as unknown as DevAuthoritySettings),
      /loopback only/,
      host,
    );
  }
});

test('DEV-01 is bound to its one loopback address', async (t) => {
  const authority = await startForTest(t);
  assert.equal(await canConnect('127.0.0.1', authority.port), true);
  assert.equal(await canConnect('127.0.0.2', authority.port), false);
});

test('DEV-02 answers to its own name only', async (t) => {
  const authority = await startForTest(t);
  const { host } = new URL(authority.issuer);
  assert.equal((await askRaw(authority.port, { host }, '/')).status, 200);
  const foreign = [
    'evil.example',
    `localhost:${authority.port}`,
    `evil.example:${authority.port}`,
    `${host}.evil.example`,
  ];
  for (const name of foreign) {
    const { status, text } = await askRaw(
      authority.port,
      { host: name },
      '/.well-known/openid-configuration',
    );
    assert.equal(status, 421, name);
    assert.match(text, new RegExp(`only as ${authority.issuer}`));
  }
  const absolute = await askRaw(
    authority.port,
    { host },
    'http://evil.example/.well-known/openid-configuration',
  );
  assert.equal(absolute.status, 421);
});

test('DEV-02 refuses a form that another site has sent', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority));
  for (const origin of ['http://evil.example', 'null', 'http://localhost:3701']) {
    const browser = createHttpBrowser({ fetch: sendingOrigin(origin) });
    await assert.rejects(browser.signIn(url, europe), /This form came from another site/, origin);
  }
  const own = createHttpBrowser({ fetch: sendingOrigin(authority.issuer) });
  assert.ok(readAnswer((await own.signIn(url, europe)).redirectTo).get('code'));
});

test('DEV-02 the cookies are not for scripts and not for requests of other sites', async (t) => {
  const authority = await startForTest(t);
  const cookies: string[] = [];
  const browser = createHttpBrowser({
    fetch: async (...input) => {
      const response = await fetch(...input);
      cookies.push(...response.headers.getSetCookie());
      return response;
    },
  });
  await signIn(authority, { browser });
  assert.ok(cookies.length > 3);
  for (const cookie of cookies) assert.match(cookie, /; samesite=lax/i);
  for (const cookie of cookies) assert.match(cookie, /; httponly/i);
  assert.ok(cookies.every((cookie) => cookie.startsWith(`deskauth_${authority.port}_`)));
});

test('DEV-02 a signed-in browser gives no code to an app that the user has not allowed', async (t) => {
  const authority = await startForTest(t);
  const { browser } = await signIn(authority);
  const redirects = {
    'deskauth-cli': 'http://127.0.0.1:1/callback',
    'deskauth-spa': 'http://localhost:3701/',
  };
  for (const [clientId, redirectUri] of Object.entries(redirects)) {
    const { url } = await buildAttempt(await discover(authority, clientId), { redirect_uri: redirectUri });
    const { redirectTo } = await browser.signIn(url, { ...europe, consent: 'refuse' });
    assert.equal(readAnswer(redirectTo).get('error'), 'access_denied', clientId);
  }
});

test('DEV-02 an answer that the page did not offer is refused', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority));
  for (const action of ['allow', 'continue', 'unknown', 'constructor', '__proto__']) {
    const browser = createHttpBrowser({ fetch: sendingAction(action) });
    await assert.rejects(browser.signIn(url, europe), /This answer does not fit the question/, action);
  }
});

test('a cancelled sign-in is told to the app', async (t) => {
  const authority = await startForTest(t);
  const { url } = await buildAttempt(await discover(authority));
  const { redirectTo } = await createHttpBrowser({ fetch: sendingAction('cancel') }).signIn(url, europe);
  assert.equal(readAnswer(redirectTo).get('error'), 'access_denied');
});

test('DEV-03 does not start in production without the flag, and says on start and on each page what it is', async (t) => {
  setForTest(t, 'NODE_ENV', 'production');
  await assert.rejects(startDevAuthority({ port: 0 }), /does not start with NODE_ENV=production/);

  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const authority = await startForTest(t, { allowNodeEnvProduction: true, log });
  assert.match(lines.join('\n'), /for development and tests only, never for production/);
  for (const path of ['/', '/sign-out/success', '/missing']) {
    const page = await fetch(authority.issuer + path, { headers: { accept: 'text/html' } });
    assert.match(await page.text(), /Development server on this machine. Never use it in production./, path);
  }
});

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const finish = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

function askRaw(
  port: number,
  headers: Record<string, string>,
  path: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    });
    outgoing.once('error', reject).end();
  });
}

function sendingOrigin(origin: string): typeof fetch {
  return (url, init) => {
    const headers = new Headers(init?.headers);
    if (init?.method === 'POST') headers.set('origin', origin);
    return fetch(url, { ...init, headers });
  };
}

function sendingAction(action: string): typeof fetch {
  return (url, init) => {
    if (init?.body instanceof URLSearchParams) init.body.set('action', action);
    return fetch(url, init);
  };
}

function setForTest(t: TestContext, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  t.after(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}
