import type { TestContext } from 'node:test';
import type { AccessTokenVerifierSettings, SecondLevelStore } from '../src/index.ts';
import { AUDIENCE } from './issuer.ts';
import { eventually, startRedis } from './redis-server.ts';
import { issuerFor, verifierFor } from './support.ts';

export const secret = 'a secret of 32 characters or more';

/** A log that nobody reads. */
export const quiet = { info: () => undefined, error: () => undefined };

/** An issuer, a Redis, and instances of one API that share it. */
export async function startFleet(t: TestContext, common: Partial<AccessTokenVerifierSettings> = {}) {
  const [issuer, redis] = [await issuerFor(t), await startRedis(t)];
  const lines: string[] = [];
  const line = (record: object, message: string) => void lines.push(`${message} ${JSON.stringify(record)}`);
  issuer.answer('introspection', () => ({
    ...{ active: true, aud: AUDIENCE, sub: 'user-europe', scope: 'openid companies:read', sid: 'session-1' },
    ...{ exp: Math.floor(Date.now() / 1000) + 600, iat: Math.floor(Date.now() / 1000) },
  }));
  const instance = (
    more: Partial<AccessTokenVerifierSettings> = {},
    store: SecondLevelStore = redis.store(),
  ) =>
    verifierFor(issuer, {
      ...common,
      secondLevel: { store, secret, timeLimitSeconds: 5, log: { info: line, error: line } },
      ...more,
    });
  return { issuer, redis, lines, instance };
}

/** A save is not waited for. */
export const saved = async (redis: Awaited<ReturnType<typeof startRedis>>, count: number) => {
  const client = redis.connect();
  await eventually(async () => (await client.dbsize()) >= count);
};
