import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

const realm = '/realms/companies';
const oidc = `${realm}/protocol/openid-connect`;

/** The realm in the path, `*` in redirect URIs, refresh tokens without being asked, replaced and good until the session ends. */
export const keycloak: Profile = {
  ...standard,
  title: 'Keycloak',
  issuerPath: realm,
  routes: {
    authorization: `${oidc}/auth`,
    token: `${oidc}/token`,
    userinfo: `${oidc}/userinfo`,
    jwks: `${oidc}/certs`,
    introspection: `${oidc}/token/introspect`,
    revocation: `${oidc}/revoke`,
    end_session: `${oidc}/logout`,
    pushed_authorization_request: `${oidc}/ext/par/request`,
    device_authorization: `${oidc}/auth/device`,
    code_verification: `${realm}/device`,
  },
  redirectMatch: 'any-port-or-path',
  redirectPath: '/*',
  signOutPath: '/*',
  longSessionBy: 'always',
  refreshGraceSeconds: 12 * 3600,
  accessTokenType: 'JWT',
  accessTokenClaims: ({ client_id: azp, ...claims }) => ({ ...claims, azp, typ: 'Bearer' }),
};
