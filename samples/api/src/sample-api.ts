import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import { crossOrigin } from '@deskauth/resource-server/fastify';
import { addSecurityHeaders } from './browsers.ts';
import { loadRights } from './companies.ts';
import { apiRoutes } from './routes.ts';
import { createServer, listen } from './server.ts';
import { requireSampleSettings, type SampleApiSettings } from './settings.ts';

/** A running sample API. */
export interface SampleApi {
  /** Its address, without a trailing slash. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What a test or a recorder may put in place of the machine's own. */
export interface SampleApiPorts {
  /** How the API reaches its authorization server. @default fetch, through the proxy of the settings */
  readonly fetch?: typeof fetch;
}

/**
 * Starts the sample API on this machine.
 * @throws Error when a setting is wrong or no port is free
 */
export async function startSampleApi(
  settings: SampleApiSettings,
  ports: SampleApiPorts = {},
): Promise<SampleApi> {
  requireSampleSettings(settings);
  const { port, host, https, origins, staticFolder, allowRehearsal, logLevel, ...trust } = settings;
  const verifier = createAccessTokenVerifier({ ...trust, ...ports, ownClaims: loadRights });
  const app = await createServer(settings, verifier);
  addSecurityHeaders(app, settings.issuer);
  const headers = ['x-deskauth-rehearse'];
  await app.register(crossOrigin, { origins: origins ?? [], methods: ['GET'], headers });
  await app.register(apiRoutes, {
    ...{ verifier, allowRehearsal: allowRehearsal ?? false },
    staticFolder: staticFolder === undefined ? undefined : await requireFolder(staticFolder),
  });
  const url = await listen(app, settings);
  app.log.info(`Sample API: ${url}, tokens of ${settings.issuer} for ${settings.audience}`);
  return { url, stop: () => app.close() };
}

async function requireFolder(folder: string): Promise<string> {
  const path = resolve(folder);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Error(`key "staticFolder": ${path} is no folder.`);
  return path;
}
