import { isIP, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { createRoute, type NetworkSettings, openTunnel, type ProxyServer } from '@deskauth/node';
import { AuthError } from '@deskauth/session';
import { isNobodys } from '../certificates/domain.ts';
import { HOSTS_FILE, hostsLine, isLoopbackAddress, type ResolveHost } from '../certificates/hosts.ts';
import { openSocket } from './tls-connection.ts';
import type { Fault } from './tls-verdict.ts';

/** Opens connections to the server anew each time. */
export type OpenWay = () => Promise<Socket>;

/** What the way is looked for with. */
export interface WayPorts {
  readonly settings: NetworkSettings;
  /** PEM, for a proxy that is itself reached by TLS. */
  readonly roots: readonly string[];
  /** Is the name in a local domain of this workspace? */
  readonly isLocal: boolean;
  readonly resolve: ResolveHost;
}

/** The way to a server, direct or through the proxy; a fault where its name leads to nothing, or to the wrong machine. */
export async function findWay(url: URL, ports: WayPorts): Promise<OpenWay | Fault> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 443);
  const proxy = routeTo(url, ports.settings);
  if (proxy && 'says' in proxy) return proxy;
  if (proxy) return throughProxy(proxy, `${url.hostname}:${port}`, ports.roots);
  const addresses = await addressesOf(host, ports.resolve);
  const fault = faultOfAddresses(host, addresses, ports.isLocal);
  return fault ?? (() => openSocket(addresses, port));
}

function routeTo(url: URL, settings: NetworkSettings): ProxyServer | Fault | undefined {
  try {
    return createRoute(settings)(url);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return { says: error.message, next: error.next };
  }
}

function throughProxy(proxy: ProxyServer, target: string, roots: readonly string[]): OpenWay {
  return () => openTunnel(proxy, target, () => createSecureContext({ ca: [...roots] }));
}

/** True for names that browsers and sessions lead to this machine whatever the system says. */
export const isBelowLocalhost = (host: string) => /.\.localhost\.?$/.test(host);

/** As browsers and sessions find them: names below `localhost` without asking the system (RFC 6761 §6.3). */
async function addressesOf(host: string, resolve: ResolveHost): Promise<readonly string[]> {
  if (isIP(host)) return [host];
  return isBelowLocalhost(host) ? ['127.0.0.1', '::1'] : resolve(host);
}

function faultOfAddresses(host: string, addresses: readonly string[], isLocal: boolean): Fault | undefined {
  const next = `Add this line to ${HOSTS_FILE}: ${hostsLine([host])}`;
  if (addresses.length === 0)
    return {
      says: `the name ${host} leads nowhere: no address is known for it`,
      next: isLocal || isNobodys(host) ? next : 'Look at the spelling, the network and the VPN.',
    };
  const away = addresses.find((address) => !isLoopbackAddress(address));
  if (!isLocal || away === undefined) return undefined;
  return { says: `the name ${host} leads to ${away}, which is not this machine`, next };
}
