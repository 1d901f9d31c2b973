import { isLoopback, isSafeAddress, parseAddress } from './address.ts';
import { AuthError } from './errors.ts';
import { type ExtraParameters, requireExtraParameters } from './extra-parameters.ts';
import { ownMembers } from './own-members.ts';
import { SESSION_SETTINGS } from './session-kinds.ts';
import { requireSettings } from './setting-kinds.ts';

/** Single claims to ask for, beyond those that scopes bring (OIDC Core §5.5). */
export interface ClaimsRequest {
  readonly id_token?: Readonly<Record<string, ClaimRequest | null>> | undefined;
  readonly userinfo?: Readonly<Record<string, ClaimRequest | null>> | undefined;
}

/** What is asked of one claim (OIDC Core §5.5.1). */
export interface ClaimRequest {
  readonly essential?: boolean | undefined;
  readonly value?: unknown | undefined;
  readonly values?: readonly unknown[] | undefined;
}

/** What an app says about its authorization server and itself. Plain data: it can come from a JSON file. */
export interface SessionSettings {
  /** Issuer identifier, exactly as the server states it: case, port and trailing slash matter (RFC 8414 §3.3). */
  readonly issuer: string;
  /**
   * Where the server's metadata is, when not under its issuer: Azure AD B2C, Entra ID v1, a server with RFC 8414 alone.
   * The document must name the issuer above all the same. @default the issuer and `/.well-known/openid-configuration`
   */
  readonly metadataAddress?: string | undefined;
  /**
   * Ids of the tenants whose people may sign in, for an issuer that is shared by all of them
   * (`https://login.microsoftonline.com/organizations/v2.0`). It is never any tenant. @default none: the issuer is one tenant's
   */
  readonly tenants?: readonly string[] | undefined;
  /** Client id of a native (public) client. */
  readonly clientId: string;
  /** For the few providers that issue one to native apps. It is no secret there (RFC 8252 §8.5). */
  readonly clientSecret?: string | undefined;
  /** Space-separated, `openid` among them. @default 'openid profile email', and 'offline_access' unless the server says it has no such scope */
  readonly scope?: string | undefined;
  /** The APIs that access tokens are for (RFC 8707). */
  readonly resource?: string | readonly string[] | undefined;
  /** Extra authorization request parameters: `audience`, `acr_values`, `p` … They cannot replace our own. */
  readonly parameters?: ExtraParameters | undefined;
  /** Single claims to ask for (OIDC Core §5.5). @default none */
  readonly claims?: ClaimsRequest | undefined;
  /**
   * When the authorization request is handed to the server beforehand (RFC 9126), so that the browser carries only a
   * reference. `auto`: where the server demands it, and where the address would otherwise be too long. Such a
   * reference is good for one visit and a minute or so, which is why the address itself is used where it can be:
   * it can be opened again and copied.
   * @default 'auto'
   */
  readonly pushedAuthorization?: 'auto' | 'always' | 'never' | undefined;
  /**
   * Binds tokens to a key of this session (RFC 9449), so that a token that somebody has stolen is worth nothing without
   * it. The API must know this too. `when-offered`: where the server lists it in its metadata; `required`: always.
   * Either way an answer that does not bind, once it was asked for, is refused. See docs/dpop.md.
   * @default 'off'
   */
  readonly dpop?: 'off' | 'when-offered' | 'required' | undefined;
  /**
   * Other origins where the server has endpoints: `https://tokens.example.net`. Those on the issuer's own domain, and
   * those of Google, Entra ID and Cognito, need no mention. @default none
   */
  readonly endpointOrigins?: readonly string[] | undefined;
  /**
   * Sends `prompt=consent` when `offline_access` is asked for, as OIDC Core §11 wants it. Switch it off for a provider
   * that grants long sessions without asking and would show the question needlessly (Entra ID).
   * @default true
   */
  readonly consentForOfflineAccess?: boolean | undefined;
  /**
   * Other audiences that the ID token may name beside the client id. Without them a token that is also meant for
   * somebody else is refused (OIDC Core §3.1.3.7).
   * @default none
   */
  readonly otherAudiences?: readonly string[] | undefined;
  /** Addresses that may receive the access token: an origin, or an origin and a path prefix. @default none */
  readonly apiAddresses?: readonly string[] | undefined;
  /**
   * Where the user's claims come from. `auto`: the ID token, and the userinfo endpoint where that token has no name to
   * show and the scope grants one; a fault of the endpoint is no fault of the sign-in. `endpoint`: both, and both are
   * needed.
   * @default 'auto'
   */
  readonly userInfo?: 'auto' | 'id-token' | 'endpoint' | undefined;
  /** Permits `http:` for an issuer on a loopback address, for development. @default false */
  readonly allowHttp?: boolean | undefined;
  /** How long a person may take in the browser, in seconds. @default 600 */
  readonly signInTimeLimitSeconds?: number | undefined;
  /** How long the authorization server may take for one answer, in seconds. @default 30 */
  readonly requestTimeLimitSeconds?: number | undefined;
  /** An access token is renewed this long before it expires, in seconds. @default 60 */
  readonly refreshMarginSeconds?: number | undefined;
  /**
   * How long the server still accepts a refresh token after its first use, in seconds: a lost answer is asked for once
   * more within it. See your provider's documentation. @default 0: no grace is known
   */
  readonly refreshGraceSeconds?: number | undefined;
  /**
   * How long a refresh token that could not be revoked at sign-out is kept to be revoked at a later start, in seconds:
   * encrypted, in a place of its own, with nothing about the person, and gone once the server has answered or somebody
   * has signed in. Without it such a token is in memory only, and forgotten when the app ends.
   * @default 0: not kept
   */
  readonly revokeLaterSeconds?: number | undefined;
  /** Error codes of this server, beside `invalid_grant`, that end a refresh token. @default none */
  readonly refreshRefusals?: readonly string[] | undefined;
  /** Renews the access token before it expires, so that no call waits for it. @default false */
  readonly backgroundRenewal?: boolean | undefined;
  /**
   * Sign-out at a server that has a way of its own for it: an address and its parameters, whose texts may hold
   * `{clientId}`, `{redirectUri}`, `{idToken}` and `{state}`. @default the server's end session endpoint
   */
  readonly signOutRequest?: SignOutRequest | undefined;
}

