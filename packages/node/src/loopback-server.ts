import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as Listener, Socket } from 'node:net';
import { type ListenOptions, listenOnFirst } from './loopback-listen.ts';

/** Slow or greedy clients get this and no more; a browser needs milliseconds and a handful of connections. */
const HEADER_TIME_LIMIT_SECONDS = 5;
const LARGEST_HEADER_BYTES = 16 * 1024;
const MOST_IDLE_CONNECTIONS = 16;
/** A page that is on its way when the listener closes has this long to arrive. */
const LAST_PAGE_TIME_LIMIT_SECONDS = 0.25;

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
  const listeners = await listenOnFirst(server, options);
  let closing: Promise<void> | undefined;
  return {
    address: server.address() as AddressInfo,
    onRequest: (listener) => server.on('request', listener),
    flush: () => flush(pages),
    unref() {
      for (const listener of listeners) listener.unref();
      for (const socket of sockets) socket.unref();
      server.on('connection', (socket) => socket.unref());
    },
    close() {
      closing ??= closeAll(server, listeners, idle);
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

async function closeAll(
  server: Server,
  listeners: readonly Listener[],
  idle: ReadonlySet<Socket>,
): Promise<void> {
  const closed = Promise.all(
    listeners.map((listener) => new Promise<void>((resolve) => listener.close(() => resolve()))),
  );
  for (const socket of idle) socket.destroy();
  const late = setTimeout(() => server.closeAllConnections(), LAST_PAGE_TIME_LIMIT_SECONDS * 1000);
  await closed;
  clearTimeout(late);
}
