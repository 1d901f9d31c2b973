import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startDevAuthority } from '@deskauth/dev-authority';
import { startSampleApi } from '@deskauth/sample-api';
import type { Page } from 'playwright-core';
import { createHome } from '../flows/cli-bench.ts';
import { noBrowser, startBrowser } from './chromium.ts';
import { signInOnPage } from './sign-in-page.ts';

const skip =
  noBrowser ||
  (process.platform === 'linux' ? false : 'the launcher is replaced by a script on PATH, as on Linux');

test('login opens the system browser; a person signs in there and the terminal has their data', {
  skip,
}, async () => {
  const authority = await startDevAuthority({ port: 0 });
  const { issuer, apiAudience: audience } = authority;
  const api = await startSampleApi({ port: 0, issuer, audience, allowHttp: true, logLevel: 'silent' });
  const home = await createHome();
  const browser = await startBrowser();
  try {
    const launcher = await createLauncher(home.directory);
    const scope = 'openid profile offline_access companies:read';
    const running = home.start(
      ['login', '--issuer', issuer, '--client-id', 'deskauth-cli', '--scope', scope, '--allow-http'],
      // A machine with a desktop, as far as the command can tell.
      { PATH: `${launcher.directory}:${process.env.PATH}`, DISPLAY: ':0', BROWSER: '' },
    );
    const page = await browser.newPage();
    await page.goto(await launcher.opened());
    await signInOnPage(page, 'global');
    await page.getByRole('heading', { name: 'You are signed in as Global Manager' }).waitFor();
    assert.equal((await running.finished).code, 0);
    await codeIsGone(page);

    const list = await home.run(['call', `${api.url}/api/companies`]);
    assert.match(list.stdout, /Northwind Turbines/);
  } finally {
    await browser.close();
    await home.remove();
    await api.stop();
    await authority.stop();
  }
});

/** LOOP-19: what is in the address bar is in the history, and in every screenshot. */
async function codeIsGone(page: Page): Promise<void> {
  assert.doesNotMatch(page.url(), /code=|state=/);
  await page.goBack().catch(() => {});
  assert.doesNotMatch(page.url(), /code=/);
}

/** An `xdg-open` that writes down what it was asked to open, and nothing else. */
async function createLauncher(home: string) {
  const directory = join(home, 'bin');
  const record = join(home, 'opened');
  await mkdir(directory);
  await writeFile(
    join(directory, 'xdg-open'),
    `#!/bin/sh\nprintf '%s' "$1" > "$HOME/opened.new" && mv "$HOME/opened.new" "$HOME/opened"\n`,
  );
  await chmod(join(directory, 'xdg-open'), 0o755);
  return {
    directory,
    async opened(): Promise<string> {
      for (;;) {
        const text = await readFile(record, 'utf8').catch(() => '');
        if (text) return text;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
