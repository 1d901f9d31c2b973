import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parseSettings } from '../src/checked-settings.ts';
import { requireScope, requireSignIn } from '../src/express.ts';
import {
  type AccessTokenVerifierSettings,
  ApiError,
  createAccessTokenVerifier,
  verifyRequest,
} from '../src/index.ts';
import { AUDIENCE } from './issuer.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

const good = { issuer: 'https://login.example.com', audience: AUDIENCE };

test('settings that cannot work or are not safe are refused with key, value and what was expected', () => {
  const cases: [string, Record<string, unknown>][] = [
    ['issuer', { issuer: 'http://login.example.com', allowHttp: true }],
    ['issuer', { issuer: 'http://127.0.0.1:3000' }],
    ['issuer', { issuer: 'https://login.example.com/?a=b' }],
    ['issuer', { issuer: ' https://login.example.com' }],
    ['issuer', { issuer: 'https://login.example.com/.well-known/openid-configuration' }],
    ['issuer', { issuer: undefined }],
    ['audience', { audience: '' }],
    ['audience', { audience: [] }],
    ['algorithms', { algorithms: ['HS256'] }],
    ['algorithms', { algorithms: ['none'] }],
    ['requiredType', { requiredType: 'jwt' }],
    ['clockToleranceSeconds', { clockToleranceSeconds: -1 }],
    ['timeLimitSeconds', { timeLimitSeconds: 0 }],
    ['allowedClients', { allowedClients: [] }],
    ['resource', { resource: 'http://api.example.com' }],
    ['resource', { resource: 'https://api.example.com/?a' }],
    ['discoveryUrl', { discoveryUrl: 'ftp://login.example.com' }],
  ];
  for (const [key, wrong] of cases) {
    const settings = { ...good, ...wrong } as AccessTokenVerifierSettings;
    assert.throws(
      () => createAccessTokenVerifier(settings),
      new RegExp(`^TypeError: Verifier setting "${key}": expected `),
    );
  }
  createAccessTokenVerifier(good);
});

test('settings of another kind are refused as in a file, and unknown ones with the near name', () => {
  const list = 'expected a list of texts, got "';
  const cases: [wrong: Record<string, unknown>, says: string][] = [
    [{ clockTolerance: 5 }, '"clockTolerance" is not known: did you mean "clockToleranceSeconds"?'],
    [{ client_id: 'x' }, '"client_id" is not known; there are issuer, audience, '],
    [{ scope: 'a' }, '"scope" is not known: did you mean "scopes"?'],
    [{ scopes: 'a b' }, `"scopes": ${list}a b"`],
    [{ algorithms: 'RS256' }, `"algorithms": ${list}RS256"`],
    [{ allowedClients: 'app' }, `"allowedClients": ${list}app"`],
    [{ otherAudiences: 'x' }, `"otherAudiences": ${list}x"`],
    [{ noProxy: 'localhost' }, `"noProxy": ${list}localhost"`],
    [{ audience: 5 }, '"audience": expected a text or a list of texts, got 5'],
    [{ userInfo: 'no' }, '"userInfo": expected true or false, got "no"'],
    [{ fetch: 'x' }, '"fetch": expected a function'],
    [{ ownClaims: {} }, '"ownClaims": expected a function'],
    [{ clockToleranceSeconds: '5' }, '"clockToleranceSeconds": expected a number, got "5"'],
    [{ introspection: 'canary' }, '"introspection": expected an object, got a text'],
    [{ introspectionSecret: 'canary' }, '"introspectionSecret" is not known'],
  ];
  for (const [wrong, says] of cases)
    assert.throws(
      () => createAccessTokenVerifier({ ...good, ...wrong } as AccessTokenVerifierSettings),
      ({ name, message }: Error) =>
        name === 'TypeError' && message.startsWith(`Verifier setting ${says}`) && !message.includes('canary'),
      says,
    );
  const nothing = undefined as unknown as AccessTokenVerifierSettings;
  assert.throws(
    () => createAccessTokenVerifier(nothing),
    /^TypeError: Verifier setting: expected one object/,
  );
  createAccessTokenVerifier({ ...good, ...Object({ x: undefined }) });
});

