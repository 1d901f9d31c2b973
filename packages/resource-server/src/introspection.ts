import type { CheckedIntrospection } from './checked-options.ts';
import { requireCanonicalForm } from './compact.ts';
import { ApiError } from './errors.ts';
import { createPause } from './pause.ts';
import { fetchJson, fetchText, RemoteFault, type RemoteSettings } from './remote-json.ts';
import type { SharedAnswer } from './shared-answers.ts';
import type { SharedParts } from './shared-parts.ts';
import { createSharedValues } from './shared-values.ts';
import { SIGNED_ANSWER_TYPE, verifySignedAnswer } from './signed-answer.ts';
import type { TokenCheck } from './token-check.ts';
import { digestToken } from './token-digest.ts';
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
  introspection: CheckedIntrospection,
  parts: SharedParts,
): TokenCheck<undefined> {
  const { metadata, settings, answers, evictions, counts } = parts;
  const pause = createPause(settings.clock, FAILURES_UNTIL_PAUSE, MAX_PAUSE_SECONDS);
  const inactive = createInactiveList(introspection.inactiveMaxAgeSeconds, settings.clock);
  const shared = createSharedValues();
  const build = ({ value, askedAt }: SharedAnswer) => {
    const claims = buildIntrospectedClaims(value, settings, shared);
    return { claims, evidence: undefined, askedAt };
  };
  const askOnce = async (text: string): Promise<Answer> => {
    const endpoint = introspection.endpoint ?? (await metadata.current()).introspectionEndpoint;
    if (!endpoint) throw new RemoteFault(`The metadata of ${settings.issuer} has no introspection_endpoint.`);
    counts.introspections += 1;
    return pause.guard(() => ask(endpoint, text, introspection, parts).catch(inactiveIfOfNoKind));
  };
  /** The rules are applied here to what another instance was told, too. */
  const recall = async (digest: string) => {
    const kept = await answers?.load('introspection', digest);
    const built = kept && build(kept);
    return built && !evictions.isOutdated(built.claims.userId, built.askedAt) ? built : undefined;
  };
  return {
    async check(text) {
      requireTokenForm(text);
      const digest = digestToken(text);
      if (inactive.has(digest)) throw notActive();
      const kept = await recall(digest);
      if (kept) return kept;
      const asked = { askedAt: settings.clock(), value: await askOnce(text) };
      if (!asked.value.active) {
        inactive.add(digest);
        throw notActive();
      }
      const valid = build(asked);
      const diesAt = Math.min(valid.claims.expiresAt, asked.askedAt + settings.claimsMaxAgeSeconds);
      answers?.save('introspection', digest, asked, diesAt);
      return valid;
    },
    isCurrent: () => true,
  };
}

/** What RFC 6750 §2.1 calls b64token. */
const B64_TOKEN = /^[\w.~+/-]+=*$/;

function requireTokenForm(text: string): void {
  if (!B64_TOKEN.test(text))
    throw new ApiError('API_TOKEN_INVALID', 'The token was not read: it has characters that no token has.');
  // Five parts are an encrypted token, and two are something else: the server's to read.
  const parts = text.split('.').length;
  if (text.startsWith('eyJ') && (parts === 3 || parts === 4 || parts > 5)) requireCanonicalForm(text);
}

/**
 * Asks about one token. The credentials go into a header and never into an address.
 * @throws RemoteFault for every answer but a clear one: 401 means that our credentials are wrong, not the token
 */
async function ask(
  endpoint: string,
  token: string,
  { clientId, clientSecret, signedAnswers }: CheckedIntrospection,
  { settings, keys }: SharedParts,
): Promise<Answer & { active: boolean }> {
  const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  const headers = {
    accept: signedAnswers ? SIGNED_ANSWER_TYPE : 'application/json',
    authorization: `Basic ${credentials.toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const body = new URLSearchParams({ token, token_type_hint: 'access_token' }).toString();
  const init = { method: 'POST', headers, body };
  const answer = signedAnswers
    ? await verifySignedAnswer(await fetchSigned(endpoint, init, settings), clientId, keys, settings)
    : (await fetchJson(endpoint, init, settings)).body;
  if (typeof answer.active !== 'boolean')
    throw new RemoteFault(`POST ${endpoint}: its answer does not say "active".`);
  return { ...answer, active: answer.active };
}

async function fetchSigned(endpoint: string, init: RequestInit, settings: RemoteSettings): Promise<string> {
  const { content } = await fetchText(endpoint, init, settings, (text, type) => {
    if (type === SIGNED_ANSWER_TYPE) return text.trim();
    throw new RemoteFault(`its answer is not signed (${SIGNED_ANSWER_TYPE}), as signedAnswers demands`);
  });
  return content;
}

/** Some servers say so of whatever they have not made themselves; the answer is as clear as `active: false`. */
function inactiveIfOfNoKind(error: unknown): Answer & { active: false } {
  if (error instanceof RemoteFault && error.refusal?.error === 'unsupported_token_type')
    return { active: false };
  throw error;
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
