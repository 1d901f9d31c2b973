import { parseArgs } from 'node:util';
import {
  createHttpBrowser,
  createKeyRing,
  type Fault,
  faults,
  type HttpBrowser,
  type KeyRing,
  startHostileAuthority,
} from '../testing/hostile-authority/src/index.ts';
import type { Client } from './hostile/client.ts';
import { deskauth } from './hostile/deskauth.ts';
import { msalNode } from './hostile/msal-node.ts';
import { oidcClientTs } from './hostile/oidc-client-ts.ts';
import { openidClient, openidClientStrict } from './hostile/openid-client.ts';
import { renderRows } from './table.ts';

/**
 * What a client made of a fault. `accepted`: the person is signed in, or something was sent to a stranger. `refused`:
 * an error, or an answer that was ignored while the sign-in goes on waiting. `hung`: neither after {@link PATIENCE}.
 */
type Ending = 'refused' | 'accepted' | 'hung' | 'crashed' | 'not tried';

interface Row {
  readonly fault: string;
  readonly wanted: Ending;
  readonly endings: Readonly<Record<string, Ending>>;
}

const clients: readonly Client[] = [deskauth, openidClient, openidClientStrict, oidcClientTs, msalNode];
const PATIENCE = 4000;

/** The measure of all others: who cannot sign in here has refused nothing. */
const honest: Fault = { id: '', name: 'no lie at all', bend: {}, expect: 'signed-in' };

/** Throws every fault at every client, one after the other. Exit code 0: our session has no wrong ending. */
export async function run(words: readonly string[]): Promise<number> {
  const options = {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const keys = await createKeyRing();
  const rows: Row[] = [];
  for (const fault of [honest, ...faults.filter(({ id }) => id.startsWith(values.only))]) {
    const endings: Record<string, Ending> = {};
    for (const client of clients) endings[client.name] = await throwAt(client, fault, keys);
    const wanted = fault.expect === 'signed-in' || fault.strangers ? 'accepted' : 'refused';
    rows.push({ fault: `${fault.id} ${fault.name}`.trim(), wanted, endings });
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 1)}\n` : renderTable(rows));
  // Some clients never let go of their listener.
  setTimeout(() => process.exit(), 500).unref();
  return rows.every(({ wanted, endings }) => endings[deskauth.name] === wanted) ? 0 : 1;
}

async function throwAt(client: Client, fault: Fault, keys: KeyRing): Promise<Ending> {
  if (client.skips(fault) !== undefined) return 'not tried';
  const isPublic = fault.isPublic ?? client.needsPublicIssuer;
  const authority = await startHostileAuthority({ bend: fault.bend, keys, isPublic });
  const browser = createHttpBrowser(authority.fetch);
  // Some clients take no fetch: they find the server's public name this way.
  const itsFetch = globalThis.fetch;
  globalThis.fetch = authority.fetch;
  const { promise: crashed, resolve: crash } = withResolvers<Ending>();
  const onCrash = () => crash('crashed');
  process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
  const ended = client.signIn(fault, authority, browser, keys).then(
    () => 'accepted' as const,
    () => 'refused' as const,
  );
  const ending = await Promise.race([crashed, ended, untilIgnored(fault, browser), after(PATIENCE, 'hung')]);
  globalThis.fetch = itsFetch;
  process.off('uncaughtException', onCrash).off('unhandledRejection', onCrash);
  await authority.stop();
  return authority.asked.strangers.length > 0 ? 'accepted' : ending;
}

/** An answer that is none for us: every page has loaded, and the sign-in still waits, as it should. */
async function untilIgnored(fault: Fault, browser: HttpBrowser): Promise<Ending> {
  await after(PATIENCE / 8, 'hung');
  await browser.idle;
  return after(fault.expect === 'waiting' ? 0 : 2 * PATIENCE, 'refused');
}

function after(milliseconds: number, ending: Ending): Promise<Ending> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, ending).unref());
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}

function renderTable(rows: readonly Row[]): string {
  const names = clients.map(({ name }) => name);
  const count = (name: string, test: (row: Row) => boolean) =>
    String(rows.filter((row) => row.endings[name] !== 'not tried' && test(row)).length);
  const wrongs = (name: string) => (row: Row) => row.endings[name] !== row.wanted;
  const details = rows
    .filter((row) => names.some((name) => wrongs(name)(row) && row.endings[name] !== 'not tried'))
    .map((row) => [row.fault, row.wanted, ...names.map((name) => mark(row, name))]);
  const sums = [
    ...(['refused', 'accepted', 'hung', 'crashed'] as const).map((ending) => [
      ending,
      ...names.map((name) => count(name, (row) => row.endings[name] === ending)),
    ]),
    ['wrong', ...names.map((name) => count(name, wrongs(name)))],
    ['of', ...names.map((name) => count(name, () => true))],
  ];
  return [
    'Endings that differ from what is wanted, client by client:\n',
    renderRows([['fault', 'wanted', ...names], ...details]),
    '\nAll faults:\n',
    renderRows([['', ...names], ...sums]),
    NOTE,
  ].join('\n');
}

const NOTE = `
accepted: signed in, or something was sent to a stranger. refused: an error, or an answer that was ignored while the
sign-in goes on waiting. –: says nothing about this client. A client may leave the signature of an ID token unchecked
that it fetched over TLS (OpenID Connect Core, section 3.1.3.7, item 6): oidc-client-ts and @azure/msal-node rely on
that, openid-client until told otherwise.
`;

function mark({ wanted, endings }: Row, name: string): string {
  const ending = endings[name] ?? 'not tried';
  if (ending === 'not tried') return '–';
  return ending === wanted ? '·' : ending;
}
