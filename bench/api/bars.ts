import type { HerdResult } from './herd.ts';
import type { MemoryResult } from './memory-process.ts';
import type { SharedLevelResult } from './shared-level.ts';
import type { UnknownKidsResult } from './unknown-kids.ts';

/** One thing that must hold. */
export interface Bar {
  readonly what: string;
  readonly value: number;
  /** `undefined` where a value is printed and nothing is asked of it. */
  readonly least?: number;
  readonly most?: number;
}

/** Everything that was measured, apart from the rounds. */
export interface Outcome {
  readonly ratios: Readonly<Record<string, number>>;
  readonly memory: MemoryResult;
  readonly herd: HerdResult;
  readonly unknownKids: UnknownKidsResult;
  readonly redis: SharedLevelResult | { readonly skipped: string };
}

const RATIOS: readonly (readonly [name: string, what: string, least?: number])[] = [
  ['warmToMap', 'warm, fastify: to a Map by hand', 1.1],
  ['warmToMapExpress', 'warm, Express: to a Map by hand', 1.05],
  ['warmToTunedMap', 'warm, fastify: to a Map by hand that makes no promise on a hit'],
  ['warmToTunedMapExpress', 'warm, Express: the same'],
  ['warmToBestPeer', 'warm, fastify: to the best peer that checks JWTs', 4],
  ['warmToBestPeerExpress', 'warm, Express: to the best peer that checks JWTs', 3],
  ['warmToNoCheck', 'warm, fastify: to no check at all'],
  ['warmToNoCheckExpress', 'warm, Express: to no check at all'],
  [
    'firstOnlyToMap',
    'warm, fastify: one check for all to a Map by hand, which is the most that a check could reach',
  ],
  ['noCheckToMap', 'warm, fastify: no check at all to a Map by hand'],
  ['noCheckToMapExpress', 'warm, Express: no check at all to a Map by hand'],
  ['sha256MapToMap', 'warm, fastify: a Map by SHA-256 to a Map by tokens'],
  ['coldRS256', 'cold, RS256, node:http: to crypto.verify alone', 0.8],
  ['coldES256', 'cold, ES256, node:http: to crypto.verify alone', 0.8],
  ['coldRS256Fastify', 'cold, RS256, fastify: to crypto.verify alone on node:http'],
  ['coldES256Fastify', 'cold, ES256, fastify: to crypto.verify alone on node:http'],
  ['coldToBestPeerRS256', 'cold, RS256, fastify: to the best peer', 1],
  ['coldToBestPeerES256', 'cold, ES256, fastify: to the best peer', 1],
  ['coldToBestPeerExpressRS256', 'cold, RS256, Express: to the best peer', 1],
  ['coldToBestPeerExpressES256', 'cold, ES256, Express: to the best peer', 1],
];

/** All that is asked, in the order of the table. */
export function buildBars({ ratios, memory, herd, unknownKids, redis }: Outcome): Bar[] {
  const remembered = Math.max(...memory.flood.map((point) => point.remembered));
  const bars: Bar[] = [
    ...RATIOS.map(([name, what, least]) => ({
      ...{ what, value: ratios[name] ?? Number.NaN },
      ...(least !== undefined && { least }),
    })),
    { what: 'bytes for a remembered token with 14 claims', value: memory.bytesPerToken, most: 700 },
    {
      what: `tokens remembered at most, of ${memory.flood.at(-1)?.seen} seen`,
      value: remembered,
      most: 100_000,
    },
    {
      what: `of ${herd.requests} requests at once answered with 200`,
      value: herd.answered,
      least: herd.requests,
    },
    { what: '… checks of one token', value: herd.checks, most: 1 },
    { what: '… calls of userinfo', value: herd.userInfoCalls, most: 1 },
    { what: '… calls of introspection', value: herd.introspectionCalls, most: 1 },
    {
      what: `key fetches for ${unknownKids.tokens} unknown key ids in ${unknownKids.seconds} s`,
      ...{ value: unknownKids.keyFetches, most: unknownKids.allowedFetches },
    },
    {
      what: '… a good token is accepted all the time',
      value: Number(unknownKids.goodTokenAccepted),
      least: 1,
    },
  ];
  if ('skipped' in redis) return bars;
  return [
    ...bars,
    { what: 'Redis: ms until the other instance refuses', value: redis.revokedElsewhereMilliseconds },
    { what: 'Redis: hit rate after a restart', value: redis.hitRateAfterRestart, least: 1 },
  ];
}

/** Does this one hold? A figure that is not a number holds nothing. */
export function holds({ value, least, most }: Bar): boolean {
  if (least === undefined && most === undefined) return true;
  return value >= (least ?? Number.NEGATIVE_INFINITY) && value <= (most ?? Number.POSITIVE_INFINITY);
}
