import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser, signInOverHttp } from '@deskauth/dev-authority/testing';
import { type SampleApi, startSampleApi } from '@deskauth/sample-api';
import { createHome, type Home } from './cli-bench.ts';

let authority: DevAuthority;
let api: SampleApi;

before(async () => {
  authority = await startDevAuthority({ port: 0 });
  const { issuer, apiAudience: audience } = authority;
  api = await startSampleApi({ port: 0, issuer, audience, allowHttp: true, logLevel: 'silent' });
});
after(async () => {
  await api?.stop();
  await authority?.stop();
});

const scope = 'openid profile email offline_access companies:read transactions:read';
const loginArgs = (...more: string[]) => [
  ...['login', '--issuer', authority.issuer, '--client-id', 'deskauth-cli', '--scope', scope],
  ...['--allow-http', '--no-browser', ...more],
];
const europe = { username: 'europe', password: 'deskauth', followRedirect: true };

/** Runs work in a home of its own. */
async function inHome(work: (home: Home) => Promise<void>): Promise<void> {
  const home = await createHome();
  await work(home).finally(() => home.remove());
}

async function login(home: Home, ...more: string[]) {
  const running = home.start(loginArgs(...more));
  const { responseText } = await signInOverHttp(await running.address, europe);
  return { ...(await running.finished), responseText };
}

test('ENV-07 login, whoami, call, expire, logout: one session across commands', () =>
  inHome(async (home) => {
    const { code, stdout, stderr, responseText } = await login(home);
    assert.equal(code, 0, stderr);
    assert.match(responseText ?? '', /You are signed in as Europe Analyst/);
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/authorize\?\S+\n$/);
    assert.match(stderr, /Signed in as Europe Analyst\./);
    assert.match(
      stderr,
      /key in a file .* The keyring of this computer cannot be used: there is no D-Bus session/,
    );

    const who = await home.run(['whoami', '--json']);
    assert.equal(who.code, 0, who.stderr);
    const { sub, issuer, storage } = JSON.parse(who.stdout);
    assert.deepEqual([sub, issuer, storage], ['user-europe', authority.issuer, 'key-file']);

    const list = await home.run(['call', `${api.url}/api/companies`]);
    assert.equal(list.code, 0, list.stderr);
    assert.ok(JSON.parse(list.stdout).length > 0);

    assert.equal((await home.run(['expire', 'access-token'])).code, 0);
    assert.equal(
      (await home.run(['call', `${api.url}/private`])).stdout,
      'Only authenticated users can read this message',
    );

    assert.equal((await home.run(['expire', 'session'])).code, 0);
    const over = await home.run(['call', `${api.url}/private`]);
    assert.equal(over.code, 1);
    assert.match(over.stderr, /AUTH_SESSION_EXPIRED/);

    assert.equal((await login(home)).code, 0);
    assert.equal((await home.run(['logout'])).code, 0);
    const nobody = await home.run(['whoami']);
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /Nobody is signed in/);
  }));

test('REF-27 OUT-09 two accounts in one terminal: each command means one, and logout ends one', () =>
  inHome(async (home) => {
    for (const username of ['europe', 'global']) {
      const running = home.start(loginArgs('--account', username));
      await signInOverHttp(await running.address, { ...europe, username });
      assert.equal((await running.finished).code, 0);
    }
    const nameOf = async (account: string) => {
      const { stdout } = await home.run(['whoami', '--account', account]);
      return stdout.split('\n')[0];
    };
    assert.equal(await nameOf('europe'), 'Europe Analyst');
    assert.equal(await nameOf('global'), 'Global Manager');
    assert.match(
      (await home.run(['accounts'])).stdout,
      /^europe\tEurope Analyst\t.+\nglobal\tGlobal Manager\t/,
    );

    assert.equal((await home.run(['logout', '--account', 'europe'])).code, 0);
    assert.equal((await home.run(['whoami', '--account', 'europe'])).code, 1);
    assert.equal((await home.run(['whoami'])).code, 1);
    assert.equal(await nameOf('global'), 'Global Manager');
    assert.doesNotMatch((await home.run(['accounts'])).stdout, /europe/);
    assert.equal((await home.run(['whoami', '--account', '../x'])).code, 2);
  }));

