import { resolve } from 'node:path';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import staticFiles from '@fastify/static';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { addSecurityHeaders, allowOrigins } from './browsers.ts';
import { loadRights } from './companies.ts';
import { guardedRoutes } from './routes.ts';
import { parseSettings, type SampleApiSettings } from './settings.ts';

/** A running sample API. */
export interface SampleApi {
  /** Its address, without a trailing slash. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What a test or a recorder may put in place of the machine's own. */
export interface SampleApiPorts {
  /** How the API reaches its authorization server. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

/**
 * Starts the sample API on this machine.
 * @throws Error when a setting is wrong or no port is free
 */
export async function startSampleApi(
  given: SampleApiSettings,
  ports: SampleApiPorts = {},
): Promise<SampleApi> {
  const settings = parseSettings(given);
  const app = await buildApp(settings, ports);
  const url = await listen(app, settings.port ?? 3701);
  app.log.info(`Sample API: ${url}, tokens of ${settings.issuer} for ${settings.audience}`);
  return { url, stop: () => app.close() };
}

async function buildApp(settings: SampleApiSettings, ports: SampleApiPorts): Promise<FastifyInstance> {
  const { issuer, audience, allowHttp = false, allowRehearsal = false } = settings;
  const trust = { issuer, audience, allowHttp, ownClaims: loadRights };
  const verifier = createAccessTokenVerifier({ ...trust, ...ports });
  // The guard writes the request log; fastify's own would hold queries.
  const logController = new LogController({ disableRequestLogging: true });
  const logger = { level: settings.logLevel ?? 'info' };
  const app = fastify({ logger, logController, forceCloseConnections: true });
  addSecurityHeaders(app, issuer);
  allowOrigins(app, settings.origins ?? []);
  app.get('/healthz', () => ({ status: verifier.health.failure ? 'degraded' : 'ok' }));
  await app.register(guardedRoutes, { verifier, allowRehearsal });
  if (settings.staticFolder) await app.register(staticFiles, { root: resolve(settings.staticFolder) });
  return app;
}

/** How many ports after the wanted one are tried. */
const PORTS = 20;

async function listen(app: FastifyInstance, wanted: number): Promise<string> {
  for (let port = wanted; ; port += 1) {
    try {
      return await app.listen({ port, host: '127.0.0.1' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port === wanted + PORTS) throw error;
    }
  }
}
