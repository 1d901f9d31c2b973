import type { LoadResult } from './load-process.ts';
import type { Place } from './place.ts';
import { type LoadProcess, type ServerProcess, startLoad, startServer } from './processes.ts';

/** One server in one round. */
export interface Slot extends LoadResult {
  readonly perSecond: number;
  /** Processor time of the server for one request. */
  readonly cpuMicroseconds: number;
}

/** One server in all rounds: the slots of two servers with the same index lie side by side in time. */
export interface Row {
  readonly name: string;
  readonly slots: Slot[];
  /** Of the server process at the end, in bytes. */
  memory: number;
}

/** What all servers of a measurement have to do. */
export interface Measurement {
  readonly names: readonly string[];
  readonly place: Place;
  readonly tokens: readonly string[];
  readonly rounds: number;
  /** How often all servers are started anew: the rounds are shared out among these. */
  readonly starts: number;
  readonly warmUp: readonly Span[];
  /** What a slot of this round sends. */
  readonly spanOf: (round: number) => Span;
}

/** Tokens from `from` to before `to`, once or for a time. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly first?: number;
  readonly milliseconds?: number;
}

const CONNECTIONS = 32;

/**
 * Measures all servers round after round, forwards and backwards in turn, so that what drifts meets all alike; and starts
 * them anew in between, because a process keeps by chance what it is: the same server differs by a twentieth from one
 * start to the next.
 */
export async function measure(measurement: Measurement): Promise<Row[]> {
  const { names, tokens, rounds, starts } = measurement;
  const load = startLoad();
  const rows: Row[] = names.map((name) => ({ name, slots: [], memory: 0 }));
  try {
    await load.setTokens(tokens);
    for (let start = 0; start < starts; start += 1) {
      const [from, to] = [start, start + 1].map((part) => Math.round((rounds * part) / starts));
      await measureStart(measurement, load, rows, from ?? 0, to ?? rounds);
    }
    return rows;
  } finally {
    load.stop();
  }
}

async function measureStart(
  { names, place, warmUp, spanOf }: Measurement,
  load: LoadProcess,
  rows: Row[],
  from: number,
  to: number,
): Promise<void> {
  const servers = await Promise.all(names.map((name) => startServer(name, place)));
  try {
    for (const server of servers) for (const span of warmUp) await measureSlot(server, load, span);
    for (let round = from; round < to; round += 1) {
      const turns = [...servers.entries()];
      if (round % 2 === 1) turns.reverse();
      for (const [index, server] of turns)
        rows[index]?.slots.push(await measureSlot(server, load, spanOf(round)));
    }
    for (const [index, row] of rows.entries()) row.memory = (await servers[index]?.usage())?.memory ?? 0;
  } finally {
    for (const server of servers) server.stop();
  }
}

async function measureSlot(server: ServerProcess, load: LoadProcess, span: Span): Promise<Slot> {
  const before = await server.usage();
  const result = await load.run({ port: server.port, connections: CONNECTIONS, ...span });
  const { cpuSeconds } = await server.usage();
  return {
    ...result,
    perSecond: result.requests / result.seconds,
    cpuMicroseconds: ((cpuSeconds - before.cpuSeconds) / result.requests) * 1e6,
  };
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The row of this name. @throws Error when there is none */
export function requireRow(rows: readonly Row[], name: string): Row {
  const row = rows.find((candidate) => candidate.name === name);
  if (row) return row;
  throw new Error(`There is no row named ${name}.`);
}

/** How many times as fast as the other: the median of the ratios of the same round. */
export function ratio(row: Row, other: Row): number {
  return median(row.slots.map(({ perSecond }, round) => perSecond / (other.slots[round]?.perSecond ?? 0)));
}

/** The same in processor time, which says more while other programs use the machine. */
export function cpuRatio(row: Row, other: Row): number {
  const cost = ({ slots }: Row, round: number) => slots[round]?.cpuMicroseconds ?? 0;
  return median(row.slots.map((_, round) => cost(other, round) / cost(row, round)));
}

/** The best round to the best round: noise only ever slows a server down. */
export function bestRatio(row: Row, other: Row): number {
  const best = ({ slots }: Row) => Math.max(...slots.map(({ perSecond }) => perSecond));
  return best(row) / best(other);
}

/** The fastest of these by its median. */
export function bestOf(rows: readonly Row[]): Row {
  const speed = ({ slots }: Row) => median(slots.map(({ perSecond }) => perSecond));
  const [best] = [...rows].sort((a, b) => speed(b) - speed(a));
  if (best) return best;
  throw new Error('There is nothing to compare with.');
}
