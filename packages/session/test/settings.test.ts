import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthError, parseSettings, type SessionSettings } from '@deskauth/session';

const good = { issuer: 'https://login.example.com', clientId: 'desktop' };

const bad: [string, object, RegExp][] = [
  ['DISC-02 http off loopback', { issuer: 'http://login.example.com', allowHttp: true }, /"issuer".*https/],
  ['DISC-02 http on loopback without the flag', { issuer: 'http://127.0.0.1:3700' }, /allowHttp/],
  ['no address at all', { issuer: 'login.example.com' }, /"issuer"/],
  ['a query in the issuer', { issuer: 'https://login.example.com/?a=b' }, /"issuer"/],
  [
    'DISC-01 the address of the document',
    { issuer: 'https://login.example.com/.well-known/openid-configuration' },
    /"issuer": expected the address before "\/\.well-known\/"/,
  ],
  ['no client id', { clientId: '' }, /"clientId"/],
  ['AUTH-18 a state of one’s own', { parameters: { state: 'fixed' } }, /"parameters.state"/],
  [
    'AUTH-18 a challenge of one’s own',
    { parameters: { code_challenge: 'fixed' } },
    /"parameters.code_challenge"/,
  ],
  ['an API on plain http', { apiAddresses: ['http://api.example.com'] }, /"apiAddresses"/],
  [
    'DISC-06 an origin with a path',
    { endpointOrigins: ['https://oauth2.example.net/x'] },
    /"endpointOrigins"/,
  ],
  [
    'DISC-06 an origin on plain http',
    { endpointOrigins: ['http://oauth2.example.net'] },
    /"endpointOrigins"/,
  ],
  ['OPEN-06 another word for pushing', { pushedAuthorization: 'sometimes' }, /"pushedAuthorization"/],
  ['another word for the user', { userInfo: 'somewhere' }, /"userInfo".*"auto"/],
  ['DISC-12 any tenant', { tenants: ['*'] }, /"tenants"/],
  ['DISC-12 a tenant that is a path', { tenants: ['../common'] }, /"tenants"/],
  [
    'DISC-02 metadata on plain http',
    { metadataAddress: 'http://x.example/.well-known/a' },
    /"metadataAddress"/,
  ],
  ['metadata anywhere', { metadataAddress: 'https://login.example.com/metadata' }, /well-known/],
  ['the spelling of the protocol', { client_id: 'desktop' }, /"client_id".*did you mean "clientId"\?/],
  ['a letter too few', { apiAdresses: [] }, /"apiAdresses".*did you mean "apiAddresses"\?/],
  ['a letter too many', { scopes: 'openid' }, /"scopes".*did you mean "scope"\?/],
  ['a beginning alone', { refreshMargin: 60 }, /"refreshMargin".*did you mean "refreshMarginSeconds"\?/],
  ['a name like no other', { colour: 'red' }, /"colour" is not a setting: expected one of issuer, /],
  ['a client id that is blank', { clientId: '  ' }, /"clientId": expected a text, found " {2}"/],
  ['a client id that is a number', { clientId: 5 }, /"clientId": expected a text, found 5/],
  ['no client id at all', { clientId: undefined }, /"clientId": expected a text, found nothing/],
  ['a list in the place of a text', { scope: ['openid'] }, /"scope": expected a text, found \["openid"\]/],
  ['a text for parameters', { parameters: 'a=b' }, /"parameters": expected an object, found a text/],
  ['a text for claims', { claims: 'email' }, /"claims": expected an object, found a text/],
  ['a big number', { scope: 5n }, /"scope": expected a text, found a bigint/],
  ...['apiAddresses', 'tenants', 'endpointOrigins', 'otherAudiences', 'refreshRefusals'].map(
    (key): [string, object, RegExp] => [
      `a text for ${key}`,
      { [key]: 'https://api.example.com' },
      new RegExp(`"${key}": expected a list of texts, found "https://api`),
    ],
  ),
  [
    'AUTH-20 a scope that names nobody',
    { scope: 'companies' },
    /"scope": expected "openid" in it, .*who has/,
  ],
  [
    'AUTH-20 a scope with commas',
    { scope: 'openid,profile' },
    /"scope": expected "openid" in it, and spaces/,
  ],
  [
    'OUT-07 a sign-out parameter with a placeholder that there is not',
    { signOutRequest: { address: 'https://login.example.com/logout', parameters: { id: '{client_id}' } } },
    /"signOutRequest\.parameters\.id": expected a text, in braces only \{clientId\}, .*found "\{client_id\}"/,
  ],
  ['a negative time', { refreshMarginSeconds: -1 }, /"refreshMarginSeconds"/],
];

for (const [name, change, expected] of bad)
  test(`settings: ${name} is refused with its key`, () => {
    assert.throws(
      () => parseSettings({ ...good, ...change }),
      (error: AuthError) => error.code === 'AUTH_SETTINGS_INVALID' && expected.test(error.message),
    );
  });

test('SUP-01 settings: an error never repeats what may be secret', () => {
  for (const change of [
    { clientSecret: ['canary'] },
    { client_secret: 'canary' },
    { parameters: 'key=canary' },
    { signOutRequest: 'https://login.example.com/?key=canary' },
  ])
    assert.throws(
      () => parseSettings({ ...good, ...change } as unknown as SessionSettings),
      ({ code, message }: AuthError) => code === 'AUTH_SETTINGS_INVALID' && !message.includes('canary'),
    );
});

test('settings: undefined is not given, whatever the key', () => {
  const settings = { ...good, scope: undefined, scopes: undefined } as unknown as SessionSettings;
  assert.equal(parseSettings(settings).scope, undefined);
});

test('settings: every default is filled in', () => {
  const settings = parseSettings(good);
  assert.deepEqual(settings.apiAddresses, []);
  assert.equal(settings.signInTimeLimitSeconds, 600);
  assert.equal(settings.refreshMarginSeconds, 60);
});
