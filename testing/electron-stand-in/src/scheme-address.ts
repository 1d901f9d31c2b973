/**
 * Chromium knows no app schemes, so `scheme://host/path` is shown to it as `https://host.scheme.invalid/path`: a
 * standard, secure origin of its own, on a name that exists nowhere (RFC 2606 §2).
 */
const schemes = new Set<string>();

/** Makes a scheme one that the stand-in serves. */
export function addScheme(scheme: string): void {
  schemes.add(scheme.toLowerCase());
}

/** The address that Chromium is given. Addresses of other schemes stay as they are. */
export function toChromium(address: string): string {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#:@]+)(?=[/?#]|$)(.*)$/is.exec(address);
  const [, scheme, host, rest] = parts ?? [];
  if (!scheme || !host || !schemes.has(scheme.toLowerCase())) return address;
  return `https://${host.toLowerCase()}.${scheme.toLowerCase()}.invalid${rest}`;
}

/** The address that the app knows: the reverse of {@link toChromium}. */
export function fromChromium(address: string): string {
  const parts = /^https:\/\/([^/?#:@]+)\.invalid(?=[/?#]|$)(.*)$/is.exec(address);
  const [, name, rest] = parts ?? [];
  const scheme = name && schemeOf(name);
  return scheme ? `${scheme}://${name.slice(0, -scheme.length - 1)}${rest}` : address;
}

/** The scheme under which an address is served by the app, if it is. */
export function appScheme(address: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  return scheme && schemes.has(scheme) ? scheme : undefined;
}

/** Schemes may hold dots (`com.example.app`), so the longest one that fits is meant. */
function schemeOf(name: string): string | undefined {
  const fitting = [...schemes].filter((scheme) => name.endsWith(`.${scheme}`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

/** The origin as Electron reports it for a frame: `scheme://host`, or `null` for an opaque one. */
export function originOf(address: string): string {
  if (appScheme(address)) return /^[^/]+\/\/[^/?#]+/.exec(address)?.[0] ?? 'null';
  const url = URL.parse(address);
  return url?.protocol === 'file:' ? 'file://' : (url?.origin ?? 'null');
}
