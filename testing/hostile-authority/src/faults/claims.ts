import { FAPI2, type Fault, faultsOf, OIDCC, refusedIdTokens } from '../fault.ts';
import type { Bend, Json, Scene } from '../scene.ts';

const DAY = 86_400;

/** Claims replaced, added or (undefined) taken out. */
const claiming = (change: Json | ((scene: Scene) => Json)): Bend => ({
  claims: (honest, scene) => ({ ...honest, ...(typeof change === 'function' ? change(scene) : change) }),
});
const heading = (change: Json): Bend => ({ header: (honest) => ({ ...honest, ...change }) });

const clocks: [string, number][] = [
  ['an hour slow', 3600],
  ['an hour fast', -3600],
  ['a day slow', DAY],
  ['a day fast', -DAY],
  ['at 1970', 1_790_000_000],
  ['at a leap day four years ago', 4 * 365 * DAY],
];

/** What the ID token says, and when. */
export const claimFaults: readonly Fault[] = [
  ...refusedIdTokens('IDT-06', [
    ['another issuer', claiming({ iss: 'https://login.example.net' }), `${OIDCC}-invalid-iss`],
    ['no issuer', claiming({ iss: undefined }), `${FAPI2}-invalid-missing-iss`],
    ['another audience', claiming({ aud: 'other' }), `${OIDCC}-invalid-aud`],
    ['no audience', claiming({ aud: undefined }), `${OIDCC}-missing-aud`],
    ['no audience in a list', claiming({ aud: [] })],
    ['an audience that only begins like ours', claiming({ aud: 'desktop2' })],
    ['no expiry', claiming({ exp: undefined }), `${FAPI2}-invalid-missing-exp`],
    ['no time of issue', claiming({ iat: undefined }), `${OIDCC}-missing-iat`],
  ]),
  ...faultsOf('IDT-06', [
    {
      name: 'our audience, in a list of its own',
      conformance: `${FAPI2}-valid-aud-as-array`,
      bend: claiming({ aud: ['desktop'] }),
      expect: 'signed-in',
    },
  ]),
  ...refusedIdTokens('IDT-07', [
    ['a second audience', claiming({ aud: ['desktop', 'other'] }), `${FAPI2}-invalid-secondary-aud`],
    ['a second audience, and azp names us', claiming({ aud: ['desktop', 'other'], azp: 'desktop' })],
    ['azp names somebody else', claiming({ azp: 'other' })],
  ]),
  ...faultsOf('IDT-07', [
    {
      name: 'a second audience that the settings list',
      bend: claiming({ aud: ['desktop', 'project'], azp: 'desktop' }),
      settings: { otherAudiences: ['project'] },
      expect: 'signed-in',
    },
  ]),
  ...refusedIdTokens('IDT-08', [
    ['another nonce', claiming({ nonce: 'other' }), `${OIDCC}-nonce-invalid`],
    ['no nonce', claiming({ nonce: undefined }), `${FAPI2}-invalid-missing-nonce`],
  ]),
  ...faultsOf('IDT-08', [
    {
      name: 'the nonce of the sign-in before',
      bend: claiming(({ nonces }) => ({ nonce: nonces[0] })),
      signIns: 2,
      options: { prompt: 'login' },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
  ]),
  ...refusedIdTokens('IDT-09', [
    ['expired', claiming(({ now }) => ({ exp: now - 600 })), `${FAPI2}-invalid-expired-exp`],
    ['not valid yet', claiming(({ now }) => ({ nbf: now + 600 }))],
    ['issued an hour ahead', claiming(({ now }) => ({ iat: now + 3600, exp: now + 3900 }))],
    [
      'issued a week ago',
      claiming(({ now }) => ({ iat: now - 7 * DAY })),
      'fapi1-advanced-final-client-test-iat-is-week-in-past',
    ],
    ['valid for a hundred years', claiming(({ now }) => ({ exp: now + 36_500 * DAY }))],
    ['a text as expiry', claiming({ exp: '2999-01-01' })],
  ]),
  ...clocks.map(
    ([name, aheadSeconds]): Fault => ({
      id: 'IDT-10',
      name: `this machine's clock ${name}`,
      bend: { aheadSeconds },
      expect: 'signed-in',
      warning: 'clock-differs',
    }),
  ),
  ...faultsOf('IDT-10', [
    {
      name: 'a stale token stays stale, whatever the clock',
      bend: {
        aheadSeconds: DAY,
        claims: (honest, { now }) => ({ ...honest, iat: now - 7 * DAY, exp: now - 6 * DAY }),
      },
      expect: 'AUTH_ID_TOKEN_INVALID',
      warning: 'clock-differs',
    },
  ]),
  ...refusedIdTokens('IDT-11', [
    ['no subject', claiming({ sub: undefined }), `${OIDCC}-missing-sub`],
    ['an empty subject', claiming({ sub: '' })],
    ['a number as subject', claiming({ sub: 42 })],
    ['a subject of 300 characters', claiming({ sub: 'x'.repeat(300) })],
    ['a line break in the subject', claiming({ sub: 'user\nadmin' })],
  ]),
  ...refusedIdTokens('IDT-21', [
    ['an access token', heading({ typ: 'at+jwt' })],
    ['a sign-out token', { header: (honest) => ({ ...honest, typ: 'logout+jwt' }) }],
    ['a sign-out event', claiming({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })],
    ['a type that is a number', heading({ typ: 1 })],
  ]),
  ...refusedIdTokens('IDT-22', [
    ['a list as content', { claims: (honest) => JSON.stringify([honest]) }],
    ['null as content', { claims: () => 'null' }],
    [
      'the audience twice, the last one is not ours',
      {
        claims: (honest) => JSON.stringify(honest).replace(/}$/, ',"aud":"other"}'),
      },
    ],
  ]),
  ...faultsOf('IDT-22', [
    {
      name: '__proto__ among the claims',
      bend: { claims: (honest) => JSON.stringify(honest).replace('{', '{"__proto__":{"polluted":true},') },
      expect: 'signed-in',
    },
  ]),
  ...refusedIdTokens('IDT-23', [
    [
      'the hash of another access token',
      claiming({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
      `${OIDCC}-invalid-athash`,
    ],
    ['the hash of another code', claiming({ c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }), `${OIDCC}-invalid-chash`],
    ['a list as hash', claiming({ at_hash: [] })],
  ]),
  ...faultsOf('IDT-24', [
    {
      name: 'signed in an hour ago, a minute was asked',
      bend: claiming(({ now }) => ({ auth_time: now - 3600 })),
      options: { maxAgeSeconds: 60 },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
    {
      name: 'no word of when, though an age was asked',
      bend: claiming({ auth_time: undefined }),
      options: { maxAgeSeconds: 60 },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
    {
      name: 'an age asked as an extra parameter is checked just so',
      bend: claiming(({ now }) => ({ auth_time: now - 3600 })),
      settings: { parameters: { max_age: '60' } },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
    {
      name: 'signed in just now',
      conformance: `${OIDCC}-idtoken-sig-rs256`,
      bend: {},
      options: { maxAgeSeconds: 60 },
      expect: 'signed-in',
    },
  ]),
  ...faultsOf('IDT-25', [
    {
      name: 'a weaker sign-in than was asked: reported',
      bend: claiming({ acr: 'password' }),
      options: { acrValues: ['phishing-resistant'] },
      expect: 'signed-in',
      claims: { acr: 'password' },
    },
  ]),
  ...faultsOf('IDT-27', [
    {
      name: 'a name that is a web page',
      bend: claiming({ name: '<img src=x onerror=alert(1)>' }),
      expect: 'signed-in',
      pagesLack: '<img',
    },
    {
      name: 'a name that is commands for a terminal, and turns the writing round',
      bend: claiming({ name: '\u001b[2J\u202eEurope\r\nAnalyst' }),
      expect: 'signed-in',
      pagesLack: '\u001b',
    },
    {
      name: 'a name of 300 KiB',
      bend: claiming({ name: 'x'.repeat(300_000) }),
      expect: 'signed-in',
      pagesLack: 'x'.repeat(300),
    },
    {
      name: 'a subject that is a path',
      bend: claiming({ sub: '../../../../tmp/evil' }),
      expect: 'signed-in',
    },
  ]),
];
