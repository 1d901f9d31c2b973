import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './load-process.ts';
import type { Place } from './place.ts';

/** Why processes are not tied to a core each, if they are not. */
export const withoutPinning =
  spawnSync('taskset', ['-c', '1', 'true']).status === 0
    ? undefined
    : 'taskset or a second core is missing: server and load share what there is';

const CORES = { server: '0', load: '1' };

/** A server in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  /** Seconds of processor time since it started, and its memory in bytes. */
  usage(): Promise<{ readonly cpuSeconds: number; readonly memory: number }>;
  stop(): void;
}

/** Starts the server of this name. */
export async function startServer(name: string, place: Place): Promise<ServerProcess> {
  const child = start('server-process.ts', CORES.server, [name, JSON.stringify(place)]);
  const { port } = await next<{ port: number }>(child);
  return {
    port,
    usage: () => ask(child, 'usage'),
    stop: () => child.kill('SIGKILL'),
  };
}

/** The one process that all requests come from. */
export interface LoadProcess {
  setTokens(tokens: readonly string[]): Promise<void>;
  /** @throws Error when an answer was another than 200 */
  run(load: Load): Promise<LoadResult>;
  stop(): void;
}

/** Starts the load. */
export function startLoad(): LoadProcess {
  const child = start('load-process.ts', CORES.load, []);
  return {
    setTokens: async (tokens) => void (await ask(child, { tokens })),
    async run(load) {
      const result = await ask<LoadResult | { error: string }>(child, load);
      if ('error' in result) throw new Error(result.error);
      return result;
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** Runs a process that measures memory and says one thing. */
export function askMemoryProcess<T>(distinctTokens: number): Promise<T> {
  return next<T>(start('memory-process.ts', CORES.server, [String(distinctTokens)], ['--expose-gc']));
}

/** The child's own output goes to our error stream: standard output belongs to the result. */
function start(
  file: string,
  core: string,
  words: readonly string[],
  flags: readonly string[] = [],
): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const command = [process.execPath, '--conditions=source', ...flags, path, ...words];
  const [program = '', ...rest] = withoutPinning ? command : ['taskset', '-c', core, ...command];
  return spawn(program, rest, {
    stdio: ['ignore', 2, 'ignore', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

async function next<T>(child: ChildProcess): Promise<T> {
  const done = new AbortController();
  const ended = once(child, 'exit', done).then(() => {
    throw new Error(`A process of the measurement ended: ${child.spawnargs.slice(-2)[0]}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', done), ended]);
    return message as T;
  } finally {
    done.abort();
  }
}

function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  const answer = next<T>(child);
  child.send(message);
  return answer;
}
