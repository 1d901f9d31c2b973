import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Place } from '../api/place.ts';
import type { Order } from './worker.ts';

/** What a caller got: a status, nothing for as long as anybody waits, or a cut connection. */
export type Answer = number | 'silence' | 'cut';

/** How long a caller waits for an answer, in seconds. */
export const PATIENCE_SECONDS = 10;

/** A busy machine may take that long to load a library. */
const START_SECONDS = 60;

/** One guarded API in a process of its own, so that a hang or a crash hurts nobody else. */
export interface ApiProcess {
  /** Starts the API anew, as if nobody had ever called it. */
  start(place: Place): Promise<void>;
  call(token: string): Promise<Answer>;
  /** How many signatures it has checked so far. */
  checks(): Promise<number>;
  stop(): void;
}

/** @param name the name of its server in `bench/api` */
export function createApiProcess(name: string): ApiProcess {
  let child: ChildProcess | undefined;
  let port = 0;
  const ask = async (order: Order): Promise<number> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) child = forkWorker();
    child.send(order);
    const reply = await nextMessage(child);
    // A library that takes its process down with it begins anew.
    if (reply === undefined) child.kill('SIGKILL');
    return reply ?? ask(order);
  };
  return {
    async start(place) {
      port = await ask({ start: name, place });
    },
    call: (token) => callOnce(`http://127.0.0.1:${port}/private`, token),
    checks: () => ask({ count: 'checks' }),
    stop: () => void child?.kill('SIGKILL'),
  };
}

function forkWorker(): ChildProcess {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
  return fork(worker, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}

/** What it says next; undefined when it dies before that, or says nothing. */
async function nextMessage(child: ChildProcess): Promise<number | undefined> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const timer = setTimeout(() => waiting.abort(), START_SECONDS * 1000);
  const replied = once(child, 'message', { signal }).then(([reply]: number[]) => reply);
  const exited = once(child, 'exit', { signal }).then(() => undefined);
  const reply = await Promise.race([replied, exited]).catch(() => undefined);
  clearTimeout(timer);
  waiting.abort();
  await Promise.allSettled([replied, exited]);
  return reply;
}

async function callOnce(url: string, token: string): Promise<Answer> {
  const signal = AbortSignal.timeout(PATIENCE_SECONDS * 1000);
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return signal.aborted ? 'silence' : 'cut';
  }
}
