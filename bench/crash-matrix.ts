import { parseArgs } from 'node:util';
import { bundleWorker } from './bundle-worker.ts';
import { crash, listPoints, type Outcome, type Point } from './crash-scene.ts';

const GRACE_SECONDS = 3600;
/** How many sessions one process takes with it: starting a process costs more than a session. */
const MOST_IN_ONE_PROCESS = 10;
/** How many points are under way at once. */
const LANES = 2;

/**
 * Ends processes with SIGKILL before each step of a refresh and its save, and starts the app again. Holds when no
 * session is lost with grace, and without it only those whose new token died with the process, and the reason says so.
 */
export async function run(words: readonly string[]): Promise<number> {
  const options = {
    runs: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const runs = Number(values.runs);
  await using worker = await bundleWorker('crash-worker');
  const points = await listPoints(worker.path);
  const waiting = [...points.entries()];
  const rows: Row[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, point] = next;
      const row = await measure(worker.path, point, runs);
      rows[index] = row;
      if (!values.json) process.stdout.write(`${format(row)}\n`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const result = summarize(rows, runs);
  process.stdout.write(`${values.json ? JSON.stringify({ ...result, rows }) : format(result)}\n`);
  return result.holds ? 0 : 1;
}

interface Row {
  readonly point: string;
  readonly runs: number;
  readonly lostWithGrace: number;
  readonly lostWithout: number;
  readonly reasons: readonly (string | undefined)[];
  readonly holds: boolean;
}

async function measure(worker: string, point: Point, runs: number): Promise<Row> {
  const [withGrace = [], without = []] = await Promise.all(
    [GRACE_SECONDS, 0].map((graceSeconds) => repeat(worker, runs, point, graceSeconds)),
  );
  const lost = (outcomes: readonly Outcome[]) => outcomes.filter(({ isLost }) => isLost);
  const isExplained = ({ isBeyondHelp, reason }: Outcome) => isBeyondHelp && reason === 'lost-rotation';
  return {
    point: point.name,
    runs,
    lostWithGrace: lost(withGrace).length,
    lostWithout: lost(without).length,
    reasons: [...new Set(lost(without).map(({ reason }) => reason))],
    holds: lost(withGrace).length === 0 && lost(without).every(isExplained),
  };
}

async function repeat(worker: string, runs: number, point: Point, graceSeconds: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < runs) {
    const sessions = Math.min(MOST_IN_ONE_PROCESS, runs - outcomes.length);
    outcomes.push(...(await crash(worker, sessions, point, graceSeconds)));
  }
  return outcomes;
}

function summarize(rows: readonly Row[], runs: number) {
  const sum = (name: 'lostWithGrace' | 'lostWithout') => rows.reduce((total, row) => total + row[name], 0);
  return {
    points: rows.length,
    runs,
    sessions: rows.length * runs * 2,
    killedProcesses: rows.length * Math.ceil(runs / MOST_IN_ONE_PROCESS) * 2,
    lostWithGrace: sum('lostWithGrace'),
    lostWithout: sum('lostWithout'),
    holds: rows.every((row) => row.holds),
    lostAt: rows.filter((row) => row.lostWithout > 0).map((row) => row.point),
  };
}

function format(row: object): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') || '-' : value}`)
    .join('  ');
}
