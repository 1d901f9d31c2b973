import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import type { Dpop } from './dpop.ts';
import { createDpopKey, type DpopKey } from './dpop-key.ts';
import { AuthError } from './errors.ts';
import { type ExtraParameters, type RequestHooks, requireExtraParameters } from './extra-parameters.ts';
import type { Clock, OpenRedirect } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import type { CheckedSettings, ClaimsRequest } from './settings.ts';

/** What one sign-in may ask for beyond the settings. */
export interface SignInOptions {
  /** `login` asks for the password again, `select_account` for another account (OIDC Core §3.1.2.1). */
  readonly prompt?: 'login' | 'select_account' | 'consent' | 'none';
  /** Who is probably signing in. */
  readonly loginHint?: string;
  /** The person must have signed in at the server within so many seconds; checked in the answer (`auth_time`). */
  readonly maxAgeSeconds?: number;
  /** How strongly, in order of preference (RFC 9470). What was used is the claim `acr`: it may be less. */
  readonly acrValues?: readonly string[];
  /** Single claims to ask for, in place of those of the settings. */
  readonly claims?: ClaimsRequest;
  /** Extra authorization request parameters for this sign-in only. */
  readonly parameters?: ExtraParameters;
}

/** One authorization request and the secrets that its answer must match. */
export interface AuthorizationRequest {
  /** The address for the browser. Holds the challenge, not the verifier. */
  readonly url: string;
  /** Whom it was made for: nobody else may take its answer, or the code and its verifier go to another server. */
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeVerifier: string;
  /** True for `prompt=none`: whoever it brings, no person has looked at it. */
  readonly isSilent?: boolean;
  /** What was asked for, space-separated. */
  readonly scope: string;
  /** What the ID token must carry (OIDC Core §3.1.2.1). */
  readonly nonce: string;
  /** Set when the sign-in at the server may be no older than this. */
  readonly maxAgeSeconds?: number;
  /** When an answer comes too late, in seconds since the epoch. */
  readonly expiresAt: number;
  /** What the code and the tokens are to be bound to. */
  readonly dpopKey?: DpopKey;
}

/** Longer addresses than this are lost on the way: by launchers of some systems, and by servers. */
const LONG_ADDRESS = 2000;
const LONGEST_ADDRESS = 8000;

/** What an authorization request is built with. */
export interface RequestPorts {
  readonly settings: CheckedSettings;
  readonly hooks: RequestHooks;
  readonly clock: Pick<Clock, 'now'>;
  readonly dpop: Dpop;
}

/**
 * Builds the authorization request with state, nonce and PKCE S256 (RFC 6749 §4.1.1, RFC 7636, OIDC Core §3.1.2.1),
 * and hands it to the server beforehand where that is needed (RFC 9126).
 * @throws AuthError `AUTH_ENDPOINT_REFUSED`, `AUTH_SETTINGS_INVALID`, and those of a pushed request
 */
