import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isLinuxSchemeRegistered, registerLinuxScheme, unregisterLinuxScheme } from '@deskauth/node';
import { buildDesktopEntry } from '../src/linux-scheme.ts';
import { makeDirectory } from './make-directory.ts';

const missing = ['xdg-mime', 'update-desktop-database', 'desktop-file-validate', 'gio'].filter(
  (program) => spawnSync('which', [program]).status !== 0,
);
const skip =
  process.platform !== 'linux'
    ? 'desktop files are of Linux'
    : missing.length > 0 && `not installed here: ${missing.join(', ')}`;

const scheme = 'com.example.linux-scheme';

/** A home of its own for this process and what it starts. */
async function makeHome(t: TestContext): Promise<string> {
  const home = await makeDirectory(t);
  const names = ['HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CURRENT_DESKTOP', 'DISPLAY'] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  t.after(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  for (const name of names) delete process.env[name];
  process.env.HOME = home;
  return home;
}

/** A program that writes down its arguments, one for each line. */
async function makeProgram(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const program = join(folder, 'app');
  const noted = `"$(dirname "$0")/noted"`;
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${noted}.new && mv ${noted}.new ${noted}\n`);
  await chmod(program, 0o755);
  return program;
}

async function noted(program: string): Promise<string[]> {
  for (;;) {
    const text = await readFile(join(program, '../noted'), 'utf8').catch(() => undefined);
    if (text !== undefined) return text.trimEnd().split('\n');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('D07 LINK-11 a link opens the registered app, which gets it as one argument', { skip }, async (t) => {
  const home = await makeHome(t);
  const program = await makeProgram(join(home, 'bin'));
  assert.equal(await isLinuxSchemeRegistered(scheme), false);
  await registerLinuxScheme({ scheme, appName: 'Companies', command: [program, '--flag'] });
  assert.equal(await isLinuxSchemeRegistered(scheme), true);
  const link = `${scheme}:/callback?code=a%20b&state=$HOME;x`;
  // Without a screen xdg-open asks no scheme handlers; nothing is shown on this one.
  execFileSync('xdg-open', [link], { env: { ...process.env, DISPLAY: ':99' } });
  assert.deepEqual(await noted(program), ['--flag', link]);
});

test('P16 a command with spaces and other signs, as an AppImage in a named folder has', {
  skip,
}, async (t) => {
  const home = await makeHome(t);
  const program = await makeProgram(join(home, `My "Apps" $HOME \`x\` \\o/`));
  await registerLinuxScheme({
    scheme,
    appName: 'Com\\panies\nExec=evil',
    command: [program, '--name=a b%u'],
  });
  const file = join(home, '.local/share/applications', `${scheme}.link.desktop`);
  execFileSync('desktop-file-validate', [file]);
  const link = `${scheme}:/callback?code=1&state=2`;
  execFileSync('gio', ['open', link]);
  assert.deepEqual(await noted(program), ['--name=a b%u', link]);
});

test('LINK-14 registering twice writes once; another command replaces the first', { skip }, async (t) => {
  const home = await makeHome(t);
  const app = { scheme, appName: 'Companies', command: ['/usr/bin/true'] as const };
  await registerLinuxScheme(app);
  const file = join(home, '.local/share/applications', `${scheme}.link.desktop`);
  const { mtimeMs } = await stat(file);
  await registerLinuxScheme(app);
  assert.equal((await stat(file)).mtimeMs, mtimeMs);
  await registerLinuxScheme({ ...app, command: ['/usr/bin/false'] });
  assert.match(await readFile(file, 'utf8'), /^Exec=\/usr\/bin\/false %u$/m);
});

test('LINK-13 an app that takes the scheme later is noticed', { skip }, async (t) => {
  const home = await makeHome(t);
  await registerLinuxScheme({ scheme, appName: 'Companies', command: ['/usr/bin/true'] });
  const folder = join(home, '.local/share/applications');
  const other = buildDesktopEntry({ scheme, appName: 'Other', command: ['/usr/bin/false'] });
  await writeFile(join(folder, 'other.desktop'), other);
  execFileSync('xdg-mime', ['default', 'other.desktop', `x-scheme-handler/${scheme}`]);
  assert.equal(await isLinuxSchemeRegistered(scheme), false);
  await registerLinuxScheme({ scheme, appName: 'Companies', command: ['/usr/bin/true'] });
  assert.equal(await isLinuxSchemeRegistered(scheme), true);
});

test('D07 removal leaves no desktop file and no default behind', { skip }, async (t) => {
  const home = await makeHome(t);
  await unregisterLinuxScheme(scheme);
  await registerLinuxScheme({ scheme, appName: 'Companies', command: ['/usr/bin/true'] });
  await unregisterLinuxScheme(scheme);
  assert.equal(await isLinuxSchemeRegistered(scheme), false);
  const left = await readdir(join(home, '.local/share/applications'));
  assert.ok(!left.some((name) => name.endsWith('.desktop')), String(left));
  const config = await readFile(join(home, '.config/mimeapps.list'), 'utf8').catch(() => '');
  assert.ok(!config.includes(scheme), config);
});

test('LINK-05 a hostile scheme name or command becomes no file', { skip }, async (t) => {
  const home = await makeHome(t);
  const command = ['/usr/bin/true'] as const;
  await assert.rejects(registerLinuxScheme({ scheme: '../../x.y', appName: 'x', command }), {
    code: 'AUTH_SETTINGS_INVALID',
  });
  const split: readonly [string, string] = ['/usr/bin/true', 'a\nTerminal=true'];
  await assert.rejects(registerLinuxScheme({ scheme, appName: 'x', command: split }), /control characters/);
  assert.deepEqual(await readdir(home), []);
});
