import { isLoopback, parseAddress } from './address.ts';
import { isChallengeText } from './challenge.ts';
import type { ReplayStore } from './replay-store.ts';
import {
  type AccessTokenVerifierSettings,
  type DpopSettings,
  type IntrospectionSettings,
  SIGNATURE_ALGORITHMS,
  type SignatureAlgorithm,
} from './settings.ts';

type Optional = 'resource' | 'allowedClients' | 'introspection' | 'ownClaims' | 'dpop' | 'logoutClientId';

/** Settings with every default filled in. */
export interface CheckedSettings extends Required<Omit<AccessTokenVerifierSettings, 'audience' | Optional>> {
  readonly audience: readonly string[];
  readonly allowedClients: readonly string[] | undefined;
  readonly introspection: CheckedIntrospection | undefined;
  readonly ownClaims: AccessTokenVerifierSettings['ownClaims'] | undefined;
  readonly dpop: CheckedDpop | undefined;
  readonly logoutClientId: string | undefined;
  readonly resource: string | undefined;
}

/** The same for the introspection endpoint. */
export interface CheckedIntrospection extends Required<Omit<IntrospectionSettings, 'endpoint'>> {
  readonly endpoint: string | undefined;
}

/** The same for DPoP. */
export interface CheckedDpop extends Required<Omit<DpopSettings, 'origin' | 'nonceSecret' | 'replayStore'>> {
  readonly origins: readonly string[];
  readonly nonceSecret: string | undefined;
  readonly replayStore: ReplayStore | undefined;
}

/**
 * Fills in defaults and refuses what cannot work or is not safe.
 * @throws TypeError naming the key, the value and what was expected
 */
export function parseSettings(settings: AccessTokenVerifierSettings): CheckedSettings {
  const audience = [settings.audience].flat();
  requireIssuer(settings);
  requireTexts('audience', audience);
  if (settings.allowedClients) requireTexts('allowedClients', settings.allowedClients);
  const realm = settings.realm ?? audience[0] ?? '';
  if (!isChallengeText(realm)) throw invalid('realm', 'printable ASCII without quotes or backslashes', realm);
  return {
    ...settings,
    audience,
    realm,
    otherAudiences: settings.otherAudiences ?? [],
    discoveryUrl: requireDiscoveryUrl(settings),
    algorithms: requireAlgorithms('algorithms', settings.algorithms),
    requiredType: requireType(settings.requiredType ?? 'at+jwt'),
    userIdClaim: settings.userIdClaim ?? 'sub',
    allowedClients: settings.allowedClients,
    introspection: settings.introspection && parseIntrospection(settings.introspection, settings.allowHttp),
    userInfo: settings.userInfo ?? false,
    ownClaims: settings.ownClaims,
    resource: settings.resource && requireResource(settings.resource, settings.allowHttp),
    scopes: settings.scopes ?? [],
    logoutClientId: settings.logoutClientId,
    dpop: settings.dpop && parseDpop(settings.dpop),
    ...parseNumbers({ ...(settings.introspection && { claimsMaxAgeSeconds: 60 }), ...settings }),
    allowHttp: settings.allowHttp ?? false,
    fetch: settings.fetch ?? fetch,
    clock: settings.clock ?? (() => Date.now() / 1000),
  };
}

function parseIntrospection(given: IntrospectionSettings, allowHttp = false): CheckedIntrospection {
  requireTexts('introspection.clientId', [given.clientId]);
  requireTexts('introspection.clientSecret', [given.clientSecret]);
  const { endpoint, inactiveMaxAgeSeconds = 2 } = given;
  if (endpoint !== undefined) requireSafe('introspection.endpoint', endpoint, allowHttp);
  if (!(inactiveMaxAgeSeconds >= 0 && inactiveMaxAgeSeconds <= 5))
    throw invalid('introspection.inactiveMaxAgeSeconds', 'a number, 0 to 5', inactiveMaxAgeSeconds);
  return { clientId: given.clientId, clientSecret: given.clientSecret, endpoint, inactiveMaxAgeSeconds };
}

