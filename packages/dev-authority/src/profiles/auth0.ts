import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

/** A slash at the end of the issuer, the API in a parameter `audience`, and no grace after a rotation unless it is set. */
export const auth0: Profile = {
  ...standard,
  title: 'Auth0',
  issuerPath: '/',
  routes: {
    authorization: '/authorize',
    token: '/oauth/token',
    userinfo: '/userinfo',
    jwks: '/.well-known/jwks.json',
    introspection: '/oauth/introspect',
    revocation: '/oauth/revoke',
    end_session: '/oidc/logout',
    pushed_authorization_request: '/oauth/par',
    device_authorization: '/oauth/device/code',
    code_verification: '/activate',
  },
  redirectMatch: 'exact',
  redirectPorts: [8001, 8002, 8003],
  apiBy: 'audience',
  lacks: ['introspection', 'pushed_authorization_request', 'dpop'],
  namesItself: false,
  accessTokenType: 'JWT',
  accessTokenClaims: ({ client_id: azp, ...claims }) => ({ ...claims, azp }),
};
