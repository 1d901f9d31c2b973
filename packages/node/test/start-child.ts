import { type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** A process of its own that runs a file of `children/`. */
export interface Child {
  readonly pid: number;
  /** The next line that it prints. @throws when it ends first, with what it said on stderr */
  nextLine(): Promise<string>;
  say(line: string): void;
  kill(): void;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** How a child runs. */
export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Command and arguments in front of node's: `['dbus-run-session', '--']`. */
  readonly within?: readonly string[];
}

/** The command line that runs this file of `children/`. */
export function childCommand(file: string, args: readonly string[] = []): [string, ...string[]] {
  const path = fileURLToPath(new URL(`children/${file}`, import.meta.url));
  return [process.execPath, '--conditions=source', path, ...args];
}

/** Starts a {@link Child} that goes away with the test. */
export function startChild(
  t: TestContext,
  file: string,
  args: readonly string[] = [],
  { env, within = [] }: ChildOptions = {},
): Child {
  const [program = '', ...rest] = [...within, ...childCommand(file, args)];
  const options: SpawnOptions = { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } };
  const child = spawn(program, rest, options);
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  const lines = child.stdout && createInterface(child.stdout)[Symbol.asyncIterator]();
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    ended,
    say: (line) => void child.stdin?.write(`${line}\n`),
    kill: () => void child.kill('SIGKILL'),
    async nextLine() {
      const line = await lines?.next();
      if (line && !line.done) return line.value;
      throw new Error(`${file} ended (${await ended}): ${complaints}`);
    },
  };
}
