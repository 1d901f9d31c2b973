import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser, signInOverHttp } from '@deskauth/dev-authority/testing';
import { createHome, type Home } from './cli-bench.ts';

let authority: DevAuthority;
before(async () => {
  authority = await startDevAuthority({ port: 0 });
});
after(() => authority?.stop());

const loginArgs = (...more: string[]) => [
  ...['login', '--issuer', authority.issuer, '--client-id', 'deskauth-cli', '--allow-http'],
  ...['--scope', 'openid profile offline_access companies:read', ...more],
];
const europe = { username: 'europe', password: 'deskauth' };

async function inHome(work: (home: Home) => Promise<void>): Promise<void> {
  const home = await createHome();
  await work(home).finally(() => home.remove());
}

test('CLI-01 CLI-04 login --device: the code is approved in another browser, and the session stays', () =>
  inHome(async (home) => {
    const running = home.start(loginArgs('--device'));
    const address = await running.address;
    await createHttpBrowser().approveDevice(address, europe);
    const { code, stdout, stderr } = await running.finished;
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${address}\n`);
    assert.match(
      stderr,
      /1\. Open {3}http:\/\/127\.0\.0\.1:\d+\/device\n {2}2\. Enter {2}[A-Z]{4}-[A-Z]{4}\n/,
    );
    assert.match(stderr, /program "deskauth-cli"/);
    assert.match(stderr, /It asks for: openid profile offline_access companies:read/);
    assert.match(stderr, /Never enter a code that somebody sent you/);
    assert.match(stderr, /Signed in as Europe Analyst\./);
    assert.doesNotMatch(stderr + stdout, /eyJ|device_code/);
    assert.equal(JSON.parse((await home.run(['whoami', '--json'])).stdout).sub, 'user-europe');
  }));

test('CLI-01 refused on the other device: said, with an exit code', () =>
  inHome(async (home) => {
    const running = home.start(loginArgs('--device'));
    const refused = createHttpBrowser().approveDevice(await running.address, {
      ...europe,
      consent: 'refuse',
    });
    await assert.rejects(refused, /The sign-in stopped/);
    const { code, stderr } = await running.finished;
    assert.equal(code, 1);
    assert.match(stderr, /AUTH_ACCESS_DENIED/);
  }));

test('CLI-04 a client that is not registered for it gets no code', () =>
  inHome(async (home) => {
    const args = [
      'login',
      '--device',
      '--issuer',
      authority.issuer,
      '--client-id',
      'deskauth-desktop',
      '--allow-http',
    ];
    const { code, stdout, stderr } = await home.run(args);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /AUTH_REQUEST_REJECTED/);
  }));

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`CLI-07 ${signal} while the code waits ends the command`, () =>
    inHome(async (home) => {
      const running = home.start(loginArgs('--device'));
      await running.address;
      running.child.kill(signal);
      const { code, stderr } = await running.finished;
      assert.equal(code, 1);
      assert.match(stderr, /cancelled/);
    }));

const NOWHERE = { DISPLAY: '', WAYLAND_DISPLAY: '', BROWSER: '' };

test('OPEN-04 CLI-04 over SSH the address is given to copy, the device code is named and not chosen', () =>
  inHome(async (home) => {
    const running = home.start(loginArgs(), { ...NOWHERE, SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' });
    let said = '';
    await new Promise<void>((resolve) => {
      running.child.stderr?.on('data', (text: string) => {
        said += text;
        if (said.includes('--device')) resolve();
      });
    });
    running.child.kill('SIGINT');
    const { stderr } = await running.finished;
    assert.match(stderr, /No browser can be opened here: you are connected over SSH\./);
    assert.match(stderr, /\/authorize\?\S+/);
  }));

test(
  'OPEN-08 a hostile BROWSER starts no shell, and what it names gets the address as one argument',
  {
    skip: process.platform === 'win32' && 'the browser is a shell script here',
  },
  () =>
    inHome(async (home) => {
      const program = `/tmp/deskauth-browser-${process.pid}`;
      const noted = `${program}.noted`;
      await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${noted}.new && mv ${noted}.new ${noted}\n`);
      await chmod(program, 0o755);
      const running = home.start(loginArgs(), { ...NOWHERE, BROWSER: `${program} ;touch $HOME/pwned; %s` });
      let text = '';
      while (!text) text = await readFile(noted, 'utf8').catch(() => '');
      running.child.kill('SIGINT');
      await running.finished;
      assert.match(text, /^;touch\n\$HOME\/pwned;\nhttp:\/\/127\.0\.0\.1:\d+\/authorize\?\S+\n$/);
      assert.ok(!(await readdir(home.directory)).includes('pwned'));
      await Promise.all([rm(program), rm(noted)]);
    }),
);

test('D09 interstitial prints one page, and needs a scheme and a name', () =>
  inHome(async (home) => {
    const { code, stdout } = await home.run([
      'interstitial',
      '--scheme',
      'com.example.app',
      '--name',
      'Example <App>',
    ]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^<!doctype html>[\s\S]*data-target="com\.example\.app:\/callback"[\s\S]*<\/html>\n$/,
    );
    assert.match(stdout, /Example &#60;App&#62;/);
    assert.equal((await home.run(['interstitial', '--scheme', 'com.example.app'])).code, 2);
    const branded = ['interstitial', '--scheme', 'com.example.app', '--name', 'x', '--accent', '#a3004f'];
    assert.match((await home.run([...branded, '--accent', '#ff8ac2'])).stdout, /#a3004f[\s\S]*#ff8ac2/);
    assert.match((await home.run(branded)).stderr, /^--accent: #a3004f is hardly seen on a dark page/);
    assert.match((await home.run([...branded, '--logo', 'gone.svg'])).stderr, /gone\.svg cannot be read/);
    const bad = await home.run(['interstitial', '--scheme', 'javascript', '--name', 'x']);
    assert.match(bad.stderr, /^--scheme: expected your domain[\s\S]*AUTH_SETTINGS_INVALID/);
  }));

test('CLI-09 nothing that is typed or piped is taken for an answer', () =>
  inHome(async (home) => {
    const { stdout: help } = await home.run(['--help']);
    assert.doesNotMatch(help, /paste|--code|--response|--callback/i);
    const running = home.start(loginArgs('--no-browser'), {}, 'pipe');
    const address = await running.address;
    const { redirectTo } = await signInOverHttp(address, europe);
    running.child.stdin?.write(`${redirectTo}\n${new URL(redirectTo).searchParams.get('code')}\n`);
    assert.equal(running.child.exitCode, null);
    running.child.kill('SIGINT');
    assert.equal((await running.finished).code, 1);
    assert.equal((await home.run(['whoami'])).code, 1);
  }));

test('CLI-10 two terminals that sign in together both succeed, and one session is kept whole', () =>
  inHome(async (home) => {
    const terminals = [home.start(loginArgs('--no-browser')), home.start(loginArgs('--no-browser'))];
    await Promise.all(
      terminals.map(async ({ address }) =>
        signInOverHttp(await address, { ...europe, followRedirect: true }),
      ),
    );
    for (const { finished } of terminals) assert.equal((await finished).code, 0, (await finished).stderr);
    const { sub } = JSON.parse((await home.run(['whoami', '--json'])).stdout);
    assert.equal(sub, 'user-europe');
    assert.equal((await home.run(['expire', 'access-token'])).code, 0);
    const [one, two] = await Promise.all([home.run(['whoami']), home.run(['whoami'])]);
    assert.deepEqual([one.code, two.code], [0, 0], one.stderr + two.stderr);
  }));
