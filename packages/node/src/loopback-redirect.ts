import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuthError, type OpenRedirect, type RedirectAnswer, type RedirectListener } from '@deskauth/session';
import { sendAnswerPage, sendRefusal } from './answer-page.ts';
import { createAnswerQueue } from './answer-queue.ts';
import { refusalOf } from './loopback-request.ts';

/** How the loopback redirect listens. */
export interface LoopbackRedirectOptions {
  /** Ports to try in order, for authorization servers that compare the port too. @default any free port */
  readonly ports?: readonly number[];
  /** Path of the redirect URI. @default '/callback' */
  readonly path?: string;
  /** What the browser's last page calls the app. @default 'the app' */
  readonly appName?: string;
  /** The address to listen on. @default '127.0.0.1', and '::1' on a machine without IPv4 */
  readonly host?: '127.0.0.1' | '::1';
}

/** Slow or greedy clients get this and no more; a browser needs milliseconds and a handful of connections. */
const HEADER_TIME_LIMIT_SECONDS = 5;
const LARGEST_HEADER_BYTES = 16 * 1024;
const MOST_CONNECTIONS = 16;

/**
 * A loopback redirect (RFC 8252 §7.3): an HTTP listener on this machine only, open no longer than one sign-in.
 * @throws AuthError `AUTH_REDIRECT_UNAVAILABLE` from `open()`, naming the ports that were taken
 */
export function loopbackRedirect(options: LoopbackRedirectOptions = {}): RedirectListener {
  const path = options.path ?? '/callback';
  if (!/^\/[\w\-./~]*$/.test(path))
    throw new AuthError('AUTH_SETTINGS_INVALID', `The redirect path must start with "/", found "${path}".`);
  return {
    async open() {
      const server = createHttpServer();
      const address = await listenOnFirst(server, options);
      return receive(server, address, path, options.appName ?? 'the app');
    },
  };
}

function createHttpServer(): Server {
  const server = createServer({
    headersTimeout: HEADER_TIME_LIMIT_SECONDS * 1000,
    requestTimeout: HEADER_TIME_LIMIT_SECONDS * 1000,
    maxHeaderSize: LARGEST_HEADER_BYTES,
    keepAlive: false,
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
  return server;
}

function receive(
  server: Server,
  { address, port, family }: AddressInfo,
  path: string,
  appName: string,
): OpenRedirect {
  const host = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const queue = createAnswerQueue();
  server.on('request', (request, response) => {
    const refusal = refusalOf(request, { host, path });
    if (refusal) return sendRefusal(response, refusal);
    let isFinished = false;
    const answer: RedirectAnswer = {
      url: `http://${host}${request.url}`,
      finish(outcome) {
        if (isFinished) return;
        isFinished = true;
        sendAnswerPage(response, outcome, appName);
      },
    };
    queue.push(answer);
  });
  return {
    redirectUri: `http://${host}${path}`,
    next: queue.next,
    async close() {
      queue.close();
      await closeServer(server);
    },
  };
}

/** Lets the last page reach the browser, then leaves nothing open. */
async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), 250);
  await closed;
  clearTimeout(late);
}

async function listenOnFirst(server: Server, options: LoopbackRedirectOptions): Promise<AddressInfo> {
  const hosts = options.host ? [options.host] : ['127.0.0.1', '::1'];
  const ports = options.ports ?? [0];
  const faults: string[] = [];
  for (const host of hosts) {
    for (const port of ports) {
      const fault = await listen(server, host, port);
      if (fault === undefined) return server.address() as AddressInfo;
      faults.push(`${host}:${port} (${fault})`);
    }
    // Another family is tried where this one does not exist, not to get around a taken port.
    if (!faults.every((fault) => /EADDRNOTAVAIL|EAFNOSUPPORT/.test(fault))) break;
  }
  throw new AuthError(
    'AUTH_REDIRECT_UNAVAILABLE',
    `The browser's answer cannot be received: none of the ports is free: ${faults.join(', ')}.`,
  );
}

/** Resolves with the fault's code, or undefined once listening. */
function listen(server: Server, host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    server.once('error', fail);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', fail);
      // A listener that breaks later must not end the process: the sign-in ends by its time limit.
      server.on('error', () => {});
      resolve(undefined);
    });
  });
}
