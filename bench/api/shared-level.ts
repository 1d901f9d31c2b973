import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import { createRedisStore } from '@deskauth/resource-server/redis';
import { Redis } from 'ioredis';
import { startAuthority } from './authority.ts';
import type { Place } from './place.ts';

/** What instances of one API have of a second level in Redis. */
export interface SharedLevelResult {
  /** From the call of `revoke` at one instance until the other refuses the token. */
  readonly revokedElsewhereMilliseconds: number;
  readonly tokensBeforeRestart: number;
  /** How many of them a new instance knew without asking the authorization server. */
  readonly hitRateAfterRestart: number;
  readonly introspectionsAfterRestart: number;
}

const TOKENS = 1000;
const SECRET = 'a secret of 32 characters or more';

/** Starts a Redis of its own. @returns why it could not be measured, where there is none */
export async function measureSharedLevel(): Promise<SharedLevelResult | { readonly skipped: string }> {
  if (spawnSync('redis-server', ['--version']).status !== 0)
    return { skipped: 'redis-server is not installed here' };
  const folder = await mkdtemp(join(tmpdir(), 'deskauth-bench-'));
  const path = join(folder, 'redis.sock');
  const words = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', ''];
  const server = spawn('redis-server', words, { stdio: 'ignore' });
  const authority = await startAuthority('RS256');
  const closing: (() => void)[] = [];
  try {
    await untilRunning(path);
    const instance = () => startInstance(path, authority.place, closing);
    const [one, other] = [instance(), instance()];
    const tokens = Array.from({ length: TOKENS }, (_, number) => `opaque-token-${1000 + number}`);
    for (const token of tokens) await one.verify(token);
    const revokedElsewhereMilliseconds = await revoke(one, other, tokens[0] ?? '');
    const asked = authority.calls['/introspect'];
    const restarted = instance();
    const rest = tokens.slice(1);
    for (const token of rest) await restarted.verify(token);
    return {
      ...{ revokedElsewhereMilliseconds, tokensBeforeRestart: rest.length },
      hitRateAfterRestart: restarted.counts.secondLevelHits / rest.length,
      introspectionsAfterRestart: authority.calls['/introspect'] - asked,
    };
  } finally {
    for (const close of closing) close();
    authority.stop();
    server.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

function startInstance(path: string, { issuer, audience }: Place, closing: (() => void)[]) {
  const client = new Redis(path, { retryStrategy: () => 50 });
  const store = createRedisStore(client);
  closing.push(
    () => store.close(),
    () => client.disconnect(),
  );
  return createAccessTokenVerifier({
    ...{ issuer, audience, allowHttp: true, claimsMaxAgeSeconds: 600, timeLimitSeconds: 30 },
    introspection: { clientId: 'api', clientSecret: 'secret' },
    secondLevel: { store, secret: SECRET, timeLimitSeconds: 5 },
  });
}

async function untilRunning(path: string): Promise<void> {
  const probe = new Redis(path, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  await probe.ping();
  probe.disconnect();
}

type Instance = ReturnType<typeof startInstance>;

async function revoke(one: Instance, other: Instance, token: string): Promise<number> {
  const { subject } = await other.verify(token);
  if (!other.known(token) || subject === undefined)
    throw new Error('The other instance does not know the token.');
  const startedAt = performance.now();
  await one.revoke({ subject });
  while (other.known(token)) await sleep(1);
  const milliseconds = performance.now() - startedAt;
  const isRefused = await other.verify(token).then(
    () => false,
    () => true,
  );
  if (!isRefused) throw new Error('The other instance accepts a revoked token.');
  return milliseconds;
}
