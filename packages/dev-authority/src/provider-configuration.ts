import { randomBytes } from 'node:crypto';
import { type Configuration, interactionPolicy } from 'oidc-provider';
import { shapeAccessToken } from './access-token-shape.ts';
import { buildApiAccess, buildIntrospection } from './api-access.ts';
import { buildClientMetadata } from './client-metadata.ts';
import { type DevClients, isOriginOfClient } from './clients.ts';
import { buildDeviceFlow } from './device-flow.ts';
import { buildLifetimes } from './lifetimes.ts';
import { getsRefreshToken, keepOfflineAccess } from './offline-access.ts';
import type { ProviderPages } from './provider-pages.ts';
import type { ResolvedSettings } from './settings.ts';
import type { StateStore } from './state-store.ts';
import { buildUserClaims } from './user-claims.ts';
import type { WorkspaceSecrets } from './workspace-secrets.ts';

/** What the configuration is built from. */
export interface ConfigurationParts {
  settings: ResolvedSettings;
  secrets: WorkspaceSecrets;
  clients: DevClients;
  store: StateStore;
  port: number;
  pages: ProviderPages;
}

/** The configuration of oidc-provider. What it would only warn about is set here. */
export function buildProviderConfiguration(parts: ConfigurationParts): Configuration {
  const { settings, secrets, clients, store, port, pages } = parts;
  const { profile } = settings;
  return {
    adapter: store.adapter,
    jwks: { keys: structuredClone(secrets.signingKeys) },
    clients: Object.values(clients).flatMap((client) =>
      client === undefined ? [] : [buildClientMetadata(client, secrets.apiClientSecret, profile)],
    ),
    clockTolerance: 0,
    // Clients are given in the settings, so that nothing that anybody sends makes this machine ask another (SSRF).
    fetch: async () => {
      throw new Error('This authority fetches nothing.');
    },
    clientAuthMethods: [profile.nativeClientSecret ? 'client_secret_post' : 'client_secret_basic', 'none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin, client) => isOriginOfClient(clients[client.clientId], origin),
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    // The user's claims are in the ID token: an access token for the API is refused by oidc-provider's userinfo
    // endpoint, because its audience is the API. Only clients with `callsApi: false` can use that endpoint.
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => {
      const user = settings.users.find((candidate) => candidate.sub === sub);
      return user && { accountId: sub, claims: () => buildUserClaims(user) };
    },
    extraParams: {
      scope: (ctx) => keepOfflineAccess(ctx, profile),
      ...(profile.apiBy === 'audience' && { audience: null }),
      ...(profile.longSessionBy === 'access_type' && { access_type: null }),
    },
    issueRefreshToken: (_ctx, client, source) => getsRefreshToken(client, source.scopes, profile),
    formats: { customizers: { jwt: (_ctx, _token, jwt) => shapeAccessToken(jwt, profile) } },
    rotateRefreshToken: settings.rotateRefreshTokens,
    // A page has no secure place for a refresh token, so its token ends with the browser session. @see RFC 10017
    expiresWithSession: (ctx, source) =>
      ctx.oidc.client?.applicationType === 'web' ||
      (profile.longSessionBy !== 'always' && !source.scopes.has('offline_access')),
    ttl: buildLifetimes(settings),
    cookies: buildCookies(secrets, port),
    routes: { ...profile.routes },
    interactions: { policy: buildInteractionPolicy(), url: (_ctx, { uid }) => `/interaction/${uid}` },
    renderError: pages.renderError,
    features: { ...buildFeatures(settings, clients), rpInitiatedLogout: pages.rpInitiatedLogout },
  };
}

function buildFeatures(settings: ResolvedSettings, clients: DevClients): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: true, ...(settings.dpopNonces && demandNonces()) },
    deviceFlow: buildDeviceFlow(clients),
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    introspection: buildIntrospection(settings, clients),
    resourceIndicators: buildApiAccess(settings, clients),
  };
}

function demandNonces(): { nonceSecret: Buffer; requireNonce: () => boolean } {
  return { nonceSecret: randomBytes(32), requireNonce: () => true };
}

/** Browsers do not tell ports apart in cookies, so two authorities on one machine need different names. */
function buildCookies(secrets: WorkspaceSecrets, port: number): Configuration['cookies'] {
  const flags = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    keys: secrets.cookieKeys,
    names: {
      session: `deskauth_${port}_session`,
      interaction: `deskauth_${port}_interaction`,
      resume: `deskauth_${port}_resume`,
    },
    long: flags,
    short: flags,
  };
}

/** The usual sign-in and consent, with `prompt=select_account` before them. @see OpenID Connect Core 1.0 §3.1.2.1 */
function buildInteractionPolicy(): interactionPolicy.Prompt[] {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return policy;
}
