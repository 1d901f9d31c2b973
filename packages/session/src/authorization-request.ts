import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';
import { toAuthError } from './protocol-errors.ts';
import { type CheckedSettings, requireExtraParameters } from './settings.ts';

/** What one sign-in may ask for beyond the settings. */
export interface SignInOptions {
  /** `login` asks for the password again, `select_account` for another account (OIDC Core §3.1.2.1). */
  readonly prompt?: 'login' | 'select_account' | 'consent' | 'none';
  /** Who is probably signing in. */
  readonly loginHint?: string;
  /** Extra authorization request parameters for this sign-in only. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** One authorization request and the secrets that its answer must match. Kept in memory only. */
export interface AuthorizationRequest {
  /** The address for the browser. Holds the challenge, not the verifier. */
  readonly url: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeVerifier: string;
  /** What was asked for, space-separated. */
  readonly scope: string;
  /** Undefined when `openid` is not asked for: then there is no ID token to carry it. */
  readonly nonce: string | undefined;
}

/**
 * Builds the authorization request with state, nonce and PKCE S256 (RFC 6749 §4.1.1, RFC 7636, OIDC Core §3.1.2.1).
 * @throws AuthError `AUTH_ENDPOINT_REFUSED`, `AUTH_SETTINGS_INVALID`
 */
export async function buildAuthorizationRequest(
  server: AuthorizationServer,
  settings: CheckedSettings,
  redirectUri: string,
  options: SignInOptions,
): Promise<AuthorizationRequest> {
  const state = client.randomState();
  const codeVerifier = client.randomPKCECodeVerifier();
  const scope = settings.scope ?? defaultScope(server);
  const nonce = includes(scope, 'openid') ? client.randomNonce() : undefined;
  const parameters = new URLSearchParams({
    ...settings.parameters,
    ...requireExtraParameters(options.parameters ?? {}),
    ...(options.loginHint !== undefined && { login_hint: options.loginHint }),
    ...(nonce !== undefined && { nonce }),
    scope,
    redirect_uri: redirectUri,
    state,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  const prompt = promptFor(scope, settings, options);
  if (prompt !== undefined) parameters.set('prompt', prompt);
  for (const resource of settings.resource) parameters.append('resource', resource);
  return { url: buildUrl(server, parameters), redirectUri, state, codeVerifier, scope, nonce };
}

function buildUrl(server: AuthorizationServer, parameters: URLSearchParams): string {
  try {
    return client.buildAuthorizationUrl(server, parameters).href;
  } catch (error) {
    throw toAuthError(error, 'discovery');
  }
}

const includes = (scope: string, wanted: string) => scope.split(' ').includes(wanted);

/** Some servers refuse a scope that they do not know; most list those that they do (OIDC Discovery §3). */
function defaultScope(server: AuthorizationServer): string {
  const { scopes_supported: listed } = server.serverMetadata();
  const hasLongSessions = listed === undefined || listed.includes('offline_access');
  return hasLongSessions ? 'openid profile email offline_access' : 'openid profile email';
}

/** Long-lived access must be agreed to: a server ignores `offline_access` without `prompt=consent` (OIDC Core §11). */
function promptFor(scope: string, settings: CheckedSettings, { prompt }: SignInOptions): string | undefined {
  const needsConsent = settings.consentForOfflineAccess && includes(scope, 'offline_access');
  const stated = prompt ?? settings.parameters.prompt;
  if (!needsConsent || stated === 'none' || stated?.split(' ').includes('consent')) return stated;
  return stated === undefined ? 'consent' : `${stated} consent`;
}
