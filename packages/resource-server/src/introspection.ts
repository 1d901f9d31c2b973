import type { CheckedIntrospection, CheckedSettings } from './checked-settings.ts';
import { digestToken } from './claims-cache.ts';
import { requireCanonicalForm } from './compact.ts';
import { ApiError } from './errors.ts';
import type { KeptDocument } from './kept-document.ts';
import type { ServerMetadata } from './metadata.ts';
import { createPause } from './pause.ts';
import { fetchJson, RemoteFault } from './remote-json.ts';
import { createSharedValues } from './shared-values.ts';
import type { TokenCheck } from './token-check.ts';
import { buildIntrospectedClaims } from './token-rules.ts';

type Answer = Readonly<Record<string, unknown>>;

/** Failures in a row after which the endpoint is left alone for a while. One bad token must not do that. */
const FAILURES_UNTIL_PAUSE = 5;

const MAX_PAUSE_SECONDS = 10;

/** How many inactive tokens are remembered. */
const MAX_INACTIVE = 1000;

/**
 * Checks tokens by asking the authorization server, for opaque tokens and for JWTs alike.
 * @see RFC 7662
 */
export function createIntrospectionCheck(
  metadata: KeptDocument<ServerMetadata>,
  introspection: CheckedIntrospection,
  settings: CheckedSettings,
): TokenCheck<undefined> {
  const pause = createPause(settings.clock, FAILURES_UNTIL_PAUSE, MAX_PAUSE_SECONDS);
  const inactive = createInactiveList(introspection.inactiveMaxAgeSeconds, settings.clock);
  const shared = createSharedValues();
  return {
    async check(text) {
      requireTokenForm(text);
      const digest = digestToken(text);
      if (inactive.has(digest)) throw notActive();
      const endpoint = introspection.endpoint ?? (await metadata.current()).introspectionEndpoint;
      if (!endpoint)
        throw new RemoteFault(`The metadata of ${settings.issuer} has no introspection_endpoint.`);
      const answer = await pause.guard(() => ask(endpoint, text, introspection, settings));
      if (!answer.active) {
        inactive.add(digest);
        throw notActive();
      }
      return { claims: buildIntrospectedClaims(answer, settings, shared), evidence: undefined };
    },
    isCurrent: () => true,
  };
}

/** What RFC 6750 §2.1 calls b64token. */
const B64_TOKEN = /^[\w.~+/-]+=*$/;

function requireTokenForm(text: string): void {
  if (!B64_TOKEN.test(text))
    throw new ApiError('API_TOKEN_INVALID', 'The token was not read: it has characters that no token has.');
  if (text.startsWith('eyJ') && text.includes('.')) requireCanonicalForm(text);
}

/**
 * Asks about one token. The credentials go into a header and never into an address.
 * @throws RemoteFault for every answer but a clear one: 401 means that our credentials are wrong, not the token
 */
async function ask(
  endpoint: string,
  token: string,
  { clientId, clientSecret }: CheckedIntrospection,
  settings: CheckedSettings,
): Promise<Answer & { active: boolean }> {
  const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  const headers = {
    accept: 'application/json',
    authorization: `Basic ${credentials.toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const body = new URLSearchParams({ token, token_type_hint: 'access_token' }).toString();
  const { body: answer } = await fetchJson(endpoint, { method: 'POST', headers, body }, settings);
  if (typeof answer.active !== 'boolean')
    throw new RemoteFault(`POST ${endpoint}: its answer does not say "active".`);
  return { ...answer, active: answer.active };
}

const notActive = () =>
  new ApiError('API_TOKEN_INVALID', 'The token was refused: the authorization server says it is not active.');

/** Tokens that the server said no to, for a few seconds: a client in a loop must not become the server's load. */
function createInactiveList(maxAgeSeconds: number, clock: () => number) {
  const until = new Map<string, number>();
  return {
    has: (digest: string) => (until.get(digest) ?? 0) > clock(),
    add(digest: string): void {
      const [oldest] = until.keys();
      if (until.size >= MAX_INACTIVE && oldest !== undefined) until.delete(oldest);
      until.delete(digest);
      until.set(digest, clock() + maxAgeSeconds);
    },
  };
}
