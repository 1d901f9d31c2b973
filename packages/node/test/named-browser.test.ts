import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { browserOfVariable, systemBrowser, windowsBrowser } from '@deskauth/node';
import { makeDirectory } from './make-directory.ts';

test('OPEN-08 BROWSER is cut at spaces and never given to a shell', () => {
  const url = 'https://login.example.com/?a=$&b=%s';
  const commandOf = (BROWSER: string) => browserOfVariable({ BROWSER })?.(url);
  assert.deepEqual(commandOf('firefox'), ['firefox', url]);
  assert.deepEqual(commandOf('firefox:chromium'), ['firefox', url]);
  assert.deepEqual(commandOf(' chromium  --new-window %s '), ['chromium', '--new-window', url]);
  assert.deepEqual(commandOf('sh -c "touch pwned; $(x) %s"'), [
    'sh',
    '-c',
    '"touch',
    'pwned;',
    '$(x)',
    `${url}"`,
  ]);
  assert.equal(commandOf(''), undefined);
  assert.equal(browserOfVariable({}), undefined);
});

test('OPEN-08 a launcher of a desktop app does not see BROWSER', {
  skip: process.platform === 'win32' && 'the launcher is a shell script here',
}, async (t) => {
  const launcher = join(await makeDirectory(t), 'launcher');
  await writeFile(launcher, `#!/bin/sh\nprintf '%s' "[$BROWSER]" > "$0.new" && mv "$0.new" "$0.noted"\n`);
  await chmod(launcher, 0o755);
  const before = process.env.BROWSER;
  t.after(() => {
    if (before === undefined) delete process.env.BROWSER;
    else process.env.BROWSER = before;
  });
  process.env.BROWSER = 'evil %s';
  await systemBrowser((url) => [launcher, url]).open('https://login.example.com/');
  assert.equal(await readFile(`${launcher}.noted`, 'utf8'), '[]');
});

test('OPEN-04 the browser of Windows is started from WSL without a shell', () => {
  const url = 'https://login.example.com/?a=1&calc.exe';
  assert.deepEqual(windowsBrowser(url), ['rundll32.exe', 'url.dll,FileProtocolHandler', url]);
});
