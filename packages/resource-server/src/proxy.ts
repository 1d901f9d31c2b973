import { isLoopback, parseAddress } from './address.ts';
import { createTunnelFetch } from './tunnel-fetch.ts';

/** The way to the authorization server. */
export interface ProxySettings {
  /** `http://[user:password@]host:port` of the proxy. @default HTTPS_PROXY of the environment, or none */
  readonly proxy?: string | undefined;
  /** Hosts that are reached without it, as `host`, `.domain` or `host:port`. @default NO_PROXY of the environment */
  readonly noProxy?: readonly string[] | undefined;
}

/**
 * A fetch that goes through the proxy, and past it to this machine and to the hosts that are excepted.
 * @throws TypeError for a proxy that is no http or https address
 */
export function createProxyFetch(
  { proxy, noProxy }: ProxySettings,
  { HTTPS_PROXY, https_proxy = HTTPS_PROXY, NO_PROXY, no_proxy = NO_PROXY } = process.env,
): typeof fetch {
  const named = proxy ?? https_proxy;
  if (!named) return fetch;
  const address = parseAddress(named);
  // The value may hold a password.
  if (!address || !/^https?:$/.test(address.protocol))
    throw new TypeError(
      'Verifier setting "proxy": expected an address such as "http://proxy.example.com:8080".',
    );
  const excepted = noProxy ?? (no_proxy ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  const throughTunnel = createTunnelFetch(address);
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const isDirect =
      url.protocol !== 'https:' || isLoopback(url) || excepted.some((entry) => covers(entry, url));
    return (isDirect ? fetch : throughTunnel)(input, init);
  };
}

/** A bare domain covers its subdomains too, as curl and browsers have it. */
function covers(entry: string, { hostname, port }: URL): boolean {
  const [, host = '', wantedPort = ''] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (wantedPort && wantedPort !== (port || '443')) return false;
  return entry === '*' || hostname === host || hostname.endsWith(`.${host}`);
}
