import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

/** A client secret that is none, a long session by `access_type`, no rotation, no sign-out, no tokens for APIs of others. */
export const google: Profile = {
  ...standard,
  title: 'Google',
  routes: {
    ...standard.routes,
    authorization: '/o/oauth2/v2/auth',
    userinfo: '/v1/userinfo',
    jwks: '/oauth2/v3/certs',
    device_authorization: '/device/code',
  },
  nativeClientSecret: 'no-secret-in-a-native-app',
  apiBy: 'never',
  longSessionBy: 'access_type',
  rotatesRefreshTokens: false,
  refreshAnswerOmits: ['refresh_token'],
  lacks: ['introspection', 'end_session', 'pushed_authorization_request', 'dpop'],
  namesItself: false,
};