/** A provider's own sign-out, as data. */
export interface SignOutRequest {
  readonly address: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** Settings with every default filled in. */
export interface CheckedSettings extends SessionSettings {
  readonly tenants: readonly string[];
  readonly resource: readonly string[];
  readonly parameters: ExtraParameters;
  readonly pushedAuthorization: 'auto' | 'always' | 'never';
  readonly dpop: 'off' | 'when-offered' | 'required';
  readonly endpointOrigins: readonly string[];
  readonly consentForOfflineAccess: boolean;
  readonly otherAudiences: readonly string[];
  readonly apiAddresses: readonly string[];
  readonly userInfo: 'auto' | 'id-token' | 'endpoint';
  readonly allowHttp: boolean;
  readonly signInTimeLimitSeconds: number;
  readonly requestTimeLimitSeconds: number;
  readonly refreshMarginSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly revokeLaterSeconds: number;
  readonly refreshRefusals: readonly string[];
  readonly backgroundRenewal: boolean;
}

/**
 * Fills in defaults and refuses what cannot work, and what is no setting.
 * @throws AuthError `AUTH_SETTINGS_INVALID`, naming the key and what was expected.
 */
export function parseSettings(appSettings: SessionSettings): CheckedSettings {
  const settings = ownMembers(appSettings);
  requireSettings(settings, SESSION_SETTINGS, ['issuer', 'clientId']);
  requireIssuer(settings.issuer, settings.allowHttp === true);
  if (settings.scope !== undefined) requireScope(settings.scope);
  settings.apiAddresses?.forEach(requireApiAddress);
  if (settings.signOutRequest) requireSignOutRequest(settings.signOutRequest);
  if (settings.metadataAddress !== undefined) requireMetadataAddress(settings);
  const seconds = (key: SecondsKey, fallback: number) => requireSeconds(key, settings[key] ?? fallback);
  return ownMembers({
    ...settings,
    tenants: (settings.tenants ?? []).map(requireTenantId),
    resource: [settings.resource ?? []].flat(),
    parameters: requireExtraParameters(settings.parameters ?? {}, 'Setting "parameters'),
    pushedAuthorization: settings.pushedAuthorization ?? 'auto',
    dpop: settings.dpop ?? 'off',
    endpointOrigins: (settings.endpointOrigins ?? []).map(requireOrigin),
    consentForOfflineAccess: settings.consentForOfflineAccess ?? true,
    otherAudiences: settings.otherAudiences ?? [],
    apiAddresses: settings.apiAddresses ?? [],
    userInfo: settings.userInfo ?? 'auto',
    allowHttp: settings.allowHttp ?? false,
    signInTimeLimitSeconds: seconds('signInTimeLimitSeconds', 600),
    requestTimeLimitSeconds: seconds('requestTimeLimitSeconds', 30),
    refreshMarginSeconds: seconds('refreshMarginSeconds', 60),
    refreshGraceSeconds: seconds('refreshGraceSeconds', 0),
    revokeLaterSeconds: seconds('revokeLaterSeconds', 0),
    refreshRefusals: settings.refreshRefusals ?? [],
    backgroundRenewal: settings.backgroundRenewal ?? false,
  });
}

type SecondsKey = Extract<keyof SessionSettings, `${string}Seconds`>;

function requireIssuer(issuer: string, allowHttp: boolean): void {
  const url = parseAddress(issuer);
  if (!url || url.search || url.hash || url.username || issuer !== issuer.trim())
    throw invalid('issuer', 'an https address without query, fragment or blanks', issuer);
  if (url.pathname.includes('/.well-known/'))
    throw invalid('issuer', 'the address before "/.well-known/", as the document there states it', issuer);
  if (url.protocol === 'https:') return;
  if (url.protocol !== 'http:' || !isLoopback(url)) throw invalid('issuer', 'an https address', issuer);
  if (!allowHttp)
    throw invalid('issuer', 'an https address (http on loopback needs the setting allowHttp)', issuer);
}

/** Told before anything is asked: without it a sign-in has an end and no person (OIDC Core §3.1.2.1). */
function requireScope(scope: string): void {
  if (scope.split(' ').includes('openid')) return;
  const { message } = invalid('scope', '"openid" in it, and spaces between scopes', scope);
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `${message} Without "openid" the server does not say who has signed in.`,
  );
}

