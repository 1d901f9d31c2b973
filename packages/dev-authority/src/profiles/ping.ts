import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

/** Paths of its own; otherwise as an administrator sets it up. */
export const ping: Profile = {
  ...standard,
  title: 'PingFederate',
  routes: {
    authorization: '/as/authorization.oauth2',
    token: '/as/token.oauth2',
    userinfo: '/idp/userinfo.openid',
    jwks: '/pf/JWKS',
    introspection: '/as/introspect.oauth2',
    revocation: '/as/revoke_token.oauth2',
    end_session: '/idp/startSLO.ping',
    pushed_authorization_request: '/as/par.oauth2',
    device_authorization: '/as/device_authz.oauth2',
    code_verification: '/as/user_authz.oauth2',
  },
  namesItself: false,
  accessTokenType: 'JWT',
};
