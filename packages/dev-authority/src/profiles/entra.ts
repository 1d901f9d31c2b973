import { bareScope } from '../scopes.ts';
import type { Profile } from './profile.ts';
import { standard } from './standard.ts';

const tenant = '/7d0a5ed4-0e3b-4b0f-9a54-0a2d8f7c1e55';
/** In tokens of version 2 an API is its registration, whatever its scopes begin with. */
export const API_CLIENT_ID = '5b0c7b6e-3f5e-4c57-9a1e-6d2f0e9a4b11';
const NINETY_DAYS_SECONDS = 90 * 24 * 3600;

/** Endpoints beside the issuer, the API in the names of scopes, refresh tokens that are replaced and stay good. */
export const entra: Profile = {
  ...standard,
  title: 'Microsoft Entra ID',
  issuerPath: `${tenant}/v2.0`,
  routes: {
    ...standard.routes,
    authorization: `${tenant}/oauth2/v2.0/authorize`,
    token: `${tenant}/oauth2/v2.0/token`,
    userinfo: '/oidc/userinfo',
    jwks: `${tenant}/discovery/v2.0/keys`,
    end_session: `${tenant}/oauth2/v2.0/logout`,
    device_authorization: `${tenant}/oauth2/v2.0/devicecode`,
    code_verification: '/devicelogin',
  },
  loopbackHosts: ['127.0.0.1', 'localhost'],
  apiBy: 'scope',
  refreshGraceSeconds: NINETY_DAYS_SECONDS,
  lacks: ['introspection', 'revocation', 'pushed_authorization_request', 'dpop'],
  namesItself: false,
  accessTokenType: 'JWT',
  accessTokenClaims: ({ client_id: azp, scope, ...claims }) => ({
    ...claims,
    ...{
      aud: API_CLIENT_ID,
      ver: '2.0',
      azp,
      scp: withoutApi(scope),
      oid: `oid-${claims.sub}`,
      tid: tenant.slice(1),
    },
  }),
};

/** The same tenant by its older endpoints: another issuer than the metadata's address says, and the parameter `resource`. */
export const entraV1: Profile = {
  ...entra,
  title: 'Azure AD v1',
  issuerPath: `/sts.windows.net${tenant}/`,
  metadataPath: `${tenant}/.well-known/openid-configuration`,
  routes: {
    ...entra.routes,
    authorization: `${tenant}/oauth2/authorize`,
    token: `${tenant}/oauth2/token`,
    userinfo: `${tenant}/openid/userinfo`,
    jwks: '/common/discovery/keys',
    end_session: `${tenant}/oauth2/logout`,
    device_authorization: `${tenant}/oauth2/devicecode`,
  },
  apiBy: 'resource',
  withoutCors: ['jwks', 'userinfo'],
  accessTokenClaims: ({ client_id: appid, scope: scp, ...claims }) => ({
    ...claims,
    ...{ ver: '1.0', appid, scp, oid: `oid-${claims.sub}`, tid: tenant.slice(1) },
  }),
};

/** A token names the rights at the API, without the API before each. */
export function withoutApi(scope: unknown): string {
  return String(scope ?? '')
    .split(' ')
    .map(bareScope)
    .join(' ');
}
