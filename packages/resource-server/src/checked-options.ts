import { parseAddress } from './address.ts';
import { consoleLog } from './log.ts';
import type { ReplayStore } from './replay-store.ts';
import type { SecondLevelSettings } from './second-level.ts';
import {
  invalid,
  requireAlgorithms,
  requireMembers,
  requireSafe,
  requireSecret,
  requireTexts,
} from './setting-rules.ts';
import type { DpopSettings, IntrospectionSettings } from './settings.ts';
import type { TokenCookieSettings } from './token-cookie.ts';

/** Settings of which none is left out. */
export type Complete<Settings> = { readonly [Key in keyof Settings]-?: Exclude<Settings[Key], undefined> };

/** Settings of the introspection endpoint with every default filled in. */
export interface CheckedIntrospection extends Complete<Omit<IntrospectionSettings, 'endpoint'>> {
  readonly endpoint: string | undefined;
}

/** The same for DPoP. */
export interface CheckedDpop extends Complete<Omit<DpopSettings, 'origin' | 'nonceSecret' | 'replayStore'>> {
  readonly origins: readonly string[];
  readonly nonceSecret: string | undefined;
  readonly replayStore: ReplayStore | undefined;
}

const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const;

/** @throws TypeError as `parseSettings` does */
export function parseIntrospection(given: IntrospectionSettings, allowHttp = false): CheckedIntrospection {
  requireMembers('introspection', given, [
    ...['clientId', 'clientSecret', 'endpoint', 'signedAnswers', 'inactiveMaxAgeSeconds'],
  ]);
  requireTexts('introspection.clientId', [given.clientId]);
  if (typeof given.clientSecret !== 'string' || given.clientSecret === '')
    throw new TypeError('Verifier setting "introspection.clientSecret": expected a text that is not empty.');
  const { clientId, clientSecret, endpoint, signedAnswers = false, inactiveMaxAgeSeconds = 2 } = given;
  if (endpoint !== undefined) requireSafe('introspection.endpoint', endpoint, allowHttp);
  if (!(inactiveMaxAgeSeconds >= 0 && inactiveMaxAgeSeconds <= 5))
    throw invalid('introspection.inactiveMaxAgeSeconds', 'a number, 0 to 5', inactiveMaxAgeSeconds);
  return { clientId, clientSecret, endpoint, signedAnswers, inactiveMaxAgeSeconds };
}

/** What RFC 9110 §5.6.2 calls a token: the names of headers, and of cookies that every browser takes. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** @throws TypeError as `parseSettings` does */
export function parseTokenCookie(given: TokenCookieSettings): Required<TokenCookieSettings> {
  requireMembers('tokenCookie', given, ['name', 'csrfHeader']);
  const { name, csrfHeader = 'x-deskauth-csrf' } = given;
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalid('tokenCookie.name', 'the name of a cookie', name);
  if (!NAME.test(csrfHeader) || SIMPLE_HEADERS.test(csrfHeader))
    throw invalid('tokenCookie.csrfHeader', 'a header that browsers send for no foreign page', csrfHeader);
  return { name, csrfHeader: csrfHeader.toLowerCase() };
}

/** Headers that a page of another site can send, or that every request has. */
const SIMPLE_HEADERS =
  /^(accept(-language|-encoding)?|content-(language|type|length)|range|host|origin|referer|cookie|user-agent|connection|cache-control|sec-.*)$/i;

/** @throws TypeError as `parseSettings` does */
export function parseSecondLevel(given: SecondLevelSettings): Required<SecondLevelSettings> {
  requireMembers('secondLevel', given, ['store', 'secret', 'version', 'timeLimitSeconds', 'log']);
  const { store, secret, version = '', timeLimitSeconds = 0.2, log = consoleLog } = given;
  requireSecret('secondLevel.secret', secret);
  if (!(timeLimitSeconds > 0))
    throw invalid('secondLevel.timeLimitSeconds', 'a number above 0', timeLimitSeconds);
  return { store, secret, version, timeLimitSeconds, log };
}

/** @throws TypeError as `parseSettings` does */
export function parseDpop(given: DpopSettings): CheckedDpop {
  requireMembers('dpop', given, [
    ...['origin', 'required', 'algorithms', 'proofMaxAgeSeconds'],
    ...['nonceSeconds', 'nonceSecret', 'replayStore'],
  ]);
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
  if (nonceSecret !== undefined) requireSecret('dpop.nonceSecret', nonceSecret);
  const algorithms = requireAlgorithms('dpop.algorithms', given.algorithms ?? PROOF_ALGORITHMS);
  return { origins, required, algorithms, proofMaxAgeSeconds, nonceSeconds, nonceSecret, replayStore };
}
