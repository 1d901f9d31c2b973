/** Replaces secrets by names that stay the same for the same secret, so that a reader can follow it around. */
export interface Redaction {
  /** The name of this secret: `‹access token 1›`. */
  nameOf(kind: string, value: string): string;
  /** An address with its origin named and its secret parameters replaced. */
  address(url: string): string;
  /** `name=value` pairs of a form, secrets replaced. */
  pairs(parameters: URLSearchParams): [string, string][];
  /** A JSON value, secrets replaced. */
  json(value: unknown): unknown;
}

/** What a parameter or JSON member of this name holds. */
const SECRETS: Readonly<Record<string, string>> = {
  code: 'code',
  state: 'state',
  nonce: 'nonce',
  code_verifier: 'verifier',
  code_challenge: 'challenge',
  access_token: 'access token',
  refresh_token: 'refresh token',
  id_token: 'ID token',
  id_token_hint: 'ID token',
  token: 'refresh token',
  password: 'password',
};

/** Values that differ from run to run and are no secret: a reader needs to know only that there is one. */
const VARYING: ReadonlySet<string> = new Set(['id', 'error_id', 'errorId', 'at', 'kid', 'n', 'x', 'y']);

/** Creates a {@link Redaction}. @param origins names of the parties, by origin */
export function createRedaction(origins: ReadonlyMap<string, string>): Redaction {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();

  function nameOf(kind: string, value: string): string {
    const known = names.get(`${kind}:${value}`);
    if (known) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const name = `‹${kind} ${count}›`;
    names.set(`${kind}:${value}`, name);
    return name;
  }

  const member = (name: string, value: string): string => {
    const kind = SECRETS[name];
    if (kind) return nameOf(kind, value);
    return URL.canParse(value) && /^https?:/.test(value) ? address(value) : value;
  };

  const pairs = (parameters: URLSearchParams) =>
    [...parameters].map(([name, value]): [string, string] => [name, member(name, value)]);

  function address(text: string): string {
    const url = new URL(text);
    const party =
      origins.get(url.origin) ?? (url.hostname === '127.0.0.1' ? 'http://127.0.0.1:PORT' : url.origin);
    const path = url.pathname.replace(/\/(interaction|authorize|session)\/[\w-]{10,}/, '/$1/…');
    const query = pairs(url.searchParams).map(([name, value]) => `${name}=${value}`);
    return `${party}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  }

  function json(value: unknown, name = ''): unknown {
    // An API's error has a `code` too, which is no secret.
    if (typeof value === 'string' && name === 'code') return value;
    if (typeof value === 'string')
      return VARYING.has(name) && value.length > 6 ? `‹${name}›` : member(name, value);
    if (Array.isArray(value)) return value.map((item) => json(item, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner, key)]));
  }

  return { nameOf, address, pairs, json };
}
