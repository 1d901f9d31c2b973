import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saveSignIn } from './bench-session.ts';
import { startRotatingAuthority } from './rotating-authority.ts';

interface Report {
  readonly failed: number;
  readonly failures: readonly string[];
  readonly status: string;
}

/** Longer than an access token of the authority lives. */
const ROUND_SECONDS = 301;

/**
 * Many processes with one session make their calls at the moment the access token expires, round after round. Holds
 * when each round is exactly one refresh, nothing is refused, and no call fails.
 */
export async function run(words: readonly string[]): Promise<number> {
  const options = {
    processes: { type: 'string', default: '8' },
    calls: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const [processes, calls, rounds] = [values.processes, values.calls, values.rounds].map(Number) as [
    number,
    number,
    number,
  ];
  const authority = await startRotatingAuthority();
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-storm-'));
  const workers: ChildProcess[] = [];
  try {
    const place = { issuer: authority.issuer, directory, calls };
    await saveSignIn(place, authority.signIn(), Math.floor(Date.now() / 1000) + ROUND_SECONDS - 1);
    for (let index = 0; index < processes; index += 1) workers.push(await startWorker(place));
    const refreshes: number[] = [];
    const reports: Report[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const before = authority.counts.rotated;
      reports.push(...(await Promise.all(workers.map((worker) => storm(worker, round * ROUND_SECONDS)))));
      refreshes.push(authority.counts.rotated - before);
    }
    return tell(values.json, { processes, calls, rounds }, refreshes, authority.counts.refused, reports);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    authority.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function startWorker(place: object): Promise<ChildProcess> {
  const worker = fork(new URL('refresh-storm-worker.ts', import.meta.url), [JSON.stringify(place)]);
  await once(worker, 'message');
  return worker;
}

async function storm(worker: ChildProcess, aheadSeconds: number): Promise<Report> {
  const answered = once(worker, 'message');
  worker.send(aheadSeconds);
  return (await answered)[0] as Report;
}

function tell(
  asJson: boolean,
  size: object,
  refreshes: readonly number[],
  refused: number,
  reports: readonly Report[],
): number {
  const failedCalls = reports.reduce((sum, { failed }) => sum + failed, 0);
  const failures = [...new Set(reports.flatMap((report) => report.failures))];
  const signedOut = reports.filter(({ status }) => status !== 'signed-in').length;
  const oddRounds = refreshes.filter((count) => count !== 1).length;
  const result = {
    ...{ ...size, refreshes: refreshes.reduce((sum, count) => sum + count, 0) },
    ...{ roundsWithOtherThanOneRefresh: oddRounds, refused, failedCalls, failures, signedOut },
  };
  const holds = oddRounds + refused + failedCalls + signedOut === 0;
  const text = asJson ? JSON.stringify({ ...result, holds }) : format({ ...result, holds });
  process.stdout.write(`${text}\n`);
  return holds ? 0 : 1;
}

function format(result: object): string {
  return Object.entries(result)
    .map(([name, value]) => `${name.padEnd(32)}${Array.isArray(value) ? value.join(', ') || '-' : value}`)
    .join('\n');
}
