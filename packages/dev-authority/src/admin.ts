import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AdminAccess } from './admin-access.ts';
import type { Fault, Faults } from './faults.ts';
import { addressOf, closeServer, listenOnFreePort } from './listen.ts';
import type { RefreshTokenFilter } from './refresh-tokens.ts';
import type { StateStore } from './state-store.ts';

/** What can be administered. */
export interface AdminParts {
  readonly faults: Faults;
  readonly store: StateStore;
  rotateSigningKey(): Promise<void>;
}

/** The administration, running. */
export interface Admin extends AdminAccess {
  stop(): Promise<void>;
}

/**
 * Serves what an administrator may do, away from what apps can reach: on a port of its own, under a token that is made
 * now, and not for pages in a browser.
 * @param headerFile where the header is put until the end; git must know nothing of it
 * @throws Error when no port is free, or the file cannot be written
 */
export async function startAdmin(
  host: string,
  headerFile: string | undefined,
  parts: AdminParts,
): Promise<Admin> {
  const token = randomBytes(32).toString('base64url');
  const server = createServer();
  const port = await listenOnFreePort(server, { host, port: 0, portStrict: true });
  const url = addressOf(host, port);
  server.on('request', createListener(new URL(url).host, token, parts));
  if (headerFile) await writeFile(headerFile, `Authorization: Bearer ${token}\n`, { mode: 0o600 });
  return {
    ...{ url, token, headerFile },
    async stop() {
      if (headerFile) await rm(headerFile, { force: true });
      await closeServer(server);
    },
  };
}

/** Refuses a request, in words. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function createListener(name: string, token: string, parts: AdminParts): RequestListener {
  return async (request, response) => {
    const send = (status: number, body: unknown) => {
      const text = `${JSON.stringify(body, null, 2)}\n`;
      response
        .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        .end(text);
    };
    try {
      requireAdministrator(request, name, token);
      send(200, await act(request, new URL(`http://${name}${request.url}`), parts));
    } catch (error) {
      const status = error instanceof Refusal ? error.status : error instanceof TypeError ? 400 : 500;
      if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="deskauth development admin"');
      send(status, { error: (error as Error).message });
    }
  };
}

/** A browser says in `Origin` that a page asks, and a name that was bent to this machine is in `Host`. */
function requireAdministrator({ headers }: IncomingMessage, name: string, token: string): void {
  if (headers.host !== name) throw new Refusal(421, `This administration answers only as ${name}.`);
  if (headers.origin !== undefined) throw new Refusal(403, 'This administration does not answer to pages.');
  const [, given = ''] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (!timingSafeEqual(digestOf(given), digestOf(token)))
    throw new Refusal(401, 'The token of the administration is missing or not the one of this start.');
}

const digestOf = (text: string) => createHash('sha256').update(text).digest();

/** One line per thing that can be done; the answer is what came of it. */
async function act(request: IncomingMessage, url: URL, parts: AdminParts): Promise<unknown> {
  const { faults, store, rotateSigningKey } = parts;
  const { collection, id } = parsePath(url);
  const query = url.searchParams;
  switch (`${request.method} /${collection}${id === undefined ? '' : '/ID'}`) {
    case 'GET /faults':
      requireNames(query, []);
      return faults
        .list()
        .map(({ left, ...fault }) => ({ ...fault, left: Number.isFinite(left) ? left : 'all' }));
    case 'POST /faults':
      requireNames(query, []);
      return { id: faults.add(await readJson(request)) };
    case 'DELETE /faults':
    case 'DELETE /faults/ID':
      requireNames(query, []);
      return { removed: faults.remove(id) };
    case 'GET /refresh-tokens':
    case 'GET /refresh-tokens/ID':
      return store.listRefreshTokens(parseFilter(query, id));
    case 'DELETE /refresh-tokens':
    case 'DELETE /refresh-tokens/ID':
      return { revoked: store.revokeRefreshTokens(parseFilter(query, id)) };
    case 'DELETE /sessions':
      requireNames(query, ['sub']);
      return { ended: store.endSessions(query.get('sub') ?? undefined) };
    case 'POST /signing-keys':
      requireNames(query, []);
      await rotateSigningKey();
      return { rotated: true };
    default:
      throw new Refusal(404, `There is no ${request.method} ${url.pathname} here.`);
  }
}

/** The name of a collection, and of one thing in it. */
function parsePath(url: URL): { collection: string; id: string | undefined } {
  const [, collection = '', id, ...more] = url.pathname.split('/');
  try {
    if (more.length === 0 && id !== '') return { collection, id: id && decodeURIComponent(id) };
  } catch {}
  throw new Refusal(404, `There is no ${url.pathname} here.`);
}

/** A name that is not known would choose more than was meant. */
function requireNames(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys())
    if (!known.includes(name))
      throw new TypeError(`${name} chooses nothing here; there is ${known.join(', ') || 'no such thing'}.`);
}

const FILTERS = ['sub', 'client_id', 'issued_from', 'issued_before'];

function parseFilter(query: URLSearchParams, hash: string | undefined): RefreshTokenFilter {
  requireNames(query, FILTERS);
  return {
    hash,
    sub: query.get('sub') ?? undefined,
    clientId: query.get('client_id') ?? undefined,
    issuedFrom: parseTime('issued_from', query),
    issuedBefore: parseTime('issued_before', query),
  };
}

/** Seconds since the epoch, or a date as people write it in ISO 8601. */
function parseTime(name: string, query: URLSearchParams): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (Number.isFinite(seconds)) return seconds;
  throw new TypeError(`${name} is '${text}'; expected seconds since the epoch, or a date as in ISO 8601.`);
}

const MAX_BYTES = 64 * 1024;

/** @throws TypeError when it is not JSON; what it says is checked by whoever uses it */
async function readJson(request: IncomingMessage): Promise<Fault> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Refusal(413, `At most ${MAX_BYTES} bytes are read.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new TypeError('The body is not JSON.');
  }
}
