import type { AccessTokenVerifier } from '@deskauth/resource-server';
import { resourceServer } from '@deskauth/resource-server/fastify';
import type { FastifyInstance } from 'fastify';
import { listCompanies, listTransactions } from './companies.ts';

/** What the guarded routes need. */
export interface GuardedRoutesOptions {
  readonly verifier: AccessTokenVerifier;
  readonly allowRehearsal: boolean;
}

/** The addresses that need an access token: the data of the user who calls. */
export async function guardedRoutes(app: FastifyInstance, options: GuardedRoutesOptions): Promise<void> {
  await app.register(resourceServer, { verifier: options.verifier });
  if (options.allowRehearsal) app.addHook('preHandler', rehearse);

  app.get('/api/companies', { config: { scope: 'companies:read' } }, ({ claims }) =>
    listCompanies(claims.own),
  );
  app.get<{ Params: { id: string } }>(
    '/api/companies/:id/transactions',
    { config: { scope: 'transactions:read' } },
    ({ claims, params }) => listTransactions(params.id, claims.own),
  );
  app.get('/api/userinfo', ({ claims: { userId, token, own } }) => {
    return { userId, name: token.name ?? own.name ?? userId, regions: own.regions };
  });
  app.get('/private', () => 'Only authenticated users can read this message');
}

/** Fails on purpose, so that a developer can follow the error id from the log to the screen. */
async function rehearse({ headers }: { headers: Record<string, unknown> }): Promise<void> {
  if (headers['x-deskauth-rehearse'] === 'fail') throw new Error('A failure was asked for, to rehearse one.');
}
