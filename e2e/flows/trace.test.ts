import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { signInOverHttp } from '@deskauth/dev-authority/testing';
import { createNodeSession, loopbackRedirect } from '@deskauth/node';
import { memoryStore } from '@deskauth/session';
import { toText } from '../../packages/cli/src/trace/message.ts';
import { buildPicture } from '../../packages/cli/src/trace/picture.ts';
import { createTrace } from '../../packages/cli/src/trace/trace.ts';
import {
  type Bend,
  createHttpBrowser,
  createKeyRing,
  startHostileAuthority,
} from '../../testing/hostile-authority/src/index.ts';
import { createHome, type Home } from './cli-bench.ts';

let authority: DevAuthority;
let home: Home;
before(async () => {
  authority = await startDevAuthority({ port: 0 });
  home = await createHome();
});
after(async () => {
  await home?.remove();
  await authority?.stop();
});

const traceArgs = (...more: string[]) => [
  ...['trace', '--issuer', authority.issuer, '--client-id', 'deskauth-cli', '--allow-http', '--no-browser'],
  ...more,
];

test('SUP-04 N15 trace writes the messages of a sign-in as text and as a picture, and keeps nobody signed in', async () => {
  const [text, picture] = ['trace.txt', 'trace.svg'].map((name) => join(home.directory, name)) as [
    string,
    string,
  ];
  const running = home.start(traceArgs('--out', text, '--out', picture));
  const address = await running.address;
  await signInOverHttp(address, { username: 'europe', password: 'deskauth', followRedirect: true });
  const { code, stderr } = await running.finished;
  assert.equal(code, 0, stderr);
  const timeline = await readFile(text, 'utf8');
  for (const step of [
    /^\[1\] app → 127\.0\.0\.1:\d+: GET .*openid-configuration$/m,
    /^\[\d+\] app → browser: open http:.*\/authorize$/m,
    /^\[\d+\] browser → app: GET http:\/\/127\.0\.0\.1:PORT\/callback$/m,
    /^\[\d+\] app → .*: POST .*\/token$/m,
    /^\[\d+\] app → browser: page: signed-in$/m,
    /^\[\d+\] app → .*: POST .*\/revoke$/m,
  ])
    assert.match(timeline, step);
  assert.match(timeline, /code_verifier = ‹verifier 1›/);
  const svg = await readFile(picture, 'utf8');
  assert.equal(svg.match(/class="arrow"/g)?.length, timeline.match(/^\[\d+\]/gm)?.length);
  for (const [name, value] of new URL(address).searchParams)
    if (['state', 'nonce', 'code_challenge'].includes(name))
      assert.ok(!timeline.includes(value) && !svg.includes(value), name);
  assert.equal((await home.run(['whoami'])).code, 1);
});

test('SUP-04 trace of a sign-in that fails is written all the same, and what is on stdout can be given away', async () => {
  const running = home.start(traceArgs());
  const refusal = {
    username: 'europe',
    password: 'deskauth',
    consent: 'refuse',
    followRedirect: true,
  } as const;
  const address = await running.addressForPerson;
  await signInOverHttp(address, refusal);
  const { code, stdout, stderr } = await running.finished;
  assert.equal(code, 1);
  for (const name of ['state', 'nonce', 'code_challenge'])
    assert.ok(!stdout.includes(new URL(address).searchParams.get(name) ?? ''), `${name} is on stdout`);
  assert.match(stderr, /AUTH_ACCESS_DENIED/);
  assert.match(stdout, /error = access_denied/);
  assert.match(stdout, /page: failed, AUTH_ACCESS_DENIED/);
});

test('SUP-04 SUP-01 canary: no secret of a sign-in is in a trace, wherever a server repeats it', async () => {
  const echoes: Bend = {
    metadata: (honest) => ({ ...honest, note: 'canary-metadata', nested: { deep: ['canary-nested'] } }),
    token: (honest) => ({
      ...honest,
      hint: honest.access_token,
      scope: `openid ${honest.access_token}`,
      'odd key': { [`x-${'long'.repeat(20)}`]: 'canary-odd' },
    }),
  };
  const server = await startHostileAuthority({ bend: echoes, keys: await createKeyRing() });
  const recorded = createTrace(server.issuer);
  const browser = createHttpBrowser(fetch);
  const store = memoryStore();
  const session = createNodeSession({
    ...{ appName: 'Trace', issuer: server.issuer, clientId: 'desktop', allowHttp: true, store },
    ...{ clientSecret: 'canary-client-secret', parameters: { login_hint: 'canary@example.com' } },
    ...{ browser: recorded.browser(browser), redirect: recorded.redirect(loopbackRedirect()) },
    ...{ fetch: recorded.fetch(fetch), onWarning: () => {} },
  });
  await session.signIn().finished;
  await browser.idle;
  const tokens = (await store.load())?.tokens;
  await session.signOut();
  await server.stop();

  const asked = [
    ...new URL(browser.opened[0] ?? '').searchParams,
    ...server.asked.tokenForms.flatMap((form) => [...form]),
  ];
  const named = new Set([
    'state',
    'nonce',
    'code',
    'code_verifier',
    'code_challenge',
    'refresh_token',
    'login_hint',
  ]);
  const secrets = [
    ...asked.filter(([name]) => named.has(name)).map(([, value]) => value),
    ...[tokens?.accessToken, tokens?.refreshToken, tokens?.idToken, 'canary'].filter(
      (token) => token !== undefined,
    ),
    btoa('desktop:canary-client-secret'),
  ];
  assert.ok(secrets.length >= 9, `${secrets.length} secrets`);
  const text = recorded.messages.map(toText).join('\n');
  const exports = [text, buildPicture(recorded.messages), JSON.stringify(recorded.messages)];
  for (const secret of secrets) for (const one of exports) assert.ok(!one.includes(secret), secret);
  assert.match(text, /access_token": "‹access token 1›"/);
});

test('SUP-04 trace of an issuer that cannot be one says so as login does', async () => {
  const { code, stderr } = await home.run(['trace', '--issuer', 'foo', '--client-id', 'x']);
  assert.equal(code, 1);
  assert.match(stderr, /--issuer: expected an https address/);
});

test('SUP-04 a picture shows a server’s text as text', () => {
  const title = '</text><script>alert(1)</script>&\u0007"';
  const picture = buildPicture([{ number: 1, from: 'app', to: 'server', title, lines: [title] }]);
  assert.ok(!picture.includes('<script'));
  assert.equal(picture.match(/&lt;script&gt;/g)?.length, 2);
});
