import {
  type Client,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider';
import type { DevClients } from './clients.ts';
import { apiScopes } from './scopes.ts';
import type { ResolvedSettings } from './settings.ts';

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/** Which access tokens are for the API, and what they may have in them: each provider lets apps ask for them in its own way. */
export function buildApiAccess(settings: ResolvedSettings, clients: DevClients): ResourceIndicators {
  const { apiAudience } = settings;
  const api: ResourceServer = {
    scope: apiScopeNames(settings).join(' '),
    audience: apiAudience,
    accessTokenFormat: settings.accessTokenFormat,
    jwt: { sign: { alg: 'RS256' } },
  };
  return {
    enabled: true,
    defaultResource: (ctx, client) =>
      clients[client.clientId]?.callsApi === false ? undefined : askedBy(ctx, settings),
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, resource) => {
      if (resource === apiAudience) return api;
      throw new errors.InvalidTarget(`unknown resource; the API of this authority is ${apiAudience}`);
    },
  };
}

/** The API that a request without a `resource` is about. */
function askedBy({ oidc }: KoaContextWithOIDC, { profile, apiAudience }: ResolvedSettings) {
  const { audience, scope } = oidc.params ?? {};
  switch (profile.apiBy) {
    case 'always':
      return apiAudience;
    case 'audience':
      return typeof audience === 'string' ? audience : undefined;
    case 'scope':
      return String(scope ?? '').includes(`${apiAudience}/`) ? apiAudience : undefined;
    default:
      return undefined;
  }
}

/** The scopes of the API, in the spelling of the profile. */
function apiScopeNames({ profile, apiAudience }: ResolvedSettings): string[] {
  const names = Object.keys(apiScopes);
  return profile.apiBy === 'scope' ? names.map((name) => `${apiAudience}/${name}`) : names;
}

/** An API learns about tokens that were made for it, nobody learns about another client's refresh tokens. */
export function buildIntrospection(settings: ResolvedSettings, clients: DevClients) {
  const isApi = (client: Client) => clients[client.clientId]?.type === 'api';
  return {
    enabled: true,
    allowedPolicy: (
      _ctx: KoaContextWithOIDC,
      client: Client,
      token: { readonly clientId?: string | undefined; readonly aud?: unknown },
    ) => (isApi(client) ? token.aud === settings.apiAudience : token.clientId === client.clientId),
  };
}
