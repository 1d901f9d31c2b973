/**
 * A place in this app: path, query and fragment of an address of its own origin; `/` for everything else. What comes
 * back can be given to the browser without leaving the app (`//other.example`, `javascript:` and the like cannot).
 */
export function parseRoute(address: unknown, origin: string): string {
  if (typeof address !== 'string' || !URL.canParse(address, origin)) return '/';
  const url = new URL(address, origin);
  if (url.origin !== origin) return '/';
  // A path may start with two slashes, and is then read as the name of a host.
  return url.pathname.replace(/^\/+/, '/') + url.search + url.hash;
}
