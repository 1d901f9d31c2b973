import type { Endpoint, Fault } from '../../packages/resource-server/test/issuer.ts';
import type { Answer } from './api-process.ts';
import type { ApiFault, Right } from './fault.ts';
import { KEYS_MAX_AGE_SECONDS, type Scene, sleep } from './scene.ts';

const unavailable: Right = { answers: [503], calls: 3 };
const both = { jwt: unavailable, introspection: unavailable };

/** The first request of an API, after the server was spoilt in this way. */
function first(spoil: (scene: Scene) => void): ApiFault['run'] {
  return async (scene) => {
    const token = await scene.token();
    spoil(scene);
    return [await scene.call(token)];
  };
}

const fails = (fault: Fault, endpoints?: readonly Endpoint[]) =>
  first(({ issuer }) => issuer.fail(fault, endpoints));

const answers = (endpoint: Endpoint, answer: (issuer: string) => unknown) =>
  first(({ issuer }) => issuer.answer(endpoint, () => answer(issuer.issuer)));

/** An API that has served a caller; then its keys come of age, and the server is in trouble. */
function later(fault: Fault): ApiFault['run'] {
  return async (scene) => {
    await scene.call(await scene.token());
    const tokens = await scene.tokens(50);
    scene.issuer.fail(fault);
    await sleep(KEYS_MAX_AGE_SECONDS * 1.2);
    await scene.mark();
    const seen: Answer[] = [];
    for (let i = 0; i < tokens.length && !seen.includes('silence'); i += 10)
      seen.push(...(await scene.callAll(tokens.slice(i, i + 10))));
    return seen;
  };
}

/** The authorization server is cut off, silent, slow or lying. Nobody else is to blame: 503, and few calls. */
export const serverFaults: readonly ApiFault[] = [
  { id: 'API-10', name: 'accepts and never answers, first request', ...both, run: fails('hang') },
  { id: 'API-10', name: 'cuts every connection, first request', ...both, run: fails('down') },
  { id: 'API-10', name: 'answers 500, first request', ...both, run: fails('error') },
  { id: 'API-10', name: 'an answer that never ends, first request', ...both, run: fails('drip') },
  {
    ...{ id: 'API-10', name: 'answers 500 when the keys have aged, 50 callers' },
    jwt: { answers: [200], calls: 5 },
    introspection: { answers: [503], calls: 10 },
    keysAge: true,
    run: later('error'),
  },
  {
    ...{ id: 'API-10', name: 'never answers when the keys have aged, 50 callers' },
    ...{ jwt: { answers: [200], calls: 5 }, keysAge: true },
    run: later('hang'),
  },
  {
    ...{ id: 'API-17', name: 'the introspection endpoint never answers' },
    introspection: unavailable,
    run: fails('hang', ['introspection']),
  },
  {
    ...{ id: 'API-10', name: 'takes 1.5 s for every answer, 20 first requests' },
    jwt: { answers: [200], calls: 2 },
    introspection: { answers: [200], calls: 21 },
    async run(scene) {
      scene.issuer.delay(1.5);
      return scene.callAll(await scene.tokens(20));
    },
  },
  {
    ...{ id: 'API-09', name: '100 first requests with one token' },
    jwt: { answers: [200], calls: 2 },
    introspection: { answers: [200], calls: 2 },
    async run(scene) {
      const token = await scene.token();
      return scene.callAll(Array.from({ length: 100 }, () => token));
    },
  },
  {
    ...{ id: 'DISC-09', name: 'metadata is a web page' },
    ...{ ...both, only: 'readsMetadata', run: fails('html', ['discovery']) },
  },
  {
    ...{ id: 'DISC-01', name: 'metadata of another issuer' },
    ...{ ...both, only: 'readsMetadata' },
    run: answers('discovery', (issuer) => ({
      issuer: 'https://login.example.net',
      jwks_uri: `${issuer}/keys`,
      introspection_endpoint: `${issuer}/introspect`,
    })),
  },
  {
    ...{ id: 'API-10', name: 'the key set is a web page', jwt: unavailable },
    run: fails('html', ['keys']),
  },
  {
    ...{ id: 'API-10', name: 'the key set is cut in the middle', jwt: unavailable },
    run: fails('truncated', ['keys']),
  },
  {
    ...{ id: 'API-10', name: 'the key set is empty', jwt: unavailable },
    run: answers('keys', () => ({ keys: [] })),
  },
  {
    ...{ id: 'API-17', name: 'introspection answers with a web page', introspection: unavailable },
    run: fails('html', ['introspection']),
  },
  {
    ...{ id: 'API-17', name: 'introspection does not say whether it is active', introspection: unavailable },
    run: answers('introspection', () => ({ sub: 'user-europe' })),
  },
  {
    ...{ id: 'API-17', name: 'introspection says "true", a text', introspection: unavailable },
    run: answers('introspection', () => ({ active: 'true', sub: 'user-europe' })),
  },
];
