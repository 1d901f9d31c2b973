import { withinSeconds } from './outage.ts';
import type { ReplayStore } from './replay-store.ts';
import type { SecondLevelStore } from './second-level.ts';

/** What is used of a client of ioredis, 5 or later. */
export interface RedisClient {
  call(command: string, ...parts: (string | number)[]): Promise<unknown>;
  duplicate(): RedisClient;
  disconnect(reconnect?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A {@link SecondLevelStore} that has to be closed before the process can end. */
export interface RedisStore extends SecondLevelStore {
  /** Ends the connections that the store opened; the given client stays open. */
  close(): void;
}

/** How long one wait for news lasts; a connection that is silent for longer is a dead one. */
const WAIT_SECONDS = 5;

const BATCH = 1000;

/**
 * A second level in Redis 6.2 or later. Values are strings with an expiry. The log is a stream, so that an instance
 * that was away or did not exist yet is told what it missed, as far back as Redis itself remembers: with its persistence
 * switched on, through a restart of Redis too. Redis should be set to refuse writes when its memory is full (`noeviction`),
 * not to forget revocations.
 * @param client stays yours; a stopped Redis shows in calls that fail, so that it needs no listener for errors
 */
export function createRedisStore(client: RedisClient): RedisStore {
  const followers = new Set<RedisClient>();
  quieten(client);
  return {
    get: async (name) => ((await client.call('GET', name)) as string | null) ?? undefined,
    async set(name, value, maxAgeSeconds) {
      await client.call('SET', name, value, 'EX', Math.ceil(maxAgeSeconds));
    },
    async publish(log, message, maxAgeSeconds) {
      await client.call('EVAL', APPEND, 1, log, message, Math.ceil(maxAgeSeconds));
    },
    subscribe(log, deliver) {
      const follower = client.duplicate();
      quieten(follower);
      followers.add(follower);
      return new Promise(
        (resolve) => void follow(follower, log, deliver, resolve, () => followers.has(follower)),
      );
    },
    close() {
      for (const follower of followers) follower.disconnect();
      followers.clear();
    },
  };
}

/** One step and one way there and back. Whoever keeps messages for less time than others shortens nothing for them. */
const APPEND = `
redis.call('XADD', KEYS[1], '*', 'message', ARGV[1])
local keep = tonumber(ARGV[2])
if redis.call('TTL', KEYS[1]) > keep then return end
redis.call('EXPIRE', KEYS[1], keep)
redis.call('XTRIM', KEYS[1], 'MINID', '~', (redis.call('TIME')[1] - keep) * 1000)`;

const quiet = new WeakSet<RedisClient>();

/** ioredis writes an error that nobody listens to on the console, again and again. */
function quieten(client: RedisClient): void {
  if (!quiet.has(client)) client.on('error', () => undefined);
  quiet.add(client);
}

async function follow(
  client: RedisClient,
  log: string,
  deliver: (messages: readonly string[]) => Promise<void>,
  onCaughtUp: () => void,
  isOpen: () => boolean,
): Promise<void> {
  let last = '0-0';
  while (isOpen())
    try {
      const range = client.call('XRANGE', log, `(${last}`, '+', 'COUNT', BATCH);
      const entries = (await orReconnect(client, range, isOpen)) as [id: string, fields: string[]][];
      await deliver(entries.map(([, [, message = '']]) => message));
      last = entries.at(-1)?.[0] ?? last;
      if (entries.length < BATCH) onCaughtUp();
      if (entries.length > 0) continue;
      const wait = client.call('XREAD', 'COUNT', 1, 'BLOCK', WAIT_SECONDS * 1000, 'STREAMS', log, last);
      const news = await orReconnect(client, wait, isOpen);
      if (!news && (await isBehind(client, log, last))) last = '0-0';
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

/** A connection may be dead and say nothing. */
async function orReconnect(
  client: RedisClient,
  answer: Promise<unknown>,
  isOpen: () => boolean,
): Promise<unknown> {
  return withinSeconds(2 * WAIT_SECONDS, answer).catch((error) => {
    if (isOpen()) client.disconnect(true);
    throw error;
  });
}

/** Has the log begun anew, on a machine whose clock is behind? Then its ids are smaller than the last one that we saw. */
async function isBehind(client: RedisClient, log: string, last: string): Promise<boolean> {
  const [newest] = (await client.call('XREVRANGE', log, '+', '-', 'COUNT', 1)) as [id: string][];
  const [time = 0, count = 0] = (newest?.[0] ?? '0-0').split('-').map(Number);
  const [lastTime = 0, lastCount = 0] = last.split('-').map(Number);
  return time < lastTime || (time === lastTime && count < lastCount);
}

/** Bounds of {@link createRedisReplayStore}. */
export interface RedisReplayStoreSettings {
  /** How many proofs of one key are remembered at a time; beyond it they are refused. @default 20000 */
  readonly maxProofsPerKey?: number;
  /** How long Redis may take, in seconds. @default 1 */
  readonly timeLimitSeconds?: number;
}

/**
 * Remembers DPoP proofs for all instances of an API. Where Redis cannot tell, proofs are refused: see {@link ReplayStore}.
 * Redis should be set to refuse writes when its memory is full (`noeviction`), not to forget proofs.
 * @see RFC 9449 §11.1
 */
export function createRedisReplayStore(
  client: RedisClient,
  { maxProofsPerKey = 20_000, timeLimitSeconds = 1 }: RedisReplayStoreSettings = {},
): ReplayStore {
  quieten(client);
  return {
    async claim(keyThumbprint, proofId, windowSeconds) {
      const [seconds, script] = [Math.ceil(windowSeconds), CLAIM_ONCE];
      // The braces keep both in one slot of a cluster.
      const names = [`deskauth:proofs:{${keyThumbprint}}`, `deskauth:proof:{${keyThumbprint}}:${proofId}`];
      const claimed = client.call('EVAL', script, names.length, ...names, seconds, maxProofsPerKey);
      const outcome = await withinSeconds(timeLimitSeconds, claimed);
      if (outcome === 'full') throw new Error('The replay store is full for this key.');
      return outcome === 'first';
    },
  };
}

/** One step, so that two instances cannot both be the first. */
const CLAIM_ONCE = `
if redis.call('EXISTS', KEYS[2]) == 1 then return 'used' end
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
if count > tonumber(ARGV[2]) then return 'full' end
redis.call('SET', KEYS[2], '', 'EX', ARGV[1])
return 'first'`;
