import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { requireBrowsable, systemBrowser } from '@deskauth/node';
import { makeDirectory } from './make-directory.ts';
import { startChild } from './start-child.ts';
import { namesIn } from './store-fixture.ts';

const POSIX = { skip: process.platform === 'win32' && 'launchers are shell scripts here' };
const NOT_OPENED = { code: 'AUTH_BROWSER_NOT_OPENED' };

/** A launcher program with this text, in a directory of its own. */
async function makeLauncher(t: TestContext, script: string, name = 'launcher') {
  const directory = await makeDirectory(t);
  const launcher = join(directory, name);
  await writeFile(launcher, `#!/bin/sh\ncd "${directory}"\n${script}\n`);
  await chmod(launcher, 0o755);
  return { directory, launcher };
}

/** Writes down how many arguments there were, and each of them. */
const NOTE_ARGUMENTS = `printf '%s\\n' "$#" "$@" > noted.tmp && mv noted.tmp noted`;

async function argumentsNoted(directory: string): Promise<string[]> {
  const [count, ...rest] = (await readFile(join(directory, 'noted'), 'utf8')).trimEnd().split('\n');
  assert.equal(Number(count), rest.length);
  return rest;
}

const METACHARACTERS = [
  'https://login.example.com/a?x=$(touch%20pwned)&y=`touch pwned`;touch pwned|touch pwned>pwned',
  `https://login.example.com/?q='"; touch pwned; echo "'`,
  'https://login.example.com/?a=1&b=%SystemRoot%&c=^&calc.exe',
  'https://login.example.com/--gpu-launcher=touch%20pwned?-x --y=z',
  'https://login.example.com/?glob=*&home=~&var=$HOME&brace={a,b}',
];
for (const address of METACHARACTERS)
  test(`DISC-04 reaches the launcher as one argument: ${address.slice(25)}`, POSIX, async (t) => {
    const { directory, launcher } = await makeLauncher(t, NOTE_ARGUMENTS);
    await systemBrowser((url) => [launcher, '--new-window', url]).open(address);
    assert.deepEqual(await argumentsNoted(directory), ['--new-window', new URL(address).href]);
    assert.deepEqual((await namesIn(directory)).sort(), ['launcher', 'noted'], 'nothing else was run');
  });

test('the default on Linux is xdg-open, with the address and nothing else', {
  skip: process.platform !== 'linux' && 'xdg-open is of Linux',
}, async (t) => {
  const { directory } = await makeLauncher(t, NOTE_ARGUMENTS, 'xdg-open');
  const before = process.env.PATH;
  t.after(() => {
    process.env.PATH = before;
  });
  process.env.PATH = `${directory}:${before}`;
  await systemBrowser().open('https://login.example.com/authorize?a=1&b=2');
  assert.deepEqual(await argumentsNoted(directory), ['https://login.example.com/authorize?a=1&b=2']);
});

const REFUSED = [
  ...['file:///etc/passwd', 'smb://host/share', 'javascript:alert(1)', 'data:text/html,x', 'vbscript:x'],
  ...[
    'ms-settings:network',
    'ms-msdt:/id',
    'mailto:a@example.com',
    'ftp://example.com/',
    'com.example.app:/callback',
  ],
  ...[
    'http://login.example.com/',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
    'http://0.0.0.0/',
  ],
  ...['\\\\host\\share', '//host/share', 'C:\\Windows\\calc.exe', 'calc.exe', '-a', '--help', '', ' '],
  ...[
    'java\tscript:alert(1)',
    ' javascript:alert(1)',
    '\u0000file:///etc/passwd',
    'https://',
    'https://a\u0000b/',
  ],
];
for (const address of REFUSED)
  test(`OPEN-01 DISC-03 does not start a program for ${JSON.stringify(address)}`, async (t) => {
    const { directory, launcher } = await makeLauncher(t, NOTE_ARGUMENTS);
    await assert.rejects(systemBrowser((url) => [launcher, url]).open(address), NOT_OPENED);
    assert.deepEqual(await namesIn(directory), ['launcher']);
  });

test('OPEN-01 opens https anywhere and http on this machine', () => {
  for (const address of [
    'https://login.example.com/x?y=z',
    'http://127.0.0.1:8080/',
    'http://[::1]:8080/',
    'http://localhost:8080/',
  ])
    assert.equal(requireBrowsable(address), address);
});

test('OPEN-03 what was checked is what is opened', () => {
  assert.equal(requireBrowsable(' https://login.example.com/a\tb\nc '), 'https://login.example.com/abc');
  assert.equal(requireBrowsable('HTTPS:\\\\Login.Example.com\\..\\x'), 'https://login.example.com/x');
  assert.equal(requireBrowsable('https://login.example.com/\u0000x'), 'https://login.example.com/%00x');
  assert.equal(requireBrowsable('https://login.example.com/\u202e'), 'https://login.example.com/%E2%80%AE');
});

const FAILS: readonly [name: string, script: string, message: RegExp][] = [
  ['finds no browser (xdg-open ends with 3)', 'exit 3', /launcher ended with 3: no browser could be opened/],
  ['is killed', 'kill -TERM $$', /launcher ended with SIGTERM/],
];
for (const [name, script, message] of FAILS)
  test(`OPEN-04 OPEN-07 a launcher that ${name} is told`, POSIX, async (t) => {
    const { launcher } = await makeLauncher(t, script);
    await assert.rejects(systemBrowser((url) => [launcher, url]).open('https://login.example.com/'), {
      ...NOT_OPENED,
      message,
    });
  });

test('OPEN-04 OPEN-07 a launcher that is not installed, or may not be run, is told', POSIX, async (t) => {
  const { launcher } = await makeLauncher(t, 'exit 0');
  await chmod(launcher, 0o644);
  const open = (program: string) => systemBrowser((url) => [program, url]).open('https://login.example.com/');
  await assert.rejects(open(launcher), { ...NOT_OPENED, message: /could not be started \(EACCES\)/ });
  await assert.rejects(open(`${launcher}-missing`), { ...NOT_OPENED, message: /is not installed/ });
});

test('OPEN-06 an address beyond what the operating system takes is told', POSIX, async (t) => {
  const { launcher } = await makeLauncher(t, 'exit 0');
  const address = `https://login.example.com/?x=${'x'.repeat(4 * 1024 * 1024)}`;
  await assert.rejects(
    systemBrowser((url) => [launcher, url]).open(address),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'AUTH_BROWSER_NOT_OPENED');
      assert.ok(error.message.length < 200, 'the address is not repeated');
      return true;
    },
  );
});

test(
  'OPEN-07 a launcher that stays, as long as the browser is open, keeps neither the sign-in nor the app waiting',
  POSIX,
  async (t) => {
    const { directory, launcher } = await makeLauncher(
      t,
      'timeout 30 head -n 1 release > /dev/null; touch ended',
    );
    const release = join(directory, 'release');
    assert.equal(spawnSync('mkfifo', [release]).status, 0);
    const app = startChild(t, 'open-browser.ts', [launcher]);
    assert.equal(await app.nextLine(), 'opened');
    assert.equal(await app.ended, 0);
    assert.ok(!(await namesIn(directory)).includes('ended'), 'the launcher is still at work');
    await writeFile(release, 'done\n');
    while (!(await namesIn(directory)).includes('ended'))
      await new Promise((resolve) => setTimeout(resolve, 10));
  },
);
