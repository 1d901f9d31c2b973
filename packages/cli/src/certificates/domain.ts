import { UsageError } from '../command-line.ts';

/** The local domain of a workspace that names no other. Browsers lead it to this machine by themselves (RFC 6761 §6.3). */
export const DEFAULT_DOMAIN = 'deskauth.localhost';

/** What the parts of an application are called below the local domain. */
export const PARTS = ['web', 'api', 'login'] as const;

/** The ends of names that nobody can own on the Internet (RFC 2606, RFC 6761, RFC 8375, ICANN for `internal`). */
const NOBODYS = /\.(localhost|test|example|invalid|internal|home\.arpa)$/;

/** True for names that nobody can own on the Internet: they are this machine's, or those of a network of its own. */
export const isNobodys = (host: string) => NOBODYS.test(host);

const LABEL = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/;

/**
 * A domain that a root certificate of this machine may speak for: one below the names that nobody owns, or one of at least
 * three labels, so that the root is worth nothing for a whole company or a whole country.
 * @throws UsageError
 */
export function requireLocalDomain(text: string): string {
  const domain = text.toLowerCase();
  const labels = domain.split('.');
  const isName = domain.length < 200 && labels.every((label) => LABEL.test(label)) && !/\.\d+$/.test(domain);
  if (isName && (isNobodys(domain) || labels.length > 2)) return domain;
  throw new UsageError(
    `--domain: expected a name such as ${DEFAULT_DOMAIN}, app.test or local.example.com, found "${text}". A name of one or two labels that others may own is too much for a certificate of this machine.`,
  );
}

/** The host names of the parts: `web.DOMAIN`, `api.DOMAIN`, `login.DOMAIN`. */
export function hostsOf(domain: string): string[] {
  return PARTS.map((part) => `${part}.${domain}`);
}
