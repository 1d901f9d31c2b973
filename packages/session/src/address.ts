/** The address, or undefined where the text is none. */
export function parseAddress(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** True for the hosts that never leave the machine (RFC 8252 §8.3). */
export function isLoopback(url: URL): boolean {
  return /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(url.hostname);
}

/** True for https, and for http that stays on this machine. */
export function isSafeAddress(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/**
 * Hosts of this machine and of networks that are not the Internet (RFC 6890). A name may still lead to one: only the
 * resolver knows.
 */
export function isInternalHost({ hostname }: URL): boolean {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return INTERNAL_IPV6.test(host);
  return INTERNAL_IPV4.test(host) || /(^|\.)localhost$/.test(host);
}

/** This network, private, shared, loopback, link-local, multicast and reserved. */
const INTERNAL_IPV4 =
  /^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|22[4-9]|2[345]\d)\.[\d.]+$/;

/** As the URL parser writes them: unspecified, loopback, unique local, link-local, multicast, and IPv4 in disguise. */
const INTERNAL_IPV6 = /^\[(::1?\]|::ffff:|::[\da-f]+:[\da-f]+\]|64:ff9b:|f[cd]|fe[89ab]|ff)/;
