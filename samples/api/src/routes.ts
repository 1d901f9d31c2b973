import type { AccessTokenVerifier } from '@deskauth/resource-server';
import { resourceServer } from '@deskauth/resource-server/fastify';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { listCompanies, listTransactions } from './companies.ts';

/** What the routes need. */
export interface ApiRoutesOptions {
  readonly verifier: AccessTokenVerifier;
  readonly allowRehearsal: boolean;
  /** An absolute path. */
  readonly staticFolder: string | undefined;
}

/** The addresses of the API. All need an access token, those that do not exist too, unless they say otherwise. */
export async function apiRoutes(app: FastifyInstance, options: ApiRoutesOptions): Promise<void> {
  const { verifier, allowRehearsal, staticFolder } = options;
  await app.register(resourceServer, { verifier });
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  if (allowRehearsal) app.addHook('preHandler', rehearse);

  app.get('/api/companies', { config: { scope: 'companies:read' } }, ({ claims }) =>
    listCompanies(claims.own),
  );
  app.get<{ Params: { id: string } }>(
    '/api/companies/:id/transactions',
    { config: { scope: 'transactions:read' } },
    ({ claims, params }) => listTransactions(params.id, claims.own),
  );
  app.get('/api/userinfo', ({ claims: { userId, token, userInfo, own } }) => {
    return { userId, name: userInfo?.name ?? token.name ?? own.name ?? userId, regions: own.regions };
  });
  app.get('/private', () => 'Only authenticated users can read this message');

  app.get('/healthz', { config: { public: true } }, () => ({
    status: verifier.health.failure ? 'degraded' : 'ok',
  }));
  // For web apps whose provider lets no page fetch its signing keys.
  app.get('/jwks', { config: { public: true } }, (_, reply) => {
    reply.header('cache-control', 'public, max-age=300');
    return verifier.keySet();
  });
  if (staticFolder) await app.register(webApp, { root: staticFolder });
}

/** The files of a web app, for everybody. */
async function webApp(app: FastifyInstance, { root }: { readonly root: string }): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, public: true };
  });
  await app.register(staticFiles, { root, dotfiles: 'ignore' });
}

/** Fails on purpose, so that a developer can follow the error id from the log to the screen. */
async function rehearse({ headers }: { headers: Record<string, unknown> }): Promise<void> {
  if (headers['x-deskauth-rehearse'] === 'fail') throw new Error('A failure was asked for, to rehearse one.');
}