test('OUT-07 D17 logout --at-server ends the session in the browser too, and the next login asks who it is', () =>
  inHome(async (home) => {
    const browser = createHttpBrowser();
    const visit = async (username: 'europe' | 'global') => {
      const running = home.start(loginArgs());
      await browser.signIn(await running.address, { ...europe, username });
      return (await running.finished).stderr;
    };
    assert.match(await visit('europe'), /Europe Analyst/);
    const out = home.start(['logout', '--at-server', '--no-browser']);
    const back = await browser.signOut(await out.address);
    assert.match(back ? await (await fetch(back)).text() : '', /You are signed out/);
    const { code, stderr } = await out.finished;
    assert.equal(code, 0);
    assert.match(stderr, /Europe Analyst is signed out\.\n.*revoked the tokens\.\n.*browser has ended too/);
    assert.match(await visit('global'), /Global Manager/);
  }));

test('D06 logout --at-server comes back at the ports of the login', () =>
  inHome(async (home) => {
    const port = await freePort();
    await login(home, '--redirect-port', String(port));
    const out = home.start(['logout', '--at-server', '--no-browser']);
    const back = new URL(await out.address).searchParams.get('post_logout_redirect_uri');
    assert.equal(back, `http://127.0.0.1:${port}/signed-out`);
    out.child.kill('SIGINT');
    await out.finished;
  }));

test('Z02 authority --profile says how to sign in with the ways of that provider', () =>
  inHome(async (home) => {
    const told = async (profile: string) => {
      const running = home.start([
        'authority',
        '--profile',
        profile,
        '--port',
        '0',
        '--directory',
        home.directory,
      ]);
      const issuer = await running.address;
      running.child.kill('SIGTERM');
      const { stderr } = await running.finished;
      return stderr.replaceAll(issuer, 'ISSUER').replaceAll(new URL(issuer).origin, 'ORIGIN');
    };
    const cognito = await told('cognito');
    assert.match(cognito, /with the ways of Amazon Cognito/);
    const flags = '--redirect-host localhost --redirect-path / --sign-out-path / --redirect-port 8001 ';
    assert.ok(cognito.includes(`--issuer ISSUER --client-id deskauth-cli --allow-http ${flags}`), cognito);
    assert.match(await told('google'), /Try: DESKAUTH_CLIENT_SECRET=\S+ deskauth login/);
    assert.match(await told('b2c'), /--metadata-address ORIGIN\/companies\.onmicrosoft\.com/);
    const wrong = await home.run(['authority', '--profile', 'octa']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /expected one of standard, okta,/);
  }));

