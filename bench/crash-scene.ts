import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, openStore, type Place, saveSignIn } from './bench-session.ts';
import { type Family, type RotatingAuthority, startRotatingAuthority } from './rotating-authority.ts';

/** Where a process is ended: before its nth step, or by the server while its request is there. */
export interface Point {
  readonly name: string;
  readonly killBefore?: number;
  readonly atServer?: 'received' | 'committed';
}

/** What one crash at a point has led to. */
export interface Outcome {
  readonly isLost: boolean;
  readonly reason: string | undefined;
  /** The server had rotated and the new token was not saved: without grace nobody has it any more. */
  readonly isBeyondHelp: boolean;
}

interface Scene {
  readonly authority: RotatingAuthority;
  readonly place: Place;
  readonly family: Family;
}

const AT_SERVER = ['received', 'committed'] as const;

/** The steps of one refresh as they really are, from a run that nobody ends; then what only the server sees. */
export async function listPoints(worker: string): Promise<Point[]> {
  const scene = await setUp(0);
  try {
    const child = await startWorker(worker);
    child.send({ places: [scene.place], killBefore: null });
    const [steps] = (await once(child, 'message')) as [string[]];
    const atServer = AT_SERVER.map((stage) => ({ name: `server: ${stage}`, atServer: stage }));
    return [
      ...steps.map((name, index) => ({ name: `${index + 1} before ${name}`, killBefore: index })),
      ...atServer,
    ];
  } finally {
    await tearDown(scene);
  }
}

/** Ends one process at this point with SIGKILL, and with it so many sessions; starts the app again for each. */
export async function crash(
  worker: string,
  sessions: number,
  point: Point,
  graceSeconds: number,
): Promise<Outcome[]> {
  const scenes = await Promise.all(Array.from({ length: sessions }, () => setUp(graceSeconds)));
  try {
    const child = await startWorker(worker);
    const ended = once(child, 'exit');
    if (point.atServer) killAtServer(child, ended, scenes, point.atServer);
    child.send({ places: scenes.map(({ place }) => place), killBefore: point.killBefore ?? null });
    const [, signal] = await ended;
    if (signal !== 'SIGKILL') throw new Error(`${point.name}: the process ended by itself (${signal})`);
    for (const { authority } of scenes) authority.onRefresh = async () => {};
    return await Promise.all(scenes.map(startAgain));
  } finally {
    await Promise.all(scenes.map(tearDown));
  }
}

/** When the requests of all sessions are at this stage, the process dies, and the servers go on. */
function killAtServer(
  child: ChildProcess,
  ended: Promise<unknown>,
  scenes: readonly Scene[],
  at: Point['atServer'],
): void {
  let missing = scenes.length;
  for (const { authority } of scenes)
    authority.onRefresh = async (stage) => {
      if (stage !== at) return;
      missing -= 1;
      if (missing === 0) child.kill('SIGKILL');
      await ended;
    };
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

async function startWorker(worker: string): Promise<ChildProcess> {
  // Many starts: what was compiled once is kept.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'deskauth-bench-cache') };
  const child = fork(worker, { env, execArgv: [] });
  await once(child, 'message');
  return child;
}
