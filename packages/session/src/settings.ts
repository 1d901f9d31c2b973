import { isLoopback, isSafeAddress, parseAddress } from './address.ts';
import { AuthError } from './errors.ts';

/** What an app says about its authorization server and itself. Plain data: it can come from a JSON file. */
export interface SessionSettings {
  /** Issuer identifier, exactly as the server states it: case, port and trailing slash matter (RFC 8414 §3.3). */
  readonly issuer: string;
  /** Client id of a native (public) client. */
  readonly clientId: string;
  /** For the few providers that issue one to native apps. It is no secret there (RFC 8252 §8.5). */
  readonly clientSecret?: string;
  /** Space-separated. @default 'openid profile email', and 'offline_access' unless the server says it has no such scope */
  readonly scope?: string;
  /** The APIs that access tokens are for (RFC 8707). */
  readonly resource?: string | readonly string[];
  /** Extra authorization request parameters: `audience`, `acr_values`, `p` … They cannot replace our own. */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Sends `prompt=consent` when `offline_access` is asked for, as OIDC Core §11 wants it. Switch it off for a provider
   * that grants long sessions without asking and would show the question needlessly (Entra ID).
   * @default true
   */
  readonly consentForOfflineAccess?: boolean;
  /**
   * Other audiences that the ID token may name beside the client id. Without them a token that is also meant for
   * somebody else is refused (OIDC Core §3.1.3.7).
   * @default none
   */
  readonly otherAudiences?: readonly string[];
  /** Addresses that may receive the access token: an origin, or an origin and a path prefix. @default none */
  readonly apiAddresses?: readonly string[];
  /** Where the user's claims come from. @default 'id-token' */
  readonly userInfo?: 'id-token' | 'endpoint';
  /** Permits `http:` for an issuer on a loopback address, for development. @default false */
  readonly allowHttp?: boolean;
  /** How long a person may take in the browser, in seconds. @default 600 */
  readonly signInTimeLimitSeconds?: number;
  /** How long the authorization server may take for one answer, in seconds. @default 30 */
  readonly requestTimeLimitSeconds?: number;
  /** An access token is renewed this long before it expires, in seconds. @default 60 */
  readonly refreshMarginSeconds?: number;
}

/** Settings with every default filled in. */
export interface CheckedSettings extends SessionSettings {
  readonly resource: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly consentForOfflineAccess: boolean;
  readonly otherAudiences: readonly string[];
  readonly apiAddresses: readonly string[];
  readonly userInfo: 'id-token' | 'endpoint';
  readonly allowHttp: boolean;
  readonly signInTimeLimitSeconds: number;
  readonly requestTimeLimitSeconds: number;
  readonly refreshMarginSeconds: number;
}

/**
 * Fills in defaults and refuses what cannot work.
 * @throws AuthError `AUTH_SETTINGS_INVALID`, naming the key and what was expected.
 */
export function parseSettings(settings: SessionSettings): CheckedSettings {
  requireIssuer(settings.issuer, settings.allowHttp === true);
  if (!settings.clientId) throw invalid('clientId', 'a client id', settings.clientId);
  settings.apiAddresses?.forEach(requireApiAddress);
  const seconds = (key: SecondsKey, fallback: number) => requireSeconds(key, settings[key] ?? fallback);
  return {
    ...settings,
    resource: [settings.resource ?? []].flat(),
    parameters: requireExtraParameters(settings.parameters ?? {}),
    consentForOfflineAccess: settings.consentForOfflineAccess ?? true,
    otherAudiences: settings.otherAudiences ?? [],
    apiAddresses: settings.apiAddresses ?? [],
    userInfo: settings.userInfo ?? 'id-token',
    allowHttp: settings.allowHttp ?? false,
    signInTimeLimitSeconds: seconds('signInTimeLimitSeconds', 600),
    requestTimeLimitSeconds: seconds('requestTimeLimitSeconds', 30),
    refreshMarginSeconds: seconds('refreshMarginSeconds', 60),
  };
}

type SecondsKey = 'signInTimeLimitSeconds' | 'requestTimeLimitSeconds' | 'refreshMarginSeconds';

/** Parameters that a sign-in makes itself; letting settings replace one would switch a protection off. */
const OWN_PARAMETERS = new Set([
  ...[
    'response_type',
    'client_id',
    'redirect_uri',
    'scope',
    'state',
    'nonce',
    'resource',
    'request',
    'request_uri',
  ],
  ...['code_challenge', 'code_challenge_method', 'code_verifier', 'code', 'grant_type', 'client_secret'],
]);

/**
 * Refuses extra parameters that would replace one of ours.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function requireExtraParameters(
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(parameters)) {
    if (OWN_PARAMETERS.has(name))
      throw invalid(`parameters.${name}`, 'not to be set: the sign-in makes it itself', value);
    if (typeof value !== 'string') throw invalid(`parameters.${name}`, 'a text', value);
  }
  return parameters;
}

function requireIssuer(issuer: string, allowHttp: boolean): void {
  const url = parseAddress(issuer);
  if (!url || url.search || url.hash || url.username)
    throw invalid('issuer', 'an https address without query or fragment', issuer);
  if (url.protocol === 'https:') return;
  if (url.protocol !== 'http:' || !isLoopback(url)) throw invalid('issuer', 'an https address', issuer);
  if (!allowHttp) throw invalid('issuer', 'an https address (http on loopback needs allowHttp)', issuer);
}

function requireApiAddress(address: string): void {
  const url = parseAddress(address);
  if (!url || !isSafeAddress(url) || url.search || url.hash)
    throw invalid('apiAddresses', 'https addresses (http only on loopback)', address);
}

function requireSeconds(key: SecondsKey, value: number): number {
  if (!Number.isFinite(value) || value < 0) throw invalid(key, 'a number of seconds, 0 or more', value);
  return value;
}

function invalid(key: string, expected: string, value: unknown): AuthError {
  return new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "${key}": expected ${expected}, found ${JSON.stringify(value)}.`,
  );
}
