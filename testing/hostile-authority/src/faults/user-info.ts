import { type Fault, faultsOf, OIDCC, type Outcome } from '../fault.ts';
import { unsigned } from '../id-token.ts';
import { captivePortal, inManner, json, redirect, text } from '../replies.ts';
import type { Bend } from '../scene.ts';

const unsignedJwt = (sub: string) =>
  text(unsigned(`x.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.x`), 'application/jwt');

const rows: [string, NonNullable<Bend['userInfo']>, Outcome, string?][] = [
  [
    'another subject',
    (honest) => ({ ...honest, sub: 'user-other' }),
    'AUTH_SERVER_RESPONSE_INVALID',
    'oidcc-client-test-userinfo-invalid-sub',
  ],
  ['no subject', ({ sub: _sub, ...rest }) => rest, 'AUTH_SERVER_RESPONSE_INVALID'],
  ['a JWT that nobody signed', () => unsignedJwt('user-europe'), 'AUTH_ID_TOKEN_INVALID'],
  ['a web page', () => captivePortal, 'AUTH_SERVER_RESPONSE_INVALID'],
  ['status 500', () => json({}, 500), 'AUTH_SERVER_UNAVAILABLE'],
  ['status 401', () => json({}, 401, { 'www-authenticate': 'Bearer' }), 'AUTH_SERVER_RESPONSE_INVALID'],
  ['a redirect', (_honest, { stranger }) => redirect(`${stranger}/me`, 307), 'AUTH_SERVER_RESPONSE_INVALID'],
  ['2 MiB', (honest) => ({ ...honest, more: 'x'.repeat(2 ** 21) }), 'AUTH_SERVER_RESPONSE_INVALID'],
];

const silences: [string, NonNullable<Bend['userInfo']>][] = [
  ['it hangs up', () => inManner('reset')],
  ['it never answers', () => inManner('hang')],
];

const nameless: Bend = {
  claims: ({ name: _name, preferred_username: _user, ...rest }) => rest,
};

/** The userinfo endpoint. */
export const userInfoFaults: readonly Fault[] = [
  ...faultsOf(
    'IDT-26',
    rows.map(([name, userInfo, expect, conformance]) => ({
      name: `user info: ${name}`,
      bend: { userInfo },
      settings: { userInfo: 'endpoint' },
      expect,
      ...(conformance !== undefined && { conformance }),
    })),
  ),
  ...faultsOf('IDT-26', [
    {
      name: 'user info: claims that the ID token has otherwise',
      bend: {
        userInfo: (honest) => ({ ...honest, name: 'Somebody Else', acr: 'strong' }),
        claims: (honest) => ({ ...honest, acr: 'weak' }),
      },
      settings: { userInfo: 'endpoint' },
      expect: 'signed-in',
      claims: { name: 'Europe Analyst', acr: 'weak', email: 'europe@example.com' },
    },
  ]),
  // Claims that are elsewhere (OIDC Core §5.6.2) are told to the app as they stand; nobody fetches them.
  ...faultsOf(
    'IDT-26',
    ['aggregated', 'distributed'].map((kind) => ({
      name: `user info: ${kind} claims`,
      conformance: `${OIDCC}-${kind}-claims`,
      bend: {
        userInfo: (honest, { stranger }) => ({
          ...honest,
          _claim_names: { credit: 'bank' },
          _claim_sources: {
            bank: kind === 'aggregated' ? { JWT: 'x.y.z' } : { endpoint: `${stranger}/credit` },
          },
        }),
      } satisfies Bend,
      settings: { userInfo: 'endpoint' },
      expect: 'signed-in' as const,
      claims: { name: 'Europe Analyst', credit: undefined },
    })),
  ),
  // Only the name is missing: who it is stands in the ID token.
  ...faultsOf('IDT-26', [
    {
      name: 'an ID token without a name: the userinfo endpoint has one',
      conformance: 'oidcc-client-test-scope-userinfo-claims',
      bend: nameless,
      expect: 'signed-in',
      claims: { sub: 'user-europe', name: 'Europe Analyst', email: 'europe@example.com' },
      asked: { 'user info': 1 },
    },
    {
      name: 'an ID token without a name, and no scope for one',
      bend: { ...nameless, token: (honest) => ({ ...honest, scope: 'openid' }) },
      expect: 'signed-in',
      claims: { name: undefined },
      asked: { 'user info': 0 },
    },
    {
      name: 'an ID token without a name, and settings that ask nobody else',
      bend: nameless,
      settings: { userInfo: 'id-token' },
      expect: 'signed-in',
      asked: { 'user info': 0 },
    },
    {
      name: 'an ID token with a name: nobody else is asked',
      conformance: OIDCC,
      bend: {},
      expect: 'signed-in',
      asked: { 'user info': 0 },
    },
    ...[...rows, ...silences].map(([name, userInfo]) => ({
      name: `a name from user info that cannot be had: ${name}`,
      bend: { ...nameless, userInfo },
      settings: { requestTimeLimitSeconds: 1 },
      expect: 'signed-in' as const,
      claims: { sub: 'user-europe', name: undefined },
      asked: { 'user info': 1 },
    })),
  ]),
];
