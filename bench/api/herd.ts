import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccessTokenVerifier, createAccessTokenVerifier } from '@deskauth/resource-server';
import { resourceServer } from '@deskauth/resource-server/fastify';
import { fastify } from 'fastify';
import { startAuthority } from './authority.ts';
import { signTokens } from './tokens.ts';

/** What a thousand requests at once with one new token cost the authorization server. */
export interface HerdResult {
  readonly requests: number;
  /** How many of them were answered with 200. */
  readonly answered: number;
  readonly checks: number;
  readonly userInfoCalls: number;
  readonly introspectionCalls: number;
}

const REQUESTS = 1000;

/** Sends them over a thousand connections to a server that checks JWTs and one that introspects. */
export async function measureHerd(): Promise<HerdResult> {
  const { place, keys, calls, stop } = await startAuthority('RS256');
  const [token = ''] = await signTokens(place, keys, 1);
  const { issuer, audience } = place;
  const common = { issuer, audience, allowHttp: true, timeLimitSeconds: 30 };
  const jwt = createAccessTokenVerifier({ ...common, userInfo: true });
  const introspection = { clientId: 'api', clientSecret: 'secret' };
  const opaque = createAccessTokenVerifier({ ...common, introspection });
  const answered = (await storm(jwt, token)) + (await storm(opaque, 'opaque-token-1'));
  stop();
  return {
    ...{ requests: 2 * REQUESTS, answered, checks: Math.max(jwt.counts.checks, opaque.counts.checks) },
    ...{ userInfoCalls: calls['/userinfo'], introspectionCalls: calls['/introspect'] },
  };
}

async function storm(verifier: AccessTokenVerifier, token: string): Promise<number> {
  const app = fastify();
  await app.register(resourceServer, { verifier, logRequests: false });
  app.get('/private', ({ claims }) => ({ user: claims.userId }));
  await app.ready();
  const server = createServer(app.routing);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2 * REQUESTS, resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ maxSockets: REQUESTS });
  const headers = { authorization: `Bearer ${token}` };
  const call = () =>
    new Promise<number>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: '/private', headers, agent }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      }).once('error', reject);
    });
  const statuses = await Promise.all(Array.from({ length: REQUESTS }, call));
  server.closeAllConnections();
  server.close();
  return statuses.filter((status) => status === 200).length;
}
