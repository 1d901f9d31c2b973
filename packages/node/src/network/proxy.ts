import { BlockList, isIP } from 'node:net';
import { AuthError } from '@deskauth/session';

/** A proxy that tunnels to servers (RFC 9110 §9.3.6). */
export interface ProxyServer {
  /** Without credentials: it is shown in errors. */
  readonly url: URL;
  /** `Proxy-Authorization`, where the address held a user and a password (RFC 7617). */
  readonly authorization?: string;
  /** Where it is named, in the words of an error message: `HTTPS_PROXY`. */
  readonly from: string;
}

/** What an app may say about proxies; what it leaves out is the environment's. */
export interface ProxySettings {
  /**
   * `http://proxy.example.com:8080`, with `user:password@` for Basic authentication; `none` for no proxy at all.
   * @default HTTPS_PROXY for https, HTTP_PROXY for http, in lower or upper case
   */
  readonly proxy?: string | undefined;
  /** Hosts, `.domains`, addresses and networks (`10.0.0.0/8`) that are reached directly. @default NO_PROXY */
  readonly noProxy?: readonly string[] | undefined;
}

/** The proxy for this address; undefined where the way is direct. @throws Error when the environment names none that can be */
export type Route = (url: URL) => ProxyServer | undefined;

/** Chromium's word in a list of exceptions: even loopback addresses go through the proxy, to debug what goes there. */
const LOOPBACK_TOO = '<-loopback>';

/**
 * Creates the {@link Route} of these settings in this environment. Loopback never takes a proxy unless the exceptions
 * hold `<-loopback>`.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function createRoute(settings: ProxySettings, env: NodeJS.ProcessEnv = process.env): Route {
  const { proxy } = settings;
  if (proxy === 'none') return () => undefined;
  const chosen = proxy === undefined ? undefined : requireProxy(proxy, 'setting "proxy"');
  const exceptions = settings.noProxy ?? (readVariable(env, 'NO_PROXY')?.text ?? '').split(/[\s,]+/);
  const isDirect = createExceptions(exceptions);
  return (url) => {
    if (isDirect(url)) return undefined;
    if (chosen) return chosen;
    const named = readVariable(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
    return named && requireProxy(named.text, named.name);
  };
}

function readVariable(env: NodeJS.ProcessEnv, name: string) {
  for (const spelling of [name.toLowerCase(), name]) {
    const text = env[spelling]?.trim();
    if (text) return { name: spelling, text };
  }
  return undefined;
}

/** Never quotes what was found: a password may be in it. */
function requireProxy(text: string, from: string): ProxyServer {
  const address = /^[a-z][\w+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname.length > 1)
    throw new AuthError(
      'AUTH_SETTINGS_INVALID',
      `The ${from} names no proxy that can be used: expected http://host:port.`,
    );
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (!username) return { url, from };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, from, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function createExceptions(list: readonly string[]): (url: URL) => boolean {
  const networks = new BlockList();
  const patterns = list.filter((entry) => entry && entry !== LOOPBACK_TOO && !addNetwork(networks, entry));
  const loopbackToo = list.includes(LOOPBACK_TOO);
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
    if (!loopbackToo && /^(127\.[\d.]+|::1|([^.]+\.)*localhost)$/.test(host)) return true;
    if (isIP(host) && networks.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')) return true;
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return patterns.some((pattern) => isExcepted(pattern.toLowerCase(), host, port));
  };
}

function addNetwork(networks: BlockList, entry: string): boolean {
  const [address = '', bits, ...rest] = entry.replace(/[[\]]/g, '').split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || (bits !== undefined && !/^\d+$/.test(bits))) return false;
  const longest = family === 6 ? 128 : 32;
  networks.addSubnet(address, Math.min(Number(bits ?? longest), longest), family === 6 ? 'ipv6' : 'ipv4');
  return true;
}

/** `example.com` and `.example.com` both mean the domain with all below it, as in curl. */
function isExcepted(pattern: string, host: string, port: string): boolean {
  if (pattern === '*') return true;
  const [, name = '', onlyPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
  if (!name || (onlyPort !== undefined && onlyPort !== port)) return false;
  return host === name || host.endsWith(`.${name}`);
}
