import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AuthError } from '@deskauth/session';

/** Slow or greedy clients get this and no more; a browser needs milliseconds and a handful of connections. */
const HEADER_TIME_LIMIT_SECONDS = 5;
const LARGEST_HEADER_BYTES = 16 * 1024;
const MOST_IDLE_CONNECTIONS = 16;
/** A page that is on its way when the listener closes has this long to arrive. */
const LAST_PAGE_TIME_LIMIT_SECONDS = 0.25;

/** Where to listen. */
export interface ListenOptions {
  /** Tried in order; 0 is any free port. */
  readonly ports: readonly number[];
  /** Tried in order, the next one only where the address family does not exist. */
  readonly hosts: readonly string[];
}

/** An HTTP server that only this machine can reach. */
export interface LoopbackServer {
  readonly address: AddressInfo;
  onRequest(listener: RequestListener): void;
  /** Lets the pages that are on their way arrive. */
  flush(): Promise<void>;
  /** Keeps no process alive any more: neither listening nor by a connection. */
  unref(): void;
  /** Lets the pages that are on their way arrive, then leaves nothing open. */
  close(): Promise<void>;
}

/**
 * Opens a {@link LoopbackServer}: one request for each connection.
 * @throws AuthError `AUTH_REDIRECT_UNAVAILABLE`, naming the ports that were taken
 */
export async function openLoopbackServer(options: ListenOptions): Promise<LoopbackServer> {
  const server = createServer({
    headersTimeout: HEADER_TIME_LIMIT_SECONDS * 1000,
    requestTimeout: HEADER_TIME_LIMIT_SECONDS * 1000,
    // Without it the two limits above are looked at every 30 seconds only.
    connectionsCheckingInterval: 1000,
    maxHeaderSize: LARGEST_HEADER_BYTES,
  });
  server.maxRequestsPerSocket = 1;
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
  const idle = keepFewIdle(server);
  const sockets = trackSockets(server);
  const pages = trackPages(server);
  const address = await listenOnFirst(server, options);
  let closing: Promise<void> | undefined;
  return {
    address,
    onRequest: (listener) => server.on('request', listener),
    flush: () => flush(pages),
    unref() {
      server.unref();
      for (const socket of sockets) socket.unref();
      server.on('connection', (socket) => socket.unref());
    },
    close() {
      closing ??= closeServer(server, idle);
      return closing;
    },
  };
}

/** All connections. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** Connections without a whole request. Too many: the oldest go, because the newest may be the person's browser. */
function keepFewIdle(server: Server): ReadonlySet<Socket> {
  const idle = new Set<Socket>();
  server.on('connection', (socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
    const [oldest] = idle;
    if (idle.size > MOST_IDLE_CONNECTIONS) oldest?.destroy();
  });
  server.on('request', (request) => {
    if (request.method !== 'POST') idle.delete(request.socket);
    else request.once('end', () => idle.delete(request.socket));
  });
  return idle;
}

/** Answers that have been begun. */
function trackPages(server: Server): ReadonlySet<ServerResponse> {
  const pages = new Set<ServerResponse>();
  server.on('request', (_request, response) => {
    pages.add(response);
    response.once('close', () => pages.delete(response));
  });
  return pages;
}

async function flush(pages: ReadonlySet<ServerResponse>): Promise<void> {
  const arrivals = [...pages].map((page) => new Promise<void>((resolve) => page.once('close', resolve)));
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    late = setTimeout(resolve, LAST_PAGE_TIME_LIMIT_SECONDS * 1000);
  });
  await Promise.race([Promise.all(arrivals), tooLate]);
  clearTimeout(late);
}

async function closeServer(server: Server, idle: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of idle) socket.destroy();
  const late = setTimeout(() => server.closeAllConnections(), LAST_PAGE_TIME_LIMIT_SECONDS * 1000);
  await closed;
  clearTimeout(late);
}

async function listenOnFirst(server: Server, { hosts, ports }: ListenOptions): Promise<AddressInfo> {
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
