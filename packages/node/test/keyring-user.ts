import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { makeDirectory } from './make-directory.ts';
import { childCommand } from './start-child.ts';

/** Shell words that start a keyring, open or locked, inside a D-Bus session. */
export const OPEN_KEYRING = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
export const LOCKED_KEYRING = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1';

/** Why there can be no keyring here, if so. */
export function whyNoKeyring(): string | false {
  const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  const missing = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'].filter(
    (program) => !isThere(program),
  );
  return missing.length > 0 && `not installed: ${missing.join(', ')}`;
}

/** A user's home that goes away with the test. */
export async function makeUser(t: TestContext) {
  const home = await makeDirectory(t);
  const data = join(home, 'data');
  const { DBUS_SESSION_BUS_ADDRESS: _bus, XDG_DATA_HOME: _data, DISPLAY: _display, ...rest } = process.env;
  const env = { ...rest, HOME: home, XDG_RUNTIME_DIR: home };

  /** Runs one process for each list of verbs; the lines that they printed, parsed. */
  function run(
    keyring: string | undefined,
    processes: readonly string[][],
    { weakerStorage = 'refuse', bus = [] }: { weakerStorage?: string; bus?: readonly string[] } = {},
  ): unknown[] {
    const child = childCommand('keyring.ts', [data, weakerStorage]);
    const script = [keyring ?? 'true', ...processes.map((verbs) => `"$0" "$@" ${verbs.join(' ')}`)].join(
      '; ',
    );
    const session = keyring === undefined ? [] : ['dbus-run-session', ...bus, '--'];
    const [program = '', ...args] = [...session, 'sh', '-c', script, ...child];
    const { stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', timeout: 60_000 });
    const lines = stdout.split('\n').filter((line) => line !== '');
    assert.equal(lines.length, processes.flat().length, stderr);
    return lines.map((line) => JSON.parse(line));
  }

  return { home, data, env, run };
}
