import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const AUDIENCE = 'https://api.deskauth.example';

/** The endpoints whose calls are counted, by path. */
export type Endpoint = 'discovery' | 'keys' | 'introspection' | 'userinfo';

/** How an endpoint can misbehave. `down`: the connection is cut; `hang`: no answer ever; `drip`: a body without end. */
export type Fault = 'down' | 'hang' | 'drip' | 'error' | 'html' | 'redirect' | 'huge' | 'truncated' | 'array';

interface SeenRequest {
  readonly endpoint: Endpoint;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  readonly url: string;
  readonly body: string;
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

interface NamedKeys {
  readonly kid: string;
  readonly alg: string;
  readonly pair: Keys;
}

/** Overrides of a token; a value of undefined leaves the claim or parameter out. */
export interface TokenParts {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: NamedKeys;
}

const PATHS: Record<string, Endpoint> = {
  '/.well-known/openid-configuration': 'discovery',
  '/keys': 'keys',
  '/introspect': 'introspection',
  '/userinfo': 'userinfo',
};

const made = new Map<string, Promise<Keys>>();

/** Key pairs are slow to make: tests of one process share them by name. */
export async function keysOf(kid: string, alg = 'RS256'): Promise<NamedKeys> {
  const name = `${kid} ${alg}`;
  const pair = made.get(name) ?? generateKeyPair(alg, { extractable: true });
  made.set(name, pair);
  return { kid, alg, pair: await pair };
}

/** A real authorization server as far as an API can see: metadata, keys, introspection, userinfo; it counts and fails. */
export async function startIssuer() {
  let signing = await keysOf('key-1');
  const state = {
    published: [signing],
    faults: new Map<Endpoint, Fault>(),
    answers: new Map<Endpoint, (request: IncomingMessage, body: string) => unknown>(),
    counts: { discovery: 0, keys: 0, introspection: 0, userinfo: 0 },
    followed: 0,
    delaySeconds: 0,
    types: new Map<Endpoint, string>(),
    requests: [] as SeenRequest[],
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const documents: Record<Endpoint, () => unknown> = {
    discovery: () => ({
      issuer,
      jwks_uri: `${issuer}/keys`,
      introspection_endpoint: `${issuer}/introspect`,
      userinfo_endpoint: `${issuer}/userinfo`,
    }),
    keys: async () => ({ keys: await Promise.all(state.published.map(publicJwk)) }),
    introspection: () => ({ active: false }),
    userinfo: () => ({ sub: 'user-europe', name: 'Europe Analyst' }),
  };

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const [path = ''] = (request.url ?? '').split('?');
    if (path.startsWith(REDIRECTED)) state.followed += 1;
    const endpoint = PATHS[path.replace(REDIRECTED, '')];
    let body = '';
    for await (const chunk of request) body += chunk;
    if (!endpoint) return response.writeHead(404).end();
    state.counts[endpoint] += 1;
    state.requests.push({
      endpoint,
      authorization: request.headers.authorization,
      accept: request.headers.accept,
      url: request.url ?? '',
      body,
    });
    await new Promise((resolve) => setTimeout(resolve, state.delaySeconds * 1000));
    const fault = path.startsWith(REDIRECTED) ? undefined : state.faults.get(endpoint);
    const answer = await (state.answers.get(endpoint) ?? documents[endpoint])(request, body);
    if (fault) return misbehave(fault, response, path, JSON.stringify(answer));
    const type = state.types.get(endpoint);
    const content = { 'content-type': type ?? 'application/json' };
    return response.writeHead(200, content).end(type ? String(answer) : JSON.stringify(answer));
  }

  return {
    issuer,
    counts: state.counts,
    /** How many redirects were followed to where the good answer is. */
    followed: () => state.followed,
    requests: state.requests,
    /** Makes one endpoint, or all of them, misbehave; without a fault it is well again. */
    fail(fault: Fault | undefined, endpoints: readonly Endpoint[] = Object.values(PATHS)) {
      for (const endpoint of endpoints)
        fault ? state.faults.set(endpoint, fault) : state.faults.delete(endpoint);
    },
    /** Makes every answer take that long, in seconds. */
    delay(seconds: number) {
      state.delaySeconds = seconds;
    },
    /** Replaces what an endpoint answers. */
    answer(endpoint: Endpoint, build: (request: IncomingMessage, body: string) => unknown) {
      state.answers.set(endpoint, build);
    },
    /** Makes an endpoint answer with a text of this type instead of JSON. */
    answerType(endpoint: Endpoint, type: string | undefined) {
      type ? state.types.set(endpoint, type) : state.types.delete(endpoint);
    },
    /** Publishes these keys, and signs with the first of them from now on. */
    async rotate(...keys: NamedKeys[]) {
      state.published = keys;
      signing = keys[0] ?? signing;
    },
    /** An access token like a good server makes them, but for the overrides. */
    async token({ claims = {}, header = {}, key = signing }: TokenParts = {}): Promise<string> {
      const now = Math.floor(Date.now() / 1000);
      const usual = {
        ...{
          iss: issuer,
          aud: AUDIENCE,
          sub: 'user-europe',
          client_id: 'desktop-app',
          jti: crypto.randomUUID(),
        },
        ...{ scope: 'companies:read transactions:read', iat: now - 60, exp: now + 1800 },
      };
      const protectedHeader = { alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader(protectedHeader)
        .sign(key.pair.privateKey, { crit: { x: true } });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>;

async function publicJwk({ kid, alg, pair }: NamedKeys): Promise<JWK> {
  return { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' };
}

/** Where a redirect leads: the same document, without the fault, so that whoever follows it gets what they want. */
const REDIRECTED = '/redirected';

function misbehave(fault: Fault, response: ServerResponse, path: string, good: string): void {
  if (fault === 'hang') return;
  if (fault === 'down') return void response.socket?.destroy();
  const [status, body] = {
    drip: [200, good.slice(0, -1)],
    error: [500, good],
    html: [200, '<!doctype html><title>Sign in to this network</title>'],
    redirect: [302, good],
    huge: [200, good + ' '.repeat(2_000_000)],
    truncated: [200, good.slice(0, -1)],
    array: [200, `[${good}]`],
  }[fault] as [number, string];
  response.writeHead(status, { 'content-type': 'application/json', location: REDIRECTED + path });
  fault === 'drip' ? response.write(body) : response.end(body);
}

/** A JWT by hand, for what a signing library refuses to make. */
export function assemble(header: unknown, payload: string, signature = 'AAAA'): string {
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  return `${encode(JSON.stringify(header))}.${encode(payload)}.${signature}`;
}
