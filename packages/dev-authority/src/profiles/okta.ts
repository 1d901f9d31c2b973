import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

const path = '/oauth2/default';

/** A custom authorization server: it has an audience of its own, and compares redirect URIs with their ports. */
export const okta: Profile = {
  ...standard,
  title: 'Okta',
  issuerPath: path,
  routes: {
    authorization: `${path}/v1/authorize`,
    token: `${path}/v1/token`,
    userinfo: `${path}/v1/userinfo`,
    jwks: `${path}/v1/keys`,
    introspection: `${path}/v1/introspect`,
    revocation: `${path}/v1/revoke`,
    end_session: `${path}/v1/logout`,
    pushed_authorization_request: `${path}/v1/par`,
    device_authorization: `${path}/v1/device/authorize`,
    code_verification: '/activate',
  },
  redirectMatch: 'exact',
  redirectPorts: [8001, 8002, 8003],
  refreshGraceSeconds: 30,
  signOutNeedsHint: true,
  namesItself: false,
  accessTokenType: 'application/okta-internal-at+jwt',
  accessTokenClaims: ({ client_id: cid, scope, ...claims }) => ({
    ...claims,
    ...{ ver: 1, cid, uid: claims.sub, scp: String(scope ?? '').split(' ') },
  }),
};
