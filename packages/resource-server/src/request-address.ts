import { parseAddress } from './address.ts';

/**
 * The address of a request as RFC 9449 compares it: without query and fragment, normalised by RFC 3986 §6.2.2 and
 * §6.2.3 (case of scheme and host, default port, dot segments, needless percent-encoding).
 * @returns undefined for what is no http address, or has a user in it
 */
export function normaliseAddress(text: string): string | undefined {
  const url = parseAddress(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password)
    return undefined;
  return url.origin + url.pathname.replace(/%[0-9a-f]{2}/gi, normaliseOctet);
}

function normaliseOctet(octet: string): string {
  const character = String.fromCharCode(Number.parseInt(octet.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : octet.toUpperCase();
}
