import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { signInOverHttp } from '@deskauth/dev-authority/testing';
import { createHome, type Home } from './cli-bench.ts';

// What the command says to somebody who does not know it yet, or has forgotten how things stand.

let authority: DevAuthority;
before(async () => {
  authority = await startDevAuthority({ port: 0 });
});
after(() => authority?.stop());

async function inHome(work: (home: Home) => Promise<void>): Promise<void> {
  const home = await createHome();
  await work(home).finally(() => home.remove());
}

async function login(home: Home, ...more: string[]): Promise<void> {
  const server = ['--issuer', authority.issuer, '--client-id', 'deskauth-cli', '--allow-http'];
  const running = home.start(['login', ...server, '--no-browser', ...more]);
  const europe = { username: 'europe', password: 'deskauth', followRedirect: true };
  await signInOverHttp(await running.address, europe);
  assert.equal((await running.finished).code, 0);
}

/** An API that takes every access token for an expired one. */
async function startRefusingApi() {
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const stop = () => new Promise((resolve) => server.close(resolve));
  return { address: `http://127.0.0.1:${port}/`, stop };
}

test('where nobody is signed in, the whole command is said', () =>
  inHome(async (home) => {
    const { stderr } = await home.run(['login']);
    assert.match(stderr, /deskauth login --issuer https:\/\/\S+ --client-id \S+\n/);
    for (const args of [
      ['whoami'],
      ['logout'],
      ['call', 'https://api.example.com/'],
      ['expire', 'session'],
    ]) {
      const { code, stderr: said } = await home.run(args);
      assert.equal(code, 1);
      assert.match(
        said,
        /Nobody is signed in here\. Start with: deskauth login --issuer URL --client-id ID\n/,
      );
    }
    const known = ['whoami', '--issuer', authority.issuer, '--client-id', 'deskauth-cli', '--allow-http'];
    assert.ok(
      (await home.run(known)).stderr.includes(
        `Start with: deskauth login --issuer ${authority.issuer} --client-id deskauth-cli --allow-http\n`,
      ),
    );
  }));

test('a login that was made with another --account, or without, is named', () =>
  inHome(async (home) => {
    await login(home, '--account', 'work');
    for (const args of [['whoami'], ['logout'], ['call', 'https://api.example.com/']])
      assert.match((await home.run(args)).stderr, /A login was made with --account work: say so/);
    await login(home);
    const { stderr } = await home.run(['whoami', '--account', 'wrok']);
    assert.match(
      stderr,
      /here with --account wrok\. A login was made without --account and with --account work/,
    );
  }));

test('an expired session is told as expired, until the next login or logout', () =>
  inHome(async (home) => {
    await login(home);
    await home.run(['expire', 'session']);
    const api = await startRefusingApi();
    for (const args of [['call', api.address], ['call', api.address], ['whoami'], ['expire', 'session']]) {
      const { code, stderr } = await home.run(args);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /Sign in again with: deskauth login --issuer \S+ --client-id deskauth-cli --allow-http\n/,
      );
      assert.match(stderr, /AUTH_SESSION_EXPIRED/);
    }
    await api.stop();
    assert.match((await home.run(['logout'])).stderr, /^The session had expired before\.\n/);
    assert.match((await home.run(['whoami'])).stderr, /^Nobody is signed in here\./);
    await login(home);
    assert.equal((await home.run(['whoami'])).code, 0);
  }));

test('call speaks of the address that it was given', () =>
  inHome(async (home) => {
    const { code, stderr } = await home.run(['call', 'http://api.example.com/x']);
    assert.equal(code, 2);
    assert.match(stderr, /^call: expected an https address, found "http:\/\/api\.example\.com\/x"\./);
  }));

test('a misspelt option or command is named, with the near one', () =>
  inHome(async (home) => {
    const said = async (...args: string[]) => {
      const { code, stderr } = await home.run(args);
      assert.equal(code, 2);
      return stderr.split('\n')[0];
    };
    assert.equal(await said('login', '--isuer', 'x'), 'unknown option --isuer; near it is --issuer');
    assert.equal(await said('login', '--frobnicate'), 'unknown option --frobnicate');
    assert.equal(await said('login', '-z'), 'unknown option -z');
    assert.equal(await said('logni'), 'There is no command "logni"; near it is login.');
  }));

test('--version, and the help of one command', () =>
  inHome(async (home) => {
    const manifest = join(import.meta.dirname, '../../packages/cli/package.json');
    const { version } = JSON.parse(await readFile(manifest, 'utf8'));
    for (const flag of ['--version', '-v'])
      assert.deepEqual(await home.run([flag]), { code: 0, stdout: `${version}\n`, stderr: '' });
    for (const args of [
      ['authority', '--help'],
      ['help', 'authority'],
    ]) {
      const { code, stdout } = await home.run(args);
      assert.equal(code, 0);
      assert.match(stdout, /^ {2}deskauth authority [\s\S]*--admin[\s\S]*All commands: deskauth --help\n$/);
      assert.doesNotMatch(stdout, /whoami|--scope/);
    }
    assert.match((await home.run(['--help'])).stdout, /deskauth login [\s\S]*--scope[\s\S]*--admin/);
    assert.equal((await home.run(['bogus', '--help'])).code, 2);
  }));
