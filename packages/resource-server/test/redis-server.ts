import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createRedisStore } from '../src/redis.ts';

/** For `test(name, { skip })`: why there is no Redis, if there is none. */
export const withoutRedis =
  spawnSync('redis-server', ['--version']).status === 0 ? false : 'redis-server is not installed here';

/** A real Redis of its own on a socket in a new folder; ends with the test. */
export async function startRedis(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'deskauth-redis-'));
  const path = join(folder, 'redis.sock');
  let server: ChildProcess | undefined;
  const clients: Redis[] = [];
  const connect = () => {
    const client = new Redis(path, { retryStrategy: () => 50 });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const redis = {
    connect,
    /** A second level of one instance. */
    store() {
      const store = createRedisStore(connect());
      t.after(() => store.close());
      return store;
    },
    async start() {
      const files = ['--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
      server = spawn('redis-server', ['--port', '0', '--unixsocket', path, ...files], { stdio: 'ignore' });
      const probe = connect();
      await probe.ping();
    },
    signal: (signal: NodeJS.Signals) => server?.kill(signal),
    async stop() {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const ended = new Promise((resolve) => server?.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
    },
    /** All that anybody with access to Redis can see, names and values. */
    async dump(): Promise<string> {
      const client = connect();
      const seen: string[] = [];
      for (const name of await client.keys('*')) {
        const isLog = (await client.type(name)) === 'stream';
        seen.push(
          name,
          isLog ? JSON.stringify(await client.xrange(name, '-', '+')) : String(await client.get(name)),
        );
      }
      return seen.join('\n');
    },
  };
  t.after(async () => {
    for (const client of clients) client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true });
  });
  await redis.start();
  return redis;
}

/** Waits for what other processes have to do first. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}
