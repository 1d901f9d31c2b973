import type { LoopbackServer } from './loopback-server.ts';

/** Each holds a port; more than these are of no use to anybody. */
const MOST_LINGERING = 4;

/** Listeners of this process whose sign-in is over, the oldest first. Ports belong to the process, and so does this. */
const lingering = new Map<LoopbackServer, NodeJS.Timeout>();

/**
 * Leaves a listener open for a while, for a second tab, a reload, or a program that looks at every address after the
 * browser has. It keeps no process alive.
 */
export function linger(server: LoopbackServer, seconds: number): void {
  server.unref();
  lingering.set(server, setTimeout(() => void leave(server), seconds * 1000).unref());
  const [oldest] = lingering.keys();
  if (oldest && lingering.size > MOST_LINGERING) void leave(oldest);
}

/** Takes these ports back for a new sign-in. */
export async function endLingering(ports: readonly number[]): Promise<void> {
  const holders = [...lingering.keys()].filter(({ address }) => ports.includes(address.port));
  await Promise.all(holders.map(leave));
}

async function leave(server: LoopbackServer): Promise<void> {
  clearTimeout(lingering.get(server));
  await server.close();
  lingering.delete(server);
}
