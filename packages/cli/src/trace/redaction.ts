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
  /** A text of which nothing is known: how long it is, or the text itself where everything harmless is shown. */
  text(value: string): string;
  /** The text without any secret that has been named so far, wherever it stands. */
  scrub(text: string): string;
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
  client_secret: 'client secret',
  client_assertion: 'client assertion',
  request_uri: 'request',
  device_code: 'device code',
  user_code: 'user code',
};

/** What a person may see who did not make the message: names of protocol values, addresses and counts. */
const HARMLESS =
  /^(issuer|iss|jwks_uri|\w+_(endpoint|supported|required|uri)|response_(type|mode)|client_id|scope|prompt|grant_type|code_challenge_method|token_type|token_type_hint|error|error_description|error_uri|resource|audience|acr_values|ui_locales|kty|alg|use|crv)$/;
/** Shorter texts stand in others by accident. */
const SHORTEST_SECRET = 8;

/** Values that differ from run to run and are no secret: a reader needs to know only that there is one. */
const VARYING: ReadonlySet<string> = new Set(['id', 'error_id', 'errorId', 'at', 'kid', 'n', 'x', 'y']);

/** How much is shown. */
export interface RedactionOptions {
  /** Names of the parties, by origin. */
  readonly origins: ReadonlyMap<string, string>;
  /** True: only what is known to be harmless is shown. False: all but what is known to be secret, for made-up users. */
  readonly isStrict: boolean;
}

/** Creates a {@link Redaction}. */
export function createRedaction({ origins, isStrict }: RedactionOptions): Redaction {
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
    if (isStrict && !HARMLESS.test(name)) return nameOf(/^\w{1,40}$/.test(name) ? name : 'value', value);
    return URL.canParse(value) && /^https?:/.test(value) ? address(value) : value;
  };

  const pairs = (parameters: URLSearchParams) =>
    [...parameters].map(([name, value]): [string, string] => [name, member(name, value)]);

  function address(text: string): string {
    const url = new URL(text);
    const party =
      origins.get(url.origin) ?? (url.hostname === '127.0.0.1' ? 'http://127.0.0.1:PORT' : url.origin);
    // An issuer with and without a slash are two issuers.
    const path =
      text === url.origin
        ? ''
        : url.pathname.replace(/\/(interaction|authorize|session)\/[\w-]{10,}/, '/$1/…');
    const query = pairs(url.searchParams).map(([name, value]) => `${name}=${value}`);
    return `${party}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  }

  function json(value: unknown, name = ''): unknown {
    // An API's error has a `code` too, which is no secret.
    if (!isStrict && typeof value === 'string' && name === 'code') return value;
    if (typeof value === 'string')
      return !isStrict && VARYING.has(name) && value.length > 6 ? `‹${name}›` : member(name, value);
    if (Array.isArray(value)) return value.map((item) => json(item, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner, key)]));
  }

  /** Longest first: one secret may begin like another. */
  function scrub(text: string): string {
    const secrets = [...names].map(([key, name]) => [key.slice(key.indexOf(':') + 1), name] as const);
    return secrets
      .filter(([secret]) => secret.length >= SHORTEST_SECRET)
      .sort(([a], [b]) => b.length - a.length)
      .reduce((rest, [secret, name]) => rest.replaceAll(secret, name), text);
  }

  const text = (value: string) => (isStrict ? `‹text of ${value.length} characters›` : value);

  return { nameOf, address, pairs, json: (value) => json(value), text, scrub };
}
