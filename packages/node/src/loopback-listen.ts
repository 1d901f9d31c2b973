import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { AuthError } from '@deskauth/session';

/** Where to listen. */
export interface ListenOptions {
  /** Tried in order; 0 is any free port. */
  readonly ports: readonly number[];
  /** Tried in order, the next one only where the address family does not exist. */
  readonly hosts: readonly string[];
  /** Listens at all hosts that exist, on one port: for a name that may lead a browser to any of them. @default false */
  readonly atAllHosts?: boolean | undefined;
}

/** A port that is free in one address family may be taken in the other. */
const ANY_PORT_ATTEMPTS: readonly number[] = Array.from({ length: 8 }, () => 0);

/**
 * Has an HTTP server listen at the first of these places that is free.
 * @returns what listens: the server, and what passes on the connections of further hosts
 * @throws AuthError `AUTH_REDIRECT_UNAVAILABLE`, naming the ports that were taken
 */
export async function listenOnFirst(
  server: HttpServer,
  { hosts, ports, atAllHosts = false }: ListenOptions,
): Promise<readonly Server[]> {
  const faults: string[] = [];
  for (const [index, host] of hosts.entries()) {
    const others = atAllHosts ? hosts.slice(index + 1) : [];
    const attempts = ports.flatMap((port) => (port === 0 && others.length > 0 ? ANY_PORT_ATTEMPTS : [port]));
    for (const port of attempts) {
      const listeners = await listenAt(server, host, others, port);
      if (typeof listeners !== 'string') return listeners;
      faults.push(`${host}:${port} (${listeners})`);
    }
    // Another family is tried where this one does not exist, not to get around a taken port.
    if (!faults.every(isWithoutFamily)) break;
  }
  throw new AuthError(
    'AUTH_REDIRECT_UNAVAILABLE',
    `The browser's answer cannot be received: none of the ports is free: ${faults.join(', ')}.`,
  );
}

const isWithoutFamily = (fault: string) => /EADDRNOTAVAIL|EAFNOSUPPORT/.test(fault);

/** @returns what listens, or why not all of it does: whoever had the port at one of the others would get the answer */
async function listenAt(
  server: HttpServer,
  host: string,
  others: readonly string[],
  port: number,
): Promise<readonly Server[] | string> {
  const fault = await listen(server, host, port);
  if (fault !== undefined) return fault;
  const listeners: Server[] = [server];
  for (const other of others) {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) =>
      server.emit('connection', socket),
    );
    const beside = await listen(listener, other, (server.address() as AddressInfo).port);
    if (beside === undefined) listeners.push(listener);
    else if (!isWithoutFamily(beside)) {
      for (const each of listeners) each.close();
      return `${beside} at ${other}`;
    }
  }
  return listeners;
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
