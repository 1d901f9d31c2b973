import { parseArgs } from 'node:util';
import { buildBars, holds, type Outcome } from './api/bars.ts';
import { coldRatios, measureCold } from './api/cold.ts';
import { measureHerd } from './api/herd.ts';
import type { MemoryResult } from './api/memory-process.ts';
import { askMemoryProcess, withoutPinning } from './api/processes.ts';
import { HOW, renderBars, renderMeasurement } from './api/report.ts';
import { bestRatio, cpuRatio, ratio } from './api/rounds.ts';
import { measureSharedLevel } from './api/shared-level.ts';
import { measureUnknownKids } from './api/unknown-kids.ts';
import { measureWarm, warmRatios } from './api/warm.ts';

const DISTINCT_TOKENS = 1_000_000;

/** The API side by side with its peers: speed, memory, and what a crowd costs. Exit code 0: every bar holds. */
export async function run(words: readonly string[]): Promise<number> {
  const options = {
    rounds: { type: 'string', default: '51' },
    seconds: { type: 'string', default: '0.1' },
    json: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const rounds = Math.max(1, Number(values.rounds));
  const speed = await measureSpeed(rounds, Number(values.seconds) * 1000);
  const { rows, tables, ...ratios } = speed;
  const outcome = { ...ratios, ...(await measureTheRest()) };
  const bars = buildBars(outcome);
  const isGood = bars.every(holds);
  const notes = [...HOW, ...(withoutPinning ? [withoutPinning] : [])];
  const skipped = 'skipped' in outcome.redis ? `Redis: skipped, ${outcome.redis.skipped}\n` : '';
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...outcome, holds: isGood, bars, how: notes, rounds: rows })}\n`
      : `${notes.join('\n')}\n${tables}${renderBars(bars)}${skipped}`,
  );
  return isGood ? 0 : 1;
}

async function measureSpeed(rounds: number, milliseconds: number) {
  const warm = await step('warm', () => measureWarm(rounds, milliseconds));
  const rsa = await step('cold, RS256', () => measureCold('RS256', rounds));
  const ecdsa = await step('cold, ES256', () => measureCold('ES256', rounds));
  const ratiosOf = (compare: typeof ratio) => {
    const [RS256, ES256] = [coldRatios(rsa, compare), coldRatios(ecdsa, compare)];
    return {
      ...warmRatios(warm, compare),
      ...{ cold: Math.min(RS256.toBare, ES256.toBare), coldRS256: RS256.toBare, coldES256: ES256.toBare },
      ...{ coldRS256Fastify: RS256.toBareOnFastify, coldES256Fastify: ES256.toBareOnFastify },
      ...{ coldToBestPeerRS256: RS256.toBestPeer, coldToBestPeerES256: ES256.toBestPeer },
      coldToBestPeerExpressRS256: RS256.toBestPeerExpress,
      coldToBestPeerExpressES256: ES256.toBestPeerExpress,
    };
  };
  return {
    ...{ ratios: ratiosOf(ratio), ratiosByCpu: ratiosOf(cpuRatio), ratiosOfBest: ratiosOf(bestRatio) },
    rows: { warm, coldRS256: rsa, coldES256: ecdsa },
    tables:
      renderMeasurement('Warm', warm) +
      renderMeasurement('Cold, RS256', rsa) +
      renderMeasurement('Cold, ES256', ecdsa),
  };
}

async function measureTheRest(): Promise<Omit<Outcome, 'ratios'>> {
  return {
    memory: await step('memory', () => askMemoryProcess<MemoryResult>(DISTINCT_TOKENS)),
    herd: await step('a thousand requests at once', measureHerd),
    unknownKids: await step('unknown key ids', measureUnknownKids),
    redis: await step('two instances with Redis', measureSharedLevel),
  };
}

/** What goes on is said on the error stream: standard output is for the result. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  process.stderr.write(`${name} … `);
  const result = await work();
  process.stderr.write(`${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  return result;
}