test('what an API does not know it may leave undefined, for the compiler too', () => {
  const introspection = { clientId: 'api', clientSecret: 'secret', endpoint: undefined };
  const unknown = { proxy: undefined, scopes: undefined, fetch: undefined, claimsMaxAgeSeconds: undefined };
  assert.equal(parseSettings({ ...good, ...unknown }).claimsMaxAgeSeconds, 3600);
  const asking = parseSettings({ ...good, ...unknown, introspection });
  assert.deepEqual([asking.claimsMaxAgeSeconds, asking.introspection?.endpoint], [60, undefined]);
});

test('API-27 nothing that would break out of a challenge gets into one', () => {
  for (const realm of ['a"b', 'a\\b', 'a\r\nSet-Cookie: b', 'ä', ''])
    assert.throws(() => createAccessTokenVerifier({ ...good, realm }), /"realm"/);
  const verifier = createAccessTokenVerifier({ ...good, realm: 'companies' });
  assert.equal(verifier.challenge(new ApiError('API_TOKEN_MISSING', '')), 'Bearer realm="companies"');
  const injected = new ApiError('API_SCOPE_INSUFFICIENT', '', { parameters: { scope: 'a", error="x' } });
  assert.doesNotMatch(verifier.challenge(injected) ?? '', / scope=|x"/, 'and the answer is given without it');
  for (const scope of ['a"b', 'a\\b', 'höher', ''])
    assert.throws(() => requireScope(scope), { name: 'TypeError', message: /cannot be asked for/ });
  for (const acr of [[], ['höher']]) assert.throws(() => requireSignIn({ acr }), TypeError);
});

test('RFC 9728: the metadata of the API, and where every challenge points to it', () => {
  const resource = 'https://api.example.com/v1';
  const verifier = createAccessTokenVerifier({ ...good, resource, scopes: ['companies:read'] });
  const url = 'https://api.example.com/.well-known/oauth-protected-resource/v1';
  assert.deepEqual(verifier.resourceMetadata, {
    ...{ path: '/.well-known/oauth-protected-resource/v1', url },
    document: {
      ...{ resource, authorization_servers: [good.issuer], bearer_methods_supported: ['header'] },
      scopes_supported: ['companies:read'],
    },
  });
  const challenge = verifier.challenge(new ApiError('API_TOKEN_MISSING', ''));
  assert.equal(challenge, `Bearer realm="${AUDIENCE}", resource_metadata="${url}"`);
  assert.equal(createAccessTokenVerifier(good).resourceMetadata, undefined);
});

test('a Fetch API request is all that is needed', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const headers = { authorization: `Bearer ${await issuer.token()}` };
  const request = new Request('https://api.deskauth.example/companies', { headers });
  assert.equal((await verifyRequest(verifier, request, 'companies:read')).userId, 'user-europe');
  await refused(
    verifyRequest(verifier, request, ['companies:read', 'companies:write']),
    'API_SCOPE_INSUFFICIENT',
  );
  await refused(verifyRequest(verifier, new Request(request.url)), 'API_TOKEN_MISSING');
});

test('an error id is not repeated', () => {
  const ids = Array.from({ length: 1000 }, () => new ApiError('API_FAILED', '').id);
  assert.equal(new Set(ids).size, 1000);
});

test('API-28 nothing in the source compares a token, secret or nonce by ===', async () => {
  const compared =
    /(?<!typeof )\b\w*(secret|nonce|token|text) [!=]== (?!undefined\b|')|[!=]== \w*(secret|nonce|token)\b/i;
  assert.match('if (secret === given)', compared);
  const folder = new URL('../src/', import.meta.url);
  for (const file of await readdir(folder))
    assert.doesNotMatch(await readFile(new URL(file, folder), 'utf8'), compared, file);
});
