import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { type AccessTokenVerifier, answerClientErrors } from '@deskauth/resource-server';
import { answerFrameworkErrors } from '@deskauth/resource-server/fastify';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { SampleApiSettings } from './settings.ts';

/** Creates the server, with https where the settings name a certificate. @throws Error when a PEM file cannot be read */
export async function createServer(
  settings: SampleApiSettings,
  verifier: AccessTokenVerifier,
): Promise<FastifyInstance> {
  const certificate = settings.https && (await loadCertificate(settings.https));
  const app: FastifyInstance = fastify({
    logger: { level: settings.logLevel ?? 'info' },
    // The guard writes the request log; fastify's own would hold queries.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    frameworkErrors: answerFrameworkErrors(verifier),
    clientErrorHandler: (error, socket) => answerClientErrors(verifier, app.log)(error, socket),
    serverFactory: (listener) =>
      certificate ? createHttpsServer(certificate, listener) : createHttpServer(listener),
  });
  return app;
}

async function loadCertificate(files: NonNullable<SampleApiSettings['https']>) {
  const load = (key: 'cert' | 'key') =>
    readFile(files[key]).catch(({ code }: NodeJS.ErrnoException) => {
      throw new Error(`key "https.${key}": ${files[key]} cannot be read (${code}). Give a PEM file.`);
    });
  const pair = { cert: await load('cert'), key: await load('key') };
  try {
    createSecureContext(pair);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `key "https": ${files.cert} and ${files.key} are no certificate and its key (${code}). Give two PEM files that belong together.`,
    );
  }
  return pair;
}

/** How many ports after the wanted one are tried. */
const PORTS = 20;

/** Listens at the wanted port or the next free one. @returns the address, without a trailing slash */
export async function listen(app: FastifyInstance, settings: SampleApiSettings): Promise<string> {
  const { port: wanted = 3701, host = '127.0.0.1' } = settings;
  for (let port = wanted; ; port += 1) {
    try {
      const url = await app.listen({ port, host });
      return settings.https ? url.replace(/^http:/, 'https:') : url;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && port < wanted + PORTS) continue;
      throw new Error(
        `keys "host" and "port": ${host}:${port} cannot be listened at (${code}). Give an address of this machine and a free port.`,
      );
    }
  }
}
