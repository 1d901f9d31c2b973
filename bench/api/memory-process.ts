import { createPrivateKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import { startAuthority } from './authority.ts';
import { claimsFor, signHere } from './tokens.ts';

/** What remembered tokens take, measured in a process that does nothing else (`--expose-gc`). */
export interface MemoryResult {
  readonly tokens: number;
  readonly bytesPerToken: number;
  /** After each further 200,000 distinct tokens: how many are remembered, and what all of them take, in megabytes. */
  readonly flood: readonly {
    readonly seen: number;
    readonly remembered: number;
    readonly megabytes: number;
  }[];
}

const TOKENS = 100_000;
const STEP = 200_000;
const [distinct = 1_000_000] = process.argv.slice(2).map(Number);

/** Heap and what lies beside it: the fingerprints' key is in a buffer. */
function usedBytes(): number {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function measureTokens(): Promise<number> {
  const { place, keys, stop } = await startAuthority('ES256');
  const { issuer, audience } = place;
  const settings = { issuer, audience, algorithms: ['ES256' as const], allowHttp: true };
  const warm = createAccessTokenVerifier(settings);
  const key = createPrivateKey(keys.privatePem);
  const verify = async (verifier: typeof warm, number: number) => {
    const [token = ''] = signHere({ place, keys, from: number, to: number + 1 }, key);
    await verifier.verify(token);
  };
  for (let number = 0; number < 1000; number += 1) await verify(warm, number);
  const before = usedBytes();
  const verifier = createAccessTokenVerifier(settings);
  for (let number = 0; number < TOKENS; number += 1) await verify(verifier, number);
  const bytes = (usedBytes() - before) / verifier.health.rememberedTokens;
  stop();
  return bytes;
}

/** Opaque tokens: a million signatures would say nothing more about the cache and take minutes. */
async function flood(): Promise<MemoryResult['flood']> {
  const { place, stop } = await startAuthority('ES256');
  let number = 0;
  const answer = async () => ({
    ...{ status: 200, headers: new Headers({ 'content-type': 'application/json' }) },
    body: [Buffer.from(JSON.stringify({ active: true, ...claimsFor(place, number) }))],
  });
  const introspection = { clientId: 'api', clientSecret: 'secret', endpoint: place.introspectionEndpoint };
  const { issuer, audience } = place;
  const verifier = createAccessTokenVerifier({
    ...{ issuer, audience, introspection, allowHttp: true, claimsMaxAgeSeconds: 3600 },
    ...{ timeLimitSeconds: 0.2, fetch: answer as unknown as typeof fetch },
  });
  const before = usedBytes();
  const points = [];
  while (number < distinct) {
    number += 1;
    await verifier.verify(`opaque-token-${number}`);
    // Time limits end only when the event loop gets its turn.
    if (number % 1000 === 0) await sleep(1);
    if (number % STEP > 0) continue;
    await sleep(500);
    const megabytes = Math.round((usedBytes() - before) / 1e5) / 10;
    points.push({ seen: number, remembered: verifier.health.rememberedTokens, megabytes });
  }
  stop();
  return points;
}

process.send?.({ tokens: TOKENS, bytesPerToken: await measureTokens(), flood: await flood() });
process.disconnect?.();
