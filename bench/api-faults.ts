import { parseArgs } from 'node:util';
import {
  type Answer,
  type ApiProcess,
  createApiProcess,
  PATIENCE_SECONDS,
} from './api-faults/api-process.ts';
import { type Client, clients, ours } from './api-faults/clients.ts';
import type { ApiFault, Right } from './api-faults/fault.ts';
import { keyFaults } from './api-faults/key-faults.ts';
import { openScene } from './api-faults/scene.ts';
import { serverFaults } from './api-faults/server-faults.ts';
import { tokenFaults } from './api-faults/token-faults.ts';
import { renderRows } from './table.ts';

/** What came of one fault at one API. */
interface Result {
  readonly isRight: boolean;
  /** How often each answer was given. */
  readonly answers: Readonly<Record<string, number>>;
  /** Made to the authorization server. */
  readonly calls: number;
  readonly seconds: number;
}

interface Row {
  readonly fault: string;
  readonly wanted: { readonly jwt?: Right; readonly introspection?: Right };
  readonly results: Record<string, Result>;
}

/** No caller, however patient the library, waits for longer than this for one row, in seconds. */
const ROW_SECONDS = 60;

/** Does every fault to every guarded API, side by side. Exit code 0: ours is right in every row. */
export async function run(words: readonly string[]): Promise<number> {
  const options = {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const faults = [...serverFaults, ...keyFaults, ...tokenFaults].filter(({ id, name }) =>
    `${id} ${name}`.includes(values.only),
  );
  const rows = faults.map(({ id, name, jwt, introspection }): Row => {
    const wanted = { ...(jwt && { jwt }), ...(introspection && { introspection }) };
    return { fault: `${id} ${name}`, wanted, results: {} };
  });
  await Promise.all(clients.map((api) => tryAll(api, faults, rows)));
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 1)}\n` : renderTable(rows));
  // Some libraries never let go of a connection.
  setTimeout(() => process.exit(), 500).unref();
  const isRight = ({ results }: Row) => ours.every(({ name }) => results[name]?.isRight !== false);
  return rows.every(isRight) ? 0 : 1;
}

async function tryAll(api: Client, faults: readonly ApiFault[], rows: readonly Row[]): Promise<void> {
  const server = createApiProcess(api.name);
  for (const [i, fault] of faults.entries()) {
    const right = fault[api.kind];
    if (!right || (fault.only && !api[fault.only])) continue;
    const result = await tryOne(api, server, fault, right);
    const row = rows[i];
    if (row) row.results[api.name] = result;
  }
  server.stop();
}

async function tryOne(api: Client, server: ApiProcess, fault: ApiFault, right: Right): Promise<Result> {
  const scene = await openScene(api, server, fault.keysAge ?? false);
  try {
    const tooLong = new Promise<readonly Answer[]>((resolve) => {
      setTimeout(resolve, ROW_SECONDS * 1000, ['silence']).unref();
    });
    const answers = await Promise.race([fault.run(scene), tooLong]);
    const { calls, seconds } = scene.measure();
    const counted = fault.countsChecks ? await scene.work() : calls;
    const isRight =
      answers.every((answer) => right.answers.includes(answer)) && counted <= (right.calls ?? counted);
    return { isRight, answers: countEach(answers), calls: counted, seconds: Math.round(seconds * 10) / 10 };
  } finally {
    await scene.stop();
  }
}

function countEach(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

function renderTable(rows: readonly Row[]): string {
  const names = clients.map(({ name }) => name);
  const letters = names.map((_, i) => String.fromCharCode(97 + i));
  const cells = rows.map(({ fault, wanted, results }) => [
    ...[fault, renderWanted(Object.values(wanted))],
    ...names.map((name) => renderResult(results[name])),
  ]);
  const wrong = (name: string) => rows.filter(({ results }) => results[name]?.isRight === false).length;
  const tried = (name: string) => rows.filter(({ results }) => results[name]).length;
  const sums = ['wrong, of those tried', '', ...names.map((name) => `${wrong(name)} of ${tried(name)}`)];
  const legend = clients.map(({ label }, i) => [letters[i] ?? '', label]);
  return [renderRows(legend), renderRows([['fault', 'wanted', ...letters], ...cells, sums]), NOTE].join('\n');
}

const renderWanted = (rights: readonly Right[]) =>
  [...new Set(rights.flatMap(({ answers }) => answers))].join(' or ');

const NOTE = `Each cell: what callers got, the seconds until the last of them had it, and the calls made to the authorization server.
! is not what is wanted. silence: nothing within ${PATIENCE_SECONDS} s. –: says nothing about this one. Keys live for 1 s in the rows where
they age, and 1 s lies between two fetches for unknown keys, for all that have such a setting; else every library has its
own defaults. aws-jwt-verify fetches over https only: its fetcher is replaced.
`;

/** The answer that matters: the rarest, since the usual one was expected. */
function renderResult(result: Result | undefined): string {
  if (!result) return '–';
  const [[answer] = ['']] = Object.entries(result.answers).sort(([, a], [, b]) => a - b);
  const mixed = Object.keys(result.answers).length > 1 ? '*' : '';
  return `${result.isRight ? ' ' : '!'}${answer}${mixed} ${result.seconds}s ${result.calls}`;
}