/** The system gave it and took it back: the number beside a taken one may be another test's. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('OUT-01 D17 logout without a network: signed out here, said so, and brought to its end by the next one', () =>
  inHome(async (home) => {
    const own = await startDevAuthority({ port: 0 });
    const args = ['login', '--issuer', own.issuer, '--client-id', 'deskauth-cli', '--scope', scope];
    const running = home.start([...args, '--allow-http', '--no-browser']);
    await signInOverHttp(await running.address, europe);
    assert.equal((await running.finished).code, 0);
    await own.stop();

    const offline = await home.run(['logout']);
    assert.equal(offline.code, 0);
    assert.match(offline.stderr, /Europe Analyst is signed out\.\n.*out of reach.*run this again/);
    assert.equal((await home.run(['whoami'])).code, 1);

    const back = await startDevAuthority({ port: Number(new URL(own.issuer).port) });
    const again = await home.run(['logout']);
    await back.stop();
    assert.equal(again.code, 0);
    assert.match(again.stderr, /Nobody was signed in\.\n.*revoked the tokens/);
    assert.deepEqual(
      [...(await readTree(home.directory))].filter(([, text]) => text !== ''),
      [],
    );
  }));

test('SUP-01 STORE-02 STORE-17 no token on stdout, stderr or disk, and nothing left after logout', () =>
  inHome(async (home) => {
    const { stdout, stderr } = await login(home);
    const files = await readTree(home.directory);
    const session = [...files].find(([name]) => name.endsWith('.session'))?.[1] ?? '';
    assert.ok(session.length > 500);
    for (const text of [stdout, stderr, ...files.values()]) {
      assert.doesNotMatch(text, /eyJ[\w-]{20,}\.eyJ/, 'a JWT in the clear');
      assert.doesNotMatch(text, /refreshToken|refresh_token|accessToken/);
    }
    await home.run(['logout']);
    const left = [...(await readTree(home.directory))].filter(([, text]) => text !== '');
    assert.deepEqual(left, []);
  }));

test('--redirect-port and --redirect-path make the redirect URI; a taken port means the next', () =>
  inHome(async (home) => {
    const [taken, left] = [createServer(), createServer()].map((server) => server.listen(0, '127.0.0.1'));
    assert.ok(taken && left);
    await Promise.all([taken, left].map((server) => server.listening || once(server, 'listening')));
    const [port, free] = [taken, left].map((server) => (server.address() as { port: number }).port);
    // The system gave it and takes it back: the number beside the taken one may be another test's.
    await new Promise((resolve) => left.close(resolve));
    const running = home.start(loginArgs('--redirect-port', String(port), '--redirect-port', String(free)));
    const redirectUri = new URL(await running.address).searchParams.get('redirect_uri');
    assert.equal(redirectUri, `http://127.0.0.1:${free}/callback`);
    running.child.kill('SIGINT');
    await running.finished;

    const alone = await home.run(loginArgs('--redirect-port', String(port)));
    assert.equal(alone.code, 1);
    assert.match(alone.stderr, new RegExp(`127.0.0.1:${port}.*\\n.*Close the program`));
    taken.close();

    const other = home.start(loginArgs('--redirect-path', '/oauth/done'));
    assert.match(new URL(await other.address).searchParams.get('redirect_uri') ?? '', /:\d+\/oauth\/done$/);
    other.child.kill('SIGTERM');
    assert.notEqual((await other.finished).code, 0);
  }));

test('AUTH-15 a refused consent is said in the terminal and in the browser', () =>
  inHome(async (home) => {
    const running = home.start(loginArgs());
    const { responseText } = await signInOverHttp(await running.address, { ...europe, consent: 'refuse' });
    const { code, stderr } = await running.finished;
    assert.equal(code, 1);
    assert.match(stderr, /AUTH_ACCESS_DENIED/);
    assert.match(responseText ?? '', /The sign-in did not succeed/);
  }));

test('CLI-07 Ctrl-C frees the port and ends with an exit code', () =>
  inHome(async (home) => {
    const running = home.start(loginArgs());
    const redirectUri = new URL(await running.address).searchParams.get('redirect_uri') ?? '';
    running.child.kill('SIGINT');
    const { code, stderr } = await running.finished;
    assert.equal(code, 1);
    assert.match(stderr, /cancelled/);
    await assert.rejects(fetch(redirectUri));
  }));

test('a wrong issuer, a dead server and plain http each give a message to act on', () =>
  inHome(async (home) => {
    const attempt = (issuer: string, ...more: string[]) =>
      home.run(['login', '--issuer', issuer, '--client-id', 'x', '--no-browser', ...more]);
    const slash = await attempt(`${authority.issuer}/`, '--allow-http');
    assert.equal(slash.code, 1);
    assert.match(slash.stderr, /AUTH_ISSUER_MISMATCH/);
    assert.ok(
      slash.stderr.includes(`${authority.issuer}.`) && slash.stderr.includes(`${authority.issuer}/,`),
      slash.stderr,
    );
    const dead = await attempt('http://127.0.0.1:9', '--allow-http');
    assert.match(dead.stderr, /Could not reach http:\/\/127\.0\.0\.1:9[\s\S]*AUTH_NETWORK/);
    const plain = await attempt(authority.issuer);
    assert.match(plain.stderr, /allowHttp|--allow-http/);
    const missing = await home.run(['login']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /--issuer URL and --client-id ID go together/);
  }));

test('CLI-08 no flag takes a token or a secret', () =>
  inHome(async (home) => {
    const { stdout } = await home.run(['--help']);
    assert.doesNotMatch(stdout, /--\S*(token|secret|password|code)\b/);
    assert.equal((await home.run(loginArgs('--client-secret', 'x'))).code, 2);
  }));

async function readTree(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}
