import { type Fault, faultsOf } from '../fault.ts';
import { captivePortal, gzipBomb, inManner, json, redirect, text } from '../replies.ts';
import type { Bend, Json } from '../scene.ts';

/** The metadata with some values replaced. */
const stating = (change: (issuer: string) => Json): Bend => ({
  metadata: (honest, { issuer }) => ({ ...honest, ...change(issuer) }),
});

const asksOnce = { discovery: 1, authorize: 0, token: 0 } as const;

const issuers: [string, (issuer: string) => string][] = [
  ['with a slash more', (issuer) => `${issuer}/`],
  ['in other letters', (issuer) => issuer.replace('http', 'HTTP')],
  ['on another port', (issuer) => issuer.replace(/\d+$/, '8443')],
  ['with a path', (issuer) => `${issuer}/tenant`],
  ['of another server', () => 'https://login.example.net'],
];

const unsafe = [
  'javascript:alert(1)',
  'file:///etc/passwd',
  'smb://host/share',
  'data:text/html,x',
  'calc:x',
];

const inside = [
  'https://169.254.169.254/token',
  'https://10.0.0.5/token',
  'https://192.168.1.1/token',
  'https://127.0.0.1/token',
  'https://2130706433/token',
  'https://localhost/token',
  'https://[::1]/token',
  'https://[::ffff:10.0.0.5]/token',
  'https://[fe80::1]/token',
];

const publicly = { isPublic: true, settings: { allowHttp: false } } as const;
const foreign = 'https://login.example.net';