function requireApiAddress(address: string): void {
  const url = parseAddress(address);
  if (!url || !isSafeAddress(url) || url.search || url.hash)
    throw invalid('apiAddresses', 'https addresses (http only on loopback)', address);
}

function requireSignOutRequest({ address, parameters = {} }: SignOutRequest): void {
  const url = parseAddress(address);
  if (!url || !isSafeAddress(url))
    throw invalid('signOutRequest.address', 'an https address (http only on loopback)', address);
  for (const [name, text] of Object.entries(parameters)) {
    const known = typeof text === 'string' && (text.match(/\{\w*\}/g) ?? []).every(isPlaceholder);
    if (!known)
      throw invalid(
        `signOutRequest.parameters.${name}`,
        `a text, in braces only ${SIGN_OUT_PLACEHOLDERS.join(', ')}`,
        String(text),
      );
  }
}

/** What stands for a value of this sign-out. */
const SIGN_OUT_PLACEHOLDERS: readonly string[] = ['{clientId}', '{redirectUri}', '{idToken}', '{state}'];
const isPlaceholder = (text: string) => SIGN_OUT_PLACEHOLDERS.includes(text);

function requireOrigin(address: string): string {
  const url = parseAddress(address);
  if (!url || !isSafeAddress(url) || url.href !== `${url.origin}/`)
    throw invalid('endpointOrigins', 'origins such as https://oauth2.example.com', address);
  return url.origin;
}

function requireMetadataAddress({ metadataAddress = '', allowHttp }: SessionSettings): void {
  const url = parseAddress(metadataAddress);
  const isSafe = url?.protocol === 'https:' || (allowHttp && url && isSafeAddress(url));
  // So marked, the library asks for this address as it is.
  if (!isSafe || !url?.pathname.includes('/.well-known/') || url.username)
    throw invalid('metadataAddress', 'an https address with /.well-known/ in its path', metadataAddress);
}

function requireTenantId(tenant: string): string {
  if (/^[\w-]+(\.[\w-]+)*$/.test(tenant)) return tenant;
  throw invalid('tenants', 'ids of tenants', tenant);
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
