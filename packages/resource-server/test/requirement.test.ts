import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import {
  apiErrorHandler,
  requireAccessToken,
  requireDetails,
  requireScope,
  requireSignIn,
} from '../src/express.ts';
import { answerFrameworkErrors, type ResourceServerOptions, resourceServer } from '../src/fastify.ts';
import { type AccessTokenVerifier, createAccessTokenVerifier, type StepUp } from '../src/index.ts';

const settings = { issuer: 'https://login.example.com', audience: 'https://api.example.com' };
const verifier = createAccessTokenVerifier(settings);

/** What somebody could write, the setting that the error must name, and what it must expect. */
const OPEN: readonly [config: Record<string, unknown>, name: string, says: string][] = [
  [{ scopes: 'admin' }, 'config.scopes', '"scope"'],
  [{ Scope: 'admin' }, 'config.Scope', '"scope"'],
  [{ stepup: { acr: ['mfa'] } }, 'config.stepup', '"stepUp"'],
  [{ authorizationDetail: [{ type: 'payment' }] }, 'config.authorizationDetail', '"authorizationDetails"'],
  [{ Public: true }, 'config.Public', '"public"'],
  [{ scope: [] }, 'config.scope', 'a scope or a list of scopes, got []'],
  [{ scope: '' }, 'config.scope', 'cannot be asked for'],
  [{ scope: ['a', undefined] }, 'config.scope', 'cannot be asked for'],
  [{ scope: { all: 'admin' } }, 'config.scope', 'a scope or a list of scopes'],
  [{ scope: null }, 'config.scope', 'got null'],
  [{ authorizationDetails: [] }, 'config.authorizationDetails', 'a list of one or more'],
  [{ authorizationDetails: { type: 'payment' } }, 'config.authorizationDetails', 'a list of one or more'],
  [{ authorizationDetails: [null] }, 'config.authorizationDetails', 'with a "type"'],
  [{ stepUp: {} }, 'config.stepUp', 'acr, maxAgeSeconds or both'],
  [{ stepUp: { acr: undefined } }, 'config.stepUp', 'acr, maxAgeSeconds or both'],
  [{ stepUp: { maxAge: 0 } }, 'config.stepUp', 'acr, maxAgeSeconds or both'],
  [{ stepUp: { acr: ['mfa'], maxAge: 0 } }, 'config.stepUp.maxAge', 'one of acr, maxAgeSeconds'],
  [{ stepUp: true }, 'config.stepUp', 'an object'],
  [{ stepUp: null }, 'config.stepUp', 'an object'],
  [{ stepUp: { acr: 'gold' } }, 'config.stepUp.acr', 'a list of one or more texts'],
  [{ stepUp: { maxAgeSeconds: '60' } }, 'config.stepUp.maxAgeSeconds', 'a number of seconds'],
  [{ stepUp: { maxAgeSeconds: -1 } }, 'config.stepUp.maxAgeSeconds', '0 or more'],
  [{ public: 'no' }, 'config.public', 'true or false, got "no"'],
  [{ public: true, scope: 'admin' }, 'config.public', 'config.scope asks for something'],
  [{ public: 'false' }, 'config.public', 'true or false'],
];

test('API-24 a requirement that is empty, misspelt or of the wrong kind leaves no route open', async () => {
  const app = fastify();
  await app.register(resourceServer, { verifier });
  for (const [config, name, says] of OPEN)
    assert.throws(
      () => app.get('/', { config }, () => 'open'),
      ({ name: kind, message }: Error) =>
        kind === 'TypeError' && message.startsWith(`${name}: `) && message.includes(says),
      name,
    );
});

test('keys of the app and of other plugins are left alone', async () => {
  const app = fastify();
  await app.register(resourceServer, { verifier });
  const others = { rateLimit: { max: 5 }, swagger: null, publicName: 'x', scopeOfWork: 5, step: {} };
  app.get('/', { config: { ...others, scope: 'admin', stepUp: { acr: ['mfa'] }, public: false } }, () => '');
  app.get('/undefined', { config: Object({ scope: undefined, public: undefined }) }, () => '');
  await app.ready();
});

test('API-24 Express: a guard that would let any token pass is refused when it is made', () => {
  const wrong = (value: unknown) => value as StepUp;
  for (const make of [
    () => requireScope(),
    () => requireScope(''),
    () => requireDetails(),
    () => requireSignIn(wrong(undefined)),
    () => requireSignIn({}),
    () => requireSignIn(wrong({ maxAge: 0 })),
    () => requireSignIn(wrong({ acr: 'gold' })),
  ])
    assert.throws(make, { name: 'TypeError', message: /^require\w+(\.acr)?: / });
  requireScope('admin');
  requireDetails({ type: 'payment' });
  requireSignIn({ maxAgeSeconds: 0 });
});

test('a guard without a real verifier is refused when it is made, not at the first request', async () => {
  const message = /: expected a verifier, as createAccessTokenVerifier\(settings\) makes one\.$/;
  const none = undefined as unknown as AccessTokenVerifier;
  for (const wrong of [none, settings as unknown as AccessTokenVerifier]) {
    await assert.rejects(async () => fastify().register(resourceServer, { verifier: wrong }), { message });
    for (const make of [requireAccessToken, apiErrorHandler, answerFrameworkErrors])
      assert.throws(() => make(wrong), { name: 'TypeError', message });
  }
  const nothing = {} as ResourceServerOptions;
  await assert.rejects(async () => fastify().register(resourceServer, nothing), { message });
});