export async function buildAuthorizationRequest(
  server: AuthorizationServer,
  { settings, hooks, clock, dpop }: RequestPorts,
  { redirectUri, responseMode }: OpenRedirect,
  options: SignInOptions,
): Promise<AuthorizationRequest> {
  const state = client.randomState();
  const codeVerifier = client.randomPKCECodeVerifier();
  const scope = scopeFor(server, settings);
  const nonce = client.randomNonce();
  const asked = await askedFor(settings, hooks, options);
  const parameters = new URLSearchParams({
    ...asked,
    nonce,
    ...(responseMode !== undefined && { response_mode: responseMode }),
    scope,
    redirect_uri: redirectUri,
    state,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  const prompt = promptFor(scope, settings, asked.prompt);
  if (prompt !== undefined) parameters.set('prompt', prompt);
  const claims = options.claims ?? settings.claims;
  if (claims) parameters.set('claims', JSON.stringify(claims));
  for (const resource of settings.resource) parameters.append('resource', resource);
  const dpopKey = await createDpopKey(server, settings);
  const proof = await dpop.optionsFor(dpopKey);
  // Whoever gets hold of the code cannot exchange it without the key (RFC 9449 §10).
  if (proof.DPoP) parameters.set('dpop_jkt', await proof.DPoP.calculateThumbprint());
  return {
    url: await addressFor(server, parameters, proof, settings),
    ...{ issuer: settings.issuer, clientId: settings.clientId },
    ...{ redirectUri, state, codeVerifier, scope, nonce },
    expiresAt: clock.now() + settings.signInTimeLimitSeconds,
    ...(prompt === 'none' && { isSilent: true }),
    ...(asked.max_age !== undefined && { maxAgeSeconds: Number(asked.max_age) }),
    ...(dpopKey && { dpopKey }),
  };
}

/** What the app itself asks for, from the most general source to the most particular one. */
async function askedFor(
  settings: CheckedSettings,
  hooks: RequestHooks,
  { prompt, loginHint, maxAgeSeconds, acrValues, parameters }: SignInOptions,
): Promise<ExtraParameters> {
  const asked: ExtraParameters = {
    ...settings.parameters,
    ...requireExtraParameters(parameters ?? {}, 'Setting "parameters'),
    ...(prompt !== undefined && { prompt }),
    ...(loginHint !== undefined && { login_hint: loginHint }),
    ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
    ...(acrValues !== undefined && { acr_values: acrValues.join(' ') }),
  };
  const more = (await hooks.authorizationRequest?.(asked)) ?? {};
  return requireMaxAge({ ...asked, ...requireExtraParameters(more, 'Hook "authorizationRequest') });
}

/** A text that is no number would ask for an age that nobody could check. */
function requireMaxAge(asked: ExtraParameters): ExtraParameters {
  if (asked.max_age === undefined || /^\d{1,9}$/.test(asked.max_age)) return asked;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Parameter "max_age": expected a whole number of seconds, found ${JSON.stringify(asked.max_age)}.`,
  );
}

/** The address for the browser: the request itself, or a reference to it. */
async function addressFor(
  server: AuthorizationServer,
  parameters: URLSearchParams,
  proof: client.DPoPOptions,
  { pushedAuthorization }: CheckedSettings,
): Promise<string> {
  const {
    pushed_authorization_request_endpoint: offered,
    require_pushed_authorization_requests: isDemanded,
  } = server.serverMetadata();
  try {
    const { href } = client.buildAuthorizationUrl(server, parameters);
    const isUseful = isDemanded === true || pushedAuthorization === 'always' || href.length > LONG_ADDRESS;
    const isPossible = offered !== undefined && pushedAuthorization !== 'never';
    if (isUseful && (isPossible || isDemanded === true))
      return (await client.buildAuthorizationUrlWithPAR(server, parameters, proof)).href;
    if (href.length <= LONGEST_ADDRESS) return href;
    throw tooLong(href.length);
  } catch (error) {
    throw toAuthError(error, 'authorization request');
  }
}

function tooLong(length: number): AuthError {
  return new AuthError(
    'AUTH_SETTINGS_INVALID',
    `The authorization request is ${length} characters long, more than browsers and servers are sure to take. Ask for less in "parameters", "claims" or "scope", or use a server that takes pushed authorization requests.`,
  );
}

const includes = (scope: string, wanted: string) => scope.split(' ').includes(wanted);

/** The scope to ask for. Where the settings say nothing: some servers refuse a scope that they do not know; most list those that they do (OIDC Discovery §3). */
export function scopeFor(server: AuthorizationServer, { scope }: CheckedSettings): string {
  if (scope !== undefined) return scope;
  const { scopes_supported: listed } = server.serverMetadata();
  const hasLongSessions = !Array.isArray(listed) || listed.includes('offline_access');
  return hasLongSessions ? 'openid profile email offline_access' : 'openid profile email';
}

/** Long-lived access must be agreed to: a server ignores `offline_access` without `prompt=consent` (OIDC Core §11). */
function promptFor(scope: string, settings: CheckedSettings, stated: string | undefined): string | undefined {
  const needsConsent = settings.consentForOfflineAccess && includes(scope, 'offline_access');
  if (!needsConsent || stated === 'none' || stated?.split(' ').includes('consent')) return stated;
  return stated === undefined ? 'consent' : `${stated} consent`;
}
