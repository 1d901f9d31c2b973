/** Cookies of one browser profile. */
export interface CookieJar {
  /** The `Cookie` header for a request, or undefined when no cookie applies. */
  headerFor(url: URL): string | undefined;
  /** Takes over the `Set-Cookie` headers of a response. */
  accept(url: URL, setCookie: readonly string[]): void;
  clear(): void;
}

interface Cookie {
  name: string;
  value: string;
  host: string;
  path: string;
  expiresAtMs: number;
}

/**
 * Creates an empty jar. It knows what a sign-in needs: name, host, path and expiry. Cookies with a `Domain` are not
 * supported, and as in every browser the port does not matter.
 * @see RFC 6265 §5
 */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>();
  return {
    headerFor(url) {
      const usable = [...cookies.values()].filter((cookie) => appliesTo(cookie, url));
      usable.sort((left, right) => right.path.length - left.path.length);
      return usable.map(({ name, value }) => `${name}=${value}`).join('; ') || undefined;
    },
    accept(url, setCookie) {
      for (const line of setCookie) {
        const cookie = parseSetCookie(line, url);
        cookies.set([cookie.host, cookie.path, cookie.name].join(' '), cookie);
      }
    },
    clear: () => cookies.clear(),
  };
}

function appliesTo(cookie: Cookie, { hostname, pathname }: URL): boolean {
  const { path } = cookie;
  const underPath = pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  return cookie.host === hostname && underPath && cookie.expiresAtMs > Date.now();
}

function parseSetCookie(line: string, url: URL): Cookie {
  const [pair = '', ...attributes] = line.split(';');
  const [name, value] = splitAtEquals(pair);
  const byName = new Map(attributes.map(splitAtEquals).map(([key, text]) => [key.toLowerCase(), text]));
  const path = byName.get('path');
  return {
    name,
    value,
    host: url.hostname,
    path: path?.startsWith('/') ? path : url.pathname.slice(0, url.pathname.lastIndexOf('/')) || '/',
    expiresAtMs: parseExpiry(byName.get('max-age'), byName.get('expires')),
  };
}

function parseExpiry(maxAge: string | undefined, expires: string | undefined): number {
  if (maxAge) return Date.now() + Number(maxAge) * 1000;
  const instant = Date.parse(expires ?? '');
  return Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant;
}

function splitAtEquals(text: string): [name: string, value: string] {
  const index = text.indexOf('=');
  return index < 0 ? [text.trim(), ''] : [text.slice(0, index).trim(), text.slice(index + 1).trim()];
}
