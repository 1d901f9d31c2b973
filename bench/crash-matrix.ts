import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSession, openStore, type Place, saveSignIn } from './bench-session.ts';
import { type Family, type RotatingAuthority, startRotatingAuthority } from './rotating-authority.ts';

/** Where a process is ended: before its nth step, or by the server while its request is there. */
interface Point {
  readonly name: string;
  readonly killBefore?: number;
  readonly atServer?: 'received' | 'committed';
}

/** What one crash at a point has led to. */
interface Outcome {
  readonly isLost: boolean;
  readonly reason: string | undefined;
  /** The server had rotated and the new token was not saved: without grace nobody has it any more. */
  readonly isBeyondHelp: boolean;
}

const GRACE_SECONDS = 3600;

/**
 * Ends a process with SIGKILL before each step of a refresh and its save, and starts the app again. Holds when no
 * session is lost with grace, and without it only those whose new token died with the process, and the reason says so.
 */
export async function run(words: readonly string[]): Promise<number> {
  const options = {
    runs: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const runs = Number(values.runs);
  const points = await listPoints();
  const rows: Row[] = [];
  for (const point of points) {
    const [withGrace = [], without = []] = await Promise.all(
      [GRACE_SECONDS, 0].map((graceSeconds) => repeat(runs, point, graceSeconds)),
    );
    rows.push({ point: point.name, runs, ...judge(withGrace, without) });
    if (!values.json) process.stdout.write(`${format(rows.at(-1) ?? {})}\n`);
  }
  const holds = rows.every((row) => row.holds);
  const sum = (name: 'lostWithGrace' | 'lostWithout') => rows.reduce((total, row) => total + row[name], 0);
  const result = {
    ...{
      points: points.length,
      runs,
      lostWithGrace: sum('lostWithGrace'),
      lostWithout: sum('lostWithout'),
      holds,
    },
    lostAt: rows.filter((row) => row.lostWithout > 0).map((row) => row.point),
  };
  process.stdout.write(`${values.json ? JSON.stringify({ ...result, rows }) : format(result)}\n`);
  return holds ? 0 : 1;
}

interface Verdict {
  readonly lostWithGrace: number;
  readonly lostWithout: number;
  readonly reasons: readonly (string | undefined)[];
  readonly holds: boolean;
}

interface Row extends Verdict {
  readonly point: string;
  readonly runs: number;
}

function judge(withGrace: readonly Outcome[], without: readonly Outcome[]): Verdict {
  const lost = (outcomes: readonly Outcome[]) => outcomes.filter(({ isLost }) => isLost);
  const isExplained = ({ isBeyondHelp, reason }: Outcome) => isBeyondHelp && reason === 'lost-rotation';
  return {
    lostWithGrace: lost(withGrace).length,
    lostWithout: lost(without).length,
    reasons: [...new Set(lost(without).map(({ reason }) => reason))],
    holds: lost(withGrace).length === 0 && lost(without).every(isExplained),
  };
}

/** The steps of one refresh as they really are, from a run that nobody ends. */
async function listPoints(): Promise<Point[]> {
  const scene = await setUp(0);
  try {
    const worker = await startWorker();
    worker.send({ ...scene.place, killBefore: null });
    const [steps] = (await once(worker, 'message')) as [string[]];
    const points: Point[] = steps.map((name, index) => ({
      name: `${index + 1} before ${name}`,
      killBefore: index,
    }));
    const atServer = (['received', 'committed'] as const).map((stage) => ({
      name: `server: ${stage}`,
      atServer: stage,
    }));
    return [...points, ...atServer];
  } finally {
    await tearDown(scene);
  }
}

async function repeat(runs: number, point: Point, graceSeconds: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let index = 0; index < runs; index += 1) outcomes.push(await crash(point, graceSeconds));
  return outcomes;
}

async function crash(point: Point, graceSeconds: number): Promise<Outcome> {
  const scene = await setUp(graceSeconds);
  try {
    const worker = await startWorker();
    const ended = once(worker, 'exit');
    scene.authority.onRefresh = async (stage) => {
      if (stage !== point.atServer) return;
      worker.kill('SIGKILL');
      await ended;
    };
    worker.send({ ...scene.place, killBefore: point.killBefore ?? null });
    const [, signal] = await ended;
    if (signal !== 'SIGKILL') throw new Error(`${point.name}: the process ended by itself (${signal})`);
    scene.authority.onRefresh = async () => {};
    return await startAgain(scene);
  } finally {
    await tearDown(scene);
  }
}

/** What the person meets at the next start: signed in, or why not. */
async function startAgain({ place, family, authority }: Scene): Promise<Outcome> {
  const stored = await openStore(place).load();
  const isBeyondHelp = authority.counts.rotated > 0 && stored?.tokens.refreshToken !== family.refreshToken;
  const session = openSession(place);
  await session.restore();
  const isLost = await session.accessToken().then(
    (token) => token !== family.accessToken,
    () => true,
  );
  const { state } = session;
  return { isLost, isBeyondHelp, reason: 'reason' in state ? state.reason : state.status };
}

interface Scene {
  readonly authority: RotatingAuthority;
  readonly place: Place;
  readonly family: Family;
}

/** A session whose access token has just expired. */
async function setUp(graceSeconds: number): Promise<Scene> {
  const authority = await startRotatingAuthority(graceSeconds);
  const directory = await mkdtemp(join(tmpdir(), 'deskauth-crash-'));
  const place = { issuer: authority.issuer, directory, graceSeconds };
  const family = authority.signIn();
  await saveSignIn(place, family, Math.floor(Date.now() / 1000) - 1);
  return { authority, place, family };
}

async function tearDown({ authority, place }: Scene): Promise<void> {
  authority.stop();
  await rm(place.directory, { recursive: true, force: true });
}

async function startWorker(): Promise<ChildProcess> {
  // Thousands of starts: what was compiled once is kept.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'deskauth-bench-cache') };
  const worker = fork(new URL('crash-worker.ts', import.meta.url), { env });
  await once(worker, 'message');
  return worker;
}

function format(row: object): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') || '-' : value}`)
    .join('  ');
}
