import type { ClientMetadata } from 'oidc-provider';
import type { DevClient } from './clients.ts';
import type { Profile } from './profiles/profile.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** The client as oidc-provider wants it registered. @see OpenID Connect Dynamic Client Registration 1.0 §2 */
export function buildClientMetadata(
  client: DevClient,
  apiClientSecret: string,
  { nativeClientSecret }: Profile,
): ClientMetadata {
  if (client.type === 'api') {
    return {
      client_id: client.clientId,
      client_name: client.name,
      client_secret: apiClientSecret,
      token_endpoint_auth_method: nativeClientSecret ? 'client_secret_post' : 'client_secret_basic',
      redirect_uris: [],
      grant_types: [],
      response_types: [],
    };
  }
  return {
    client_id: client.clientId,
    client_name: client.name,
    application_type: client.type,
    ...(client.type === 'native' && nativeClientSecret
      ? { token_endpoint_auth_method: 'client_secret_post', client_secret: nativeClientSecret }
      : { token_endpoint_auth_method: 'none' }),
    redirect_uris: [...(client.redirectUris ?? [])],
    post_logout_redirect_uris: [...(client.postLogoutRedirectUris ?? [])],
    grant_types: ['authorization_code', 'refresh_token', ...(client.deviceGrant ? [DEVICE_GRANT] : [])],
    response_types: ['code'],
  };
}
