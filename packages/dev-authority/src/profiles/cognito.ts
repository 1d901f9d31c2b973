import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

const pool = '/eu-central-1_EXAMPLE';

/** Redirect URIs at `localhost` only and as text, a sign-out of its own, access tokens without an audience. */
export const cognito: Profile = {
  ...standard,
  title: 'Amazon Cognito',
  issuerPath: pool,
  routes: {
    ...standard.routes,
    authorization: '/oauth2/authorize',
    token: '/oauth2/token',
    userinfo: '/oauth2/userInfo',
    jwks: `${pool}/.well-known/jwks.json`,
    revocation: '/oauth2/revoke',
  },
  redirectMatch: 'exact',
  loopbackHosts: ['localhost'],
  redirectPorts: [8001, 8002, 8003],
  redirectPath: '/',
  signOutPath: '/',
  apiBy: 'scope',
  longSessionBy: 'always',
  rotatesRefreshTokens: false,
  refreshAnswerOmits: ['refresh_token'],
  lacks: [
    ...(['introspection', 'end_session', 'pushed_authorization_request'] as const),
    ...(['device_authorization', 'dpop'] as const),
  ],
  signOut: { path: '/logout', returnParameter: 'logout_uri' },
  namesItself: false,
  accessTokenType: undefined,
  accessTokenClaims: ({ aud: _none, ...claims }) => ({ ...claims, token_use: 'access', version: 2 }),
};
