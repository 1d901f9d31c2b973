import { renderRows } from '../table.ts';
import { type Bar, holds } from './bars.ts';
import { requireContestant } from './contestants.ts';
import { median, type Row } from './rounds.ts';

/** One measurement as a table: best and median of the rounds. */
export function renderMeasurement(title: string, rows: readonly Row[]): string {
  const head = ['server', 'best/s', 'median/s', 'cpu µs', 'p50 µs', 'p99 µs', 'load', 'MB'];
  return `\n${title}\n${renderRows([head, ...rows.map(renderRow)])}`;
}

function renderRow({ name, slots, memory }: Row): string[] {
  const { framework, label } = requireContestant(name);
  const speeds = slots.map(({ perSecond }) => perSecond);
  const middle = (read: (slot: Row['slots'][number]) => number) => median(slots.map(read));
  return [
    `${framework}: ${label}`,
    ...[Math.max(...speeds), median(speeds)].map((speed) => Math.round(speed).toLocaleString('en')),
    middle(({ cpuMicroseconds }) => cpuMicroseconds).toFixed(1),
    ...[middle((slot) => slot.p50Microseconds), middle((slot) => slot.p99Microseconds)].map(String),
    `${Math.round(100 * middle(({ busy }) => busy))} %`,
    String(Math.round(memory / 1e6)),
  ];
}

/** What is asked and what came of it. */
export function renderBars(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => [bar.what, show(bar.value), describeBar(bar), holds(bar) ? '' : 'MISSED']);
  return `\n${renderRows([['', 'is', 'bar', ''], ...rows])}`;
}

const show = (value: number) =>
  Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 2 : 0);

function describeBar({ least, most }: Bar): string {
  if (least === undefined && most === undefined) return 'none';
  return least === undefined ? `at most ${most}` : `at least ${least}`;
}

/** How the figures come about: printed with them, so that nobody has to guess. */
export const HOW = [
  'Each server is a process of its own on one core, the load another on a second one: 32 connections that are kept.',
  'Rounds are interleaved, forwards and backwards in turn. A ratio is the median of the ratios of requests/s of the same round.',
  '"cpu µs" is processor time of the server for one request, "load" how busy the load itself was.',
  'Every answer was 200 and the same for all; one that is not ends the run. Request logs are off for all alike.',
  'Warm: 10,000 tokens in turn, all seen before. Cold: no token twice. Tokens have 14 claims and are signed by one key of 2048 bits, or P-256.',
  'crypto.verify alone: verify(digest, data, KeyObject, signature), for ES256 with { dsaEncoding: "ieee-p1363" }; it reads the claims and checks nothing else.',
];