function parseDpop(given: DpopSettings): CheckedDpop {
  const { required = false, proofMaxAgeSeconds = 60, nonceSeconds = 0, nonceSecret, replayStore } = given;
  const origins = [given.origin].flat();
  requireTexts('dpop.origin', origins);
  for (const origin of origins)
    if (parseAddress(origin)?.origin !== origin)
      throw invalid('dpop.origin', '"https://host[:port]"', origin);
  if (!(proofMaxAgeSeconds >= 1))
    throw invalid('dpop.proofMaxAgeSeconds', 'a number, 1 or more', proofMaxAgeSeconds);
  if (!(nonceSeconds === 0 || nonceSeconds >= 1))
    throw invalid('dpop.nonceSeconds', '0, or a number, 1 or more', nonceSeconds);
  if (nonceSecret !== undefined && nonceSecret.length < 32)
    throw new TypeError('Verifier setting "dpop.nonceSecret": expected 32 characters or more.');
  const algorithms = requireAlgorithms('dpop.algorithms', given.algorithms ?? PROOF_ALGORITHMS);
  return { origins, required, algorithms, proofMaxAgeSeconds, nonceSeconds, nonceSecret, replayStore };
}

/** Every number has a floor: a wait of 0 s, or a negative age, is a mistake and not a wish. */
const NUMBERS = {
  clockToleranceSeconds: { fallback: 30, least: 0 },
  maxTokenLength: { fallback: 8192, least: 256 },
  timeLimitSeconds: { fallback: 5, least: 0.001 },
  keysMaxAgeSeconds: { fallback: 600, least: 1 },
  keysOutageLimitSeconds: { fallback: 86_400, least: 1 },
  keysCooldownSeconds: { fallback: 10, least: 1 },
  claimsMaxAgeSeconds: { fallback: 3600, least: 0 },
  revocationsMaxAgeSeconds: { fallback: 86_400, least: 1 },
  claimsMaxEntries: { fallback: 100_000, least: 1 },
  claimsMaxPerUser: { fallback: 1000, least: 1 },
} as const;

type Numbers = Record<keyof typeof NUMBERS, number>;

function parseNumbers(settings: AccessTokenVerifierSettings): Numbers {
  const parsed = Object.entries(NUMBERS).map(([key, { fallback, least }]) => {
    const value = settings[key as keyof Numbers] ?? fallback;
    if (!Number.isFinite(value) || value < least) throw invalid(key, `a number, ${least} or more`, value);
    return [key, value];
  });
  return Object.fromEntries(parsed);
}

function requireIssuer({ issuer, allowHttp }: AccessTokenVerifierSettings): void {
  const url = requireSafe('issuer', issuer, allowHttp);
  if (url.search || url.hash || url.username) throw invalid('issuer', 'no query, fragment or user', issuer);
}

function requireDiscoveryUrl({ issuer, discoveryUrl, allowHttp }: AccessTokenVerifierSettings): string {
  const text = discoveryUrl ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  requireSafe('discoveryUrl', text, allowHttp);
  return text;
}

function requireResource(text: string, allowHttp = false): string {
  const url = requireSafe('resource', text, allowHttp);
  if (url.search || url.hash || !isChallengeText(text))
    throw invalid('resource', 'no query or fragment', text);
  return text;
}

function requireSafe(key: string, text: string, allowHttp = false): URL {
  const url = parseAddress(text);
  const isHttp = url?.protocol === 'http:' && isLoopback(url) && allowHttp;
  if (url && (url.protocol === 'https:' || isHttp)) return url;
  throw invalid(key, 'an https address (http only on loopback, and with allowHttp)', text);
}

function requireTexts(key: string, texts: readonly string[]): void {
  const isText = (text: unknown) => typeof text === 'string' && text !== '';
  if (texts.length === 0 || !texts.every(isText)) throw invalid(key, 'one text or more, none empty', texts);
}

const DEFAULT_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const;
const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const;

function requireAlgorithms(
  key: string,
  algorithms: readonly SignatureAlgorithm[] = DEFAULT_ALGORITHMS,
): readonly SignatureAlgorithm[] {
  const unknown = algorithms.filter((algorithm) => !SIGNATURE_ALGORITHMS.includes(algorithm));
  if (algorithms.length === 0 || unknown.length > 0)
    throw invalid(key, `some of ${SIGNATURE_ALGORITHMS.join(', ')}`, algorithms);
  return algorithms;
}

function requireType(type: string): 'at+jwt' | 'JWT' {
  if (type === 'at+jwt' || type === 'JWT') return type;
  throw invalid('requiredType', '"at+jwt" or "JWT"', type);
}

const invalid = (key: string, expected: string, value: unknown) =>
  new TypeError(`Verifier setting "${key}": expected ${expected}, got ${JSON.stringify(value)}.`);