/** The document that says where everything is. */
export const discoveryFaults: readonly Fault[] = [
  ...faultsOf(
    'DISC-01',
    issuers.map(([name, change]) => ({
      name: `the issuer ${name}`,
      conformance: 'oidcc-client-test-discovery-issuer-mismatch',
      bend: stating((issuer) => ({ issuer: change(issuer) })),
      expect: 'AUTH_ISSUER_MISMATCH',
      says: /settings name the issuer http\S+, but the server calls itself http/i,
      asked: asksOnce,
    })),
  ),
  ...faultsOf('DISC-02', [
    {
      name: 'a token endpoint on plain http',
      bend: stating(() => ({ token_endpoint: 'http://login.example.com/token' })),
      ...publicly,
      expect: 'AUTH_ENDPOINT_REFUSED',
    },
  ]),
  ...faultsOf('DISC-03', [
    ...unsafe.flatMap((address) =>
      ['authorization_endpoint', 'token_endpoint'].map((name) => ({
        name: `${name} ${address}`,
        bend: stating(() => ({ [name]: address })),
        expect: 'AUTH_ENDPOINT_REFUSED' as const,
        asked: asksOnce,
      })),
    ),
    {
      name: 'no token endpoint',
      bend: stating(() => ({ token_endpoint: undefined })),
      expect: 'AUTH_DISCOVERY_FAILED',
    },
    {
      name: 'a number as authorization endpoint',
      bend: stating(() => ({ authorization_endpoint: 42 })),
      expect: 'AUTH_DISCOVERY_FAILED',
    },
    {
      name: 'a user name in the token endpoint',
      bend: stating(() => ({ token_endpoint: 'https://login.example.com@evil.example.net/token' })),
      ...publicly,
      expect: 'AUTH_ENDPOINT_REFUSED',
    },
  ]),
  ...faultsOf('DISC-04', [
    {
      name: 'shell characters in the authorization endpoint',
      bend: stating((issuer) => ({
        authorization_endpoint: `${issuer}/authorize$(calc)\`id\`;--x "|&' %00`,
      })),
      expect: 'signed-in',
    },
  ]),
  ...faultsOf('DISC-05', [
    ...inside.map((address) => ({
      name: `token endpoint ${address}`,
      bend: stating(() => ({ token_endpoint: address })),
      ...publicly,
      expect: 'AUTH_ENDPOINT_REFUSED' as const,
      says: /local network/,
    })),
    {
      name: 'keys in the local network',
      bend: stating(() => ({ jwks_uri: 'https://192.168.0.10/keys' })),
      ...publicly,
      expect: 'AUTH_ENDPOINT_REFUSED',
    },
  ]),
  ...faultsOf('DISC-06', [
    ...['authorization_endpoint', 'token_endpoint', 'jwks_uri'].map((name) => ({
      name: `${name} on a foreign domain`,
      bend: stating(() => ({ [name]: `${foreign}/x` })),
      ...publicly,
      expect: 'AUTH_ENDPOINT_REFUSED' as const,
      says: /endpointOrigins/,
    })),
    {
      name: 'user info on a foreign domain, where it is needed',
      bend: stating(() => ({ userinfo_endpoint: `${foreign}/userinfo` })),
      ...publicly,
      settings: { allowHttp: false, userInfo: 'endpoint' },
      expect: 'AUTH_ENDPOINT_REFUSED',
    },
    {
      name: 'user info and revocation on a foreign domain, where nobody needs them',
      bend: stating(() => ({
        userinfo_endpoint: `${foreign}/userinfo`,
        revocation_endpoint: `${foreign}/revoke`,
      })),
      ...publicly,
      expect: 'signed-in',
    },
    {
      name: 'a token endpoint on a sibling host',
      bend: stating(() => ({ token_endpoint: 'https://tokens.example.com/token' })),
      ...publicly,
      expect: 'signed-in',
    },
    {
      name: 'a foreign token endpoint that the settings list',
      bend: stating(() => ({ token_endpoint: `${foreign}/token` })),
      isPublic: true,
      settings: { allowHttp: false, endpointOrigins: [foreign] },
      expect: 'AUTH_TOKEN_RESPONSE_INVALID', // Really asked: the stranger answers, with nothing.
      strangers: 1,
    },
  ]),
  ...faultsOf('DISC-08', [
    {
      name: 'no document',
      bend: { metadata: () => json({}, 404) },
      expect: 'AUTH_DISCOVERY_FAILED',
      says: /HTTP status 404.*http\S+\/\.well-known\/openid-configuration/,
      asked: asksOnce,
    },
  ]),
  ...faultsOf('DISC-09', [
    {
      name: '10 MiB',
      bend: { metadata: (honest) => ({ ...honest, more: 'x'.repeat(10 * 2 ** 20) }) },
      expect: 'AUTH_SERVER_RESPONSE_INVALID',
    },
    {
      name: 'a bomb of 64 MiB',
      bend: { metadata: () => gzipBomb(64 * 2 ** 20) },
      expect: 'AUTH_SERVER_RESPONSE_INVALID',
    },
    {
      name: 'lists in lists, 200,000 deep',
      bend: {
        metadata: (honest) =>
          text(`${JSON.stringify(honest).slice(0, -1)},"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
      },
      expect: 'AUTH_DISCOVERY_FAILED',
    },
    {
      name: 'never an answer',
      bend: { metadata: () => inManner('hang') },
      settings: { requestTimeLimitSeconds: 1 },
      expect: 'AUTH_NETWORK',
    },
    {
      name: 'a byte now and then, for ever',
      bend: { metadata: () => inManner('drip') },
      settings: { requestTimeLimitSeconds: 1 },
      expect: 'AUTH_NETWORK',
    },
    {
      name: 'half a document',
      bend: { metadata: (honest) => inManner('cut', honest) },
      expect: 'AUTH_NETWORK',
    },
    { name: 'a web page', bend: { metadata: () => captivePortal }, expect: 'AUTH_SERVER_RESPONSE_INVALID' },
    {
      name: 'a redirect to somebody else',
      bend: { metadata: (_honest, { stranger }) => redirect(`${stranger}/configuration`) },
      expect: 'AUTH_DISCOVERY_FAILED',
      says: /sent us on to http:\/\/127\.0\.0\.1:\d+ \(HTTP status 302\)/,
      asked: asksOnce,
    },
    {
      name: 'a redirect to a program',
      bend: { metadata: () => redirect('calc:secret') },
      expect: 'AUTH_DISCOVERY_FAILED',
      says: /sent us on to a calc: address \(HTTP status 302\)/,
      asked: asksOnce,
    },
    {
      name: 'a redirect to itself',
      bend: { metadata: (_honest, { issuer }) => redirect(`${issuer}/.well-known/openid-configuration`) },
      expect: 'AUTH_DISCOVERY_FAILED',
      asked: asksOnce,
    },
    {
      name: 'numbers in place of lists',
      bend: stating(() => ({
        scopes_supported: 1,
        code_challenge_methods_supported: 2,
        claims_supported: 3,
      })),
      expect: 'signed-in',
    },
    { name: 'a list', bend: { metadata: () => json([]) }, expect: 'AUTH_DISCOVERY_FAILED' },
    { name: 'null', bend: { metadata: () => json(null) }, expect: 'AUTH_DISCOVERY_FAILED' },
    {
      name: '__proto__ with endpoints of somebody else',
      bend: {
        metadata: (honest, { stranger }) =>
          text(JSON.stringify(honest).replace('{', `{"__proto__":{"token_endpoint":"${stranger}/token"},`)),
      },
      expect: 'signed-in',
    },
  ]),
  ...faultsOf('DISC-10', [
    {
      name: 'no word of PKCE: it is sent all the same',
      bend: stating(() => ({ code_challenge_methods_supported: undefined })),
      expect: 'signed-in',
    },
    {
      name: 'only the plain PKCE method: S256 is sent all the same',
      bend: stating(() => ({ code_challenge_methods_supported: ['plain'] })),
      expect: 'signed-in',
    },
  ]),
  ...faultsOf('DISC-11', [
    {
      name: 'down at the start',
      bend: { metadata: () => json({}, 503) },
      expect: 'AUTH_SERVER_UNAVAILABLE',
      says: /HTTP status 503.*http\S+\/\.well-known/,
    },
    { name: 'hangs up at the start', bend: { metadata: () => inManner('reset') }, expect: 'AUTH_NETWORK' },
  ]),
];
