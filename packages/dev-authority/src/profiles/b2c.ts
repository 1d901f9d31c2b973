import { API_CLIENT_ID, withoutApi } from './entra.ts';
import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

const policy = '/companies.onmicrosoft.com/b2c_1_signin';

/** The policy is in the endpoints and not in the issuer, so that the metadata is not under it; no userinfo at all. */
export const b2c: Profile = {
  ...standard,
  title: 'Azure AD B2C',
  issuerPath: '/9f1c3b52-6d0e-4c8e-8d2c-3f6a8a1b7c90/v2.0/',
  metadataPath: `${policy}/v2.0/.well-known/openid-configuration`,
  routes: {
    ...standard.routes,
    authorization: `${policy}/oauth2/v2.0/authorize`,
    token: `${policy}/oauth2/v2.0/token`,
    jwks: `${policy}/discovery/v2.0/keys`,
    end_session: `${policy}/oauth2/v2.0/logout`,
  },
  loopbackHosts: ['127.0.0.1', 'localhost'],
  apiBy: 'scope',
  lacks: [
    ...(['userinfo', 'introspection', 'revocation', 'pushed_authorization_request'] as const),
    ...(['device_authorization', 'dpop'] as const),
  ],
  namesItself: false,
  accessTokenType: 'JWT',
  accessTokenClaims: ({ client_id: azp, scope, ...claims }) => ({
    ...claims,
    ...{ aud: API_CLIENT_ID, ver: '1.0', azp, scp: withoutApi(scope), tfp: 'B2C_1_signin' },
  }),
};
