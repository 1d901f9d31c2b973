import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** Where to listen. */
export interface ListenSettings {
  host: string;
  /** 0 means any. */
  port: number;
  portStrict: boolean;
}

const ATTEMPTS = 50;

/**
 * Listens on the wanted port or the next free one.
 * @returns the port
 * @throws Error naming the address when it is taken (and all that may be tried after it) or not allowed
 */
export async function listenOnFreePort(server: Server, settings: ListenSettings): Promise<number> {
  const { host, port, portStrict } = settings;
  const last = portStrict ? port : Math.min(port + ATTEMPTS, 65_535);
  for (let candidate = port; candidate <= last; candidate += 1) {
    if (await tryListen(server, host, candidate)) return (server.address() as AddressInfo).port;
  }
  const tried = port === last ? `port ${port}` : `the ports ${port} to ${last}`;
  throw new Error(
    `The development authority cannot listen on ${host}: ${tried} taken. Name another port, or 0 for any.`,
  );
}

async function tryListen(server: Server, host: string, port: number): Promise<boolean> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Where a server on this host and port is reached, without a slash at the end. */
export function addressOf(host: string, port: number, protocol: 'http' | 'https' = 'http'): string {
  // An origin has no port where that is the usual one.
  return new URL(`${protocol}://${host === '::1' ? '[::1]' : host}:${port}`).origin;
}

/** Ends it at once, with the connections that are open. */
export function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
