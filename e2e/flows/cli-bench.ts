import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../../packages/cli/bin/deskauth.js');

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface Running {
  readonly child: ChildProcess;
  /** The first line on stdout that is an address. */
  readonly address: Promise<string>;
  /** The first line on stderr that is an address. */
  readonly addressForPerson: Promise<string>;
  readonly finished: Promise<Finished>;
}

/** A home of its own for the commands of one test. */
export interface Home {
  /** @param stdin 'pipe' for a command that is given something to read @default 'ignore' */
  start(args: readonly string[], env?: NodeJS.ProcessEnv, stdin?: 'ignore' | 'pipe'): Running;
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished>;
  readonly directory: string;
  remove(): Promise<void>;
}

/** Creates a throw-away home without a keyring, so that a test never touches the real one. */
export async function createHome(): Promise<Home> {
  const directory = await mkdtemp(join(tmpdir(), 'deskauth cli ü-'));
  const start: Home['start'] = (args, env = {}, stdin = 'ignore') => {
    const { DBUS_SESSION_BUS_ADDRESS: _keyring, XDG_DATA_HOME: _data, ...machine } = process.env;
    const child = spawn(process.execPath, [BIN, ...args], {
      stdio: [stdin, 'pipe', 'pipe'],
      env: { ...machine, HOME: directory, USERPROFILE: directory, ...env },
    });
    return follow(child);
  };
  return {
    directory,
    start,
    run: (args, env) => start(args, env).finished,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function follow(child: ChildProcess): Running {
  const read = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      read[name] += text;
    });
  const finished = new Promise<Finished>((resolve) =>
    child.once('close', (code) => resolve({ code, ...read })),
  );
  const addressOn = (name: 'stdout' | 'stderr') => {
    const address = new Promise<string>((resolve, reject) => {
      child[name]?.on('data', () => {
        const found = /^https?:\S+$/m.exec(read[name]);
        if (found) resolve(found[0]);
      });
      finished.then(() => reject(new Error(`no address on ${name}; stderr: ${read.stderr}`)));
    });
    address.catch(() => {});
    return address;
  };
  return { child, address: addressOn('stdout'), addressForPerson: addressOn('stderr'), finished };
}
