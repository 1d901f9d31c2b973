import { isChallengeText } from './challenge.ts';
import {
  type CheckedDpop,
  type CheckedIntrospection,
  type Complete,
  parseDpop,
  parseIntrospection,
  parseSecondLevel,
  parseTokenCookie,
} from './checked-options.ts';
import { createProxyFetch } from './proxy.ts';
import type { SecondLevelSettings } from './second-level.ts';
import { invalid, requireAlgorithms, requireSafe, requireTexts } from './setting-rules.ts';
import type { AccessTokenVerifierSettings } from './settings.ts';
import type { TokenCookieSettings } from './token-cookie.ts';
import { requireRules, VERIFIER_RULES } from './verifier-rules.ts';

type Optional =
  | ('resource' | 'allowedClients' | 'introspection' | 'ownClaims')
  | ('dpop' | 'logoutClientId' | 'secondLevel' | 'tokenCookie')
  | ('proxy' | 'noProxy');

/** Settings with every default filled in. */
export interface CheckedSettings extends Complete<Omit<AccessTokenVerifierSettings, 'audience' | Optional>> {
  readonly audience: readonly string[];
  readonly allowedClients: readonly string[] | undefined;
  readonly introspection: CheckedIntrospection | undefined;
  readonly ownClaims: AccessTokenVerifierSettings['ownClaims'] | undefined;
  readonly dpop: CheckedDpop | undefined;
  readonly logoutClientId: string | undefined;
  readonly resource: string | undefined;
  readonly secondLevel: Required<SecondLevelSettings> | undefined;
  readonly tokenCookie: Required<TokenCookieSettings> | undefined;
}

/**
 * Fills in defaults and refuses what cannot work or is not safe, and what is no setting.
 * @throws TypeError naming the key, the value and what was expected
 */
export function parseSettings(settings: AccessTokenVerifierSettings): CheckedSettings {
  requireRules(settings, VERIFIER_RULES, 'Verifier setting');
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
    audienceFrom: requireOneOf('audienceFrom', ['aud', 'scope'], settings.audienceFrom ?? 'aud'),
    otherAudiences: settings.otherAudiences ?? [],
    discoveryUrl: requireDiscoveryUrl(settings),
    algorithms: requireAlgorithms('algorithms', settings.algorithms),
    requiredType: requireOneOf('requiredType', ['at+jwt', 'JWT'], settings.requiredType ?? 'at+jwt'),
    userIdClaim: settings.userIdClaim ?? 'sub',
    allowedClients: settings.allowedClients,
    introspection: settings.introspection && parseIntrospection(settings.introspection, settings.allowHttp),
    userInfo: settings.userInfo ?? false,
    mutualTls: settings.mutualTls ?? false,
    ownClaims: settings.ownClaims,
    resource: settings.resource && requireResource(settings.resource, settings.allowHttp),
    scopes: settings.scopes ?? [],
    logoutClientId: settings.logoutClientId,
    dpop: settings.dpop && parseDpop(settings.dpop),
    tokenCookie: settings.tokenCookie && parseTokenCookie(settings.tokenCookie),
    secondLevel: settings.secondLevel && parseSecondLevel(settings.secondLevel),
    ...parseNumbers(settings),
    allowHttp: settings.allowHttp ?? false,
    fetch: settings.fetch ?? createProxyFetch(settings),
    clock: settings.clock ?? (() => Date.now() / 1000),
  };
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
  const shorter: Partial<Numbers> = settings.introspection ? { claimsMaxAgeSeconds: 60 } : {};
  const parsed = Object.entries(NUMBERS).map(([key, { fallback, least }]) => {
    const value = settings[key as keyof Numbers] ?? shorter[key as keyof Numbers] ?? fallback;
    if (!Number.isFinite(value) || value < least) throw invalid(key, `a number, ${least} or more`, value);
    return [key, value];
  });
  return Object.fromEntries(parsed);
}

function requireIssuer({ issuer, allowHttp }: AccessTokenVerifierSettings): void {
  const url = requireSafe('issuer', issuer, allowHttp);
  if (url.search || url.hash || url.username) throw invalid('issuer', 'no query, fragment or user', issuer);
  if (url.pathname.includes('/.well-known/'))
    throw invalid('issuer', 'the address before "/.well-known/", as the document there states it', issuer);
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

function requireOneOf<Value extends string>(
  name: 'requiredType' | 'audienceFrom',
  values: readonly Value[],
  given: string,
): Value {
  const known = values.find((value) => value === given);
  if (known) return known;
  throw invalid(name, values.map((value) => JSON.stringify(value)).join(' or '), given);
}
