import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Bend,
  createHttpBrowser,
  createKeyRing,
  type KeyRing,
  startHostileAuthority,
} from '../../testing/hostile-authority/src/index.ts';
import { createHome, type Finished, type Home } from './cli-bench.ts';

// What people meet with servers of other makers: each of these was seen with one of them.

let keys: KeyRing;
let home: Home;
before(async () => {
  keys = await createKeyRing();
  home = await createHome();
});
after(() => home?.remove());

/** Signs in at a server with this peculiarity; the answer is the command's own. */
async function loginAt(bend: Bend, ...more: string[]): Promise<Finished> {
  const authority = await startHostileAuthority({ bend, keys });
  const browser = createHttpBrowser(fetch);
  try {
    const running = home.start([
      ...['login', '--issuer', authority.issuer, '--client-id', 'desktop', '--no-browser'],
      ...['--allow-http', '--store', 'key-file', ...more],
    ]);
    running.address.then(browser.open, () => {});
    const finished = await running.finished;
    const isPushed = more.includes('--par');
    assert.equal(authority.asked.pushedForms.length, isPushed ? 1 : 0);
    return finished;
  } finally {
    await browser.idle;
    await authority.stop();
  }
}

const nameless: Bend = { claims: ({ name: _name, preferred_username: _user, ...rest }) => rest };

test('TOK-12 a server that gives no refresh token: the person is told when the session ends', async () => {
  const { code, stderr } = await loginAt({
    token: ({ refresh_token: _none, ...rest }) => ({ ...rest, expires_in: 1800 }),
  });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Note: .*gave no refresh token: the session ends .* in 30 minutes\./);
  assert.equal(stderr.match(/no refresh token/g)?.length, 1);
  const again = await home.run(['whoami']);
  assert.match(again.stderr, /no refresh token.* in (30|29) minutes/);
  assert.doesNotMatch((await home.run(['logout'])).stderr, /no refresh token/);
});

test('OPEN-06 a client that must push its request: --par', async () => {
  const { code, stderr } = await loginAt(
    {
      metadata: (honest, { issuer }) => ({
        ...honest,
        pushed_authorization_request_endpoint: `${issuer}/par`,
      }),
    },
    '--par',
  );
  assert.equal(code, 0, stderr);
});

test('IDT-26 an ID token without a name: the one from the userinfo endpoint is shown', async () => {
  const { code, stderr } = await loginAt(nameless);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Signed in as Europe Analyst\./);
});

test('IDT-26 no name anywhere: the subject is shown, and the sign-in is none the worse', async () => {
  const { code, stderr } = await loginAt({
    ...nameless,
    userInfo: (honest) => ({ ...honest, sub: 'other' }),
  });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Signed in as user-europe\./);
});

test('TOK-18 a client secret in the environment of a command is nobody’s secret but the person’s own', async () => {
  process.env.DESKAUTH_CLIENT_SECRET = 'not-a-secret';
  const { code, stderr } = await loginAt({}).finally(() => {
    delete process.env.DESKAUTH_CLIENT_SECRET;
  });
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /clientSecret|DESKAUTH_CLIENT_SECRET|not-a-secret/);
});

test('IDT-10 a wrong clock is told once, in words', async () => {
  const { code, stderr } = await loginAt({ aheadSeconds: 7200 });
  assert.equal(code, 0, stderr);
  assert.equal(stderr.match(/Note: This machine's clock is 2 hours behind/g)?.length, 1, stderr);
});

test('DISC-06 what would permit an endpoint is called by its flag', async () => {
  const { code, stderr } = await loginAt({
    metadata: (honest) => ({ ...honest, token_endpoint: 'https://tokens.example.net/token' }),
  });
  assert.equal(code, 1);
  assert.match(stderr, /tokens\.example\.net.*--endpoint-origin does not list/);
  assert.doesNotMatch(stderr, /endpointOrigins/);
});

test('AUTH-20 what was asked for in vain is told', async () => {
  const { code, stderr } = await loginAt({}, '--scope', 'openid profile companies offline_access');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Note: the server did not grant companies\./);
});

test('AUTH-20 a scope without "openid" is refused before anything is asked', async () => {
  for (const scope of ['profile email', 'openid,profile', '']) {
    const { code, stderr, stdout } = await loginAt({}, '--scope', scope);
    assert.equal(code, 2, scope);
    assert.match(stderr, /--scope: expected "openid"/);
    assert.equal(stdout, '');
  }
});

test('DISC-02 plain http names the flag, not the setting', async () => {
  const { code, stderr } = await home.run(['login', '--issuer', 'http://127.0.0.1:9', '--client-id', 'x']);
  assert.equal(code, 1);
  assert.match(stderr, /--issuer: expected an https address \(http on loopback needs --allow-http\)/);
});
