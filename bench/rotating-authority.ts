import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** All tokens that come from one sign-in. */
export interface Family {
  refreshToken: string;
  accessToken: string;
  isDead: boolean;
}

/** What happened at the token endpoint. */
export interface Counts {
  rotated: number;
  replayed: number;
  refused: number;
}

/** An authorization server on loopback that rotates refresh tokens, kills the family on reuse, and guards an API. */
export interface RotatingAuthority {
  readonly issuer: string;
  readonly counts: Counts;
  /** A sign-in that has just happened. */
  signIn(): Family;
  /** Called while a refresh request is on its way; a test ends a process here. */
  onRefresh: (stage: 'received' | 'committed') => Promise<void>;
  stop(): void;
}

interface Spent {
  readonly family: Family;
  readonly at: number;
  readonly answer: object;
}

const secret = () => randomBytes(24).toString('base64url');

/** Starts one. @param graceSeconds how long the token before the current one still gets the same answer */
export async function startRotatingAuthority(graceSeconds = 0): Promise<RotatingAuthority> {
  const families = new Set<Family>();
  const spent = new Map<string, Spent>();
  const counts: Counts = { rotated: 0, replayed: 0, refused: 0 };
  const server = createServer((request, response) => void answer(request, response));
  // A crowd at one moment is no fault of its network: it waits in line, and its connections are kept between rounds.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const authority: RotatingAuthority = {
    issuer,
    counts,
    signIn() {
      const family = { refreshToken: secret(), accessToken: secret(), isDead: false };
      families.add(family);
      return family;
    },
    onRefresh: async () => {},
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/.well-known/openid-configuration')
      return send(response, 200, {
        ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
        ...{ jwks_uri: `${issuer}/keys`, response_types_supported: ['code'] },
      });
    if (request.url === '/token') return refresh(new URLSearchParams(await text(request)), response);
    const bearer = request.headers.authorization?.replace('Bearer ', '');
    const isGood = [...families].some((family) => !family.isDead && family.accessToken === bearer);
    send(response, isGood ? 200 : 401, {});
  }

  async function refresh(parameters: URLSearchParams, response: ServerResponse): Promise<void> {
    await authority.onRefresh('received');
    const answer = rotate(parameters.get('refresh_token') ?? '');
    await authority.onRefresh('committed');
    send(response, answer ? 200 : 400, answer ?? { error: 'invalid_grant' });
  }

  /** RFC 9700 §4.14.2: whoever shows a spent token ends the family, because one of the two is a thief. */
  function rotate(token: string): object | undefined {
    const before = spent.get(token);
    if (before && !before.family.isDead && Date.now() - before.at < graceSeconds * 1000) {
      counts.replayed += 1;
      return before.answer;
    }
    const family = before?.family ?? [...families].find(({ refreshToken }) => refreshToken === token);
    if (!family || before || family.isDead) {
      if (family) family.isDead = true;
      counts.refused += 1;
      return undefined;
    }
    family.refreshToken = secret();
    family.accessToken = secret();
    const tokens = { access_token: family.accessToken, refresh_token: family.refreshToken };
    const answer = { ...tokens, token_type: 'Bearer', expires_in: 300 };
    spent.set(token, { family, at: Date.now(), answer });
    counts.rotated += 1;
    return answer;
  }

  return authority;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
