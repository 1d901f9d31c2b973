import { type Fault, faultsOf, type Outcome } from '../fault.ts';
import { unsigned } from '../id-token.ts';
import { captivePortal, json, redirect, text } from '../replies.ts';
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
];
