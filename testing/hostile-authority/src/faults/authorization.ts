import { answering, changed } from '../answers.ts';
import { FAPI2, type Fault, faultsOf } from '../fault.ts';
import type { Bend, Visit } from '../scene.ts';

/** The text as it is, behind the honest address. */
const adding = (raw: string): Bend => ({ answer: (honest) => `${honest.href}${raw}` });

const noExchange = { token: 0 } as const;

/** A page that loads these addresses, one after the other. */
const visiting = (places: (honest: URL) => readonly Visit[]): Bend => ({ answer: places });

/** Whose answer the browser brings back. */
export const authorizationFaults: readonly Fault[] = [
  ...faultsOf('AUTH-01', [
    {
      name: 'another state',
      conformance: `${FAPI2}-ensure-authorization-response-with-invalid-state-fails`,
      bend: answering({ state: 'somebody-else' }),
      expect: 'waiting',
      asked: noExchange,
    },
    {
      name: 'another state first, then ours',
      bend: visiting((honest) => [changed(honest, { state: 'other', code: 'stolen' }), honest.href]),
      expect: 'signed-in',
      asked: { token: 1 },
    },
    {
      name: 'an error with another state first, then our answer',
      bend: visiting((honest) => [changed(honest, { state: 'other', error: 'access_denied' }), honest.href]),
      expect: 'signed-in',
    },
  ]),
  ...faultsOf('AUTH-02', [
    {
      name: 'no state',
      conformance: `${FAPI2}-ensure-authorization-response-with-invalid-missing-state-fails`,
      bend: answering({ state: undefined }),
      expect: 'waiting',
      asked: noExchange,
    },
    {
      name: 'an error without state: the page gives the reason, the sign-in goes on waiting',
      bend: answering({ state: undefined, code: undefined, error: 'invalid_scope' }),
      expect: 'waiting',
      asked: noExchange,
      pagesHave: 'invalid_scope',
    },
    {
      name: 'an error without state that is no code',
      bend: answering({ state: undefined, code: undefined, error: 'Call 0900 now!' }),
      expect: 'waiting',
      asked: noExchange,
      pagesLack: '0900',
    },
    { name: 'an empty state', bend: answering({ state: '' }), expect: 'waiting', asked: noExchange },
  ]),
  ...faultsOf('AUTH-03', [
    {
      name: 'the same answer twice',
      bend: visiting((honest) => [honest.href, honest.href]),
      expect: 'signed-in',
      asked: { token: 1 },
    },
  ]),
  ...faultsOf('AUTH-04', [
    {
      name: 'our state with the code of another request',
      bend: { answer: (honest, scene) => changed(honest, { code: scene.issueForeignCode() }) },
      expect: 'AUTH_CODE_REJECTED',
    },
  ]),
  ...faultsOf('AUTH-07', [
    {
      name: 'the answer of another issuer',
      conformance: `${FAPI2}-invalid-authorization-response-iss`,
      bend: answering({ iss: 'https://login.example.net' }),
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
  ]),
  ...faultsOf('AUTH-08', [
    {
      name: 'no iss though it was promised',
      conformance: `${FAPI2}-remove-authorization-response-iss`,
      bend: answering({ iss: undefined }),
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
    {
      name: 'an empty iss',
      bend: answering({ iss: '' }),
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
  ]),
  ...faultsOf('AUTH-09', [
    {
      name: 'mix-up: the honest server answers a request that went to the attacker',
      bend: {
        metadata: (honest) => ({ ...honest, authorization_response_iss_parameter_supported: undefined }),
        answer: (honest) => changed(honest, { iss: 'https://honest.example.net' }),
      },
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
  ]),
  ...faultsOf('AUTH-10', [
    {
      name: 'the code of an attacker, at a server that checks PKCE',
      bend: { answer: (honest, scene) => changed(honest, { code: scene.issueForeignCode() }) },
      expect: 'AUTH_CODE_REJECTED',
    },
    {
      name: 'the code of an attacker, at a server that does not',
      bend: {
        ignoresVerifier: true,
        answer: (honest, scene) => changed(honest, { code: scene.issueForeignCode() }),
      },
      expect: 'AUTH_ID_TOKEN_INVALID',
    },
  ]),
  ...faultsOf('AUTH-11', [
    { name: 'two codes', bend: adding('&code=b'), expect: 'AUTH_RESPONSE_INVALID', asked: noExchange },
    { name: 'two states', bend: adding('&state=b'), expect: 'waiting', asked: noExchange },
    { name: 'iss twice', bend: adding('&iss=b'), expect: 'AUTH_RESPONSE_INVALID', asked: noExchange },
    {
      name: 'two errors',
      bend: adding('&error=a&error=b'),
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
  ]),
  ...faultsOf('AUTH-12', [
    {
      name: 'a code and an error',
      bend: adding('&error=access_denied'),
      expect: 'AUTH_ACCESS_DENIED',
      asked: noExchange,
    },
  ]),
  ...faultsOf('AUTH-13', [
    {
      name: 'an access token',
      bend: adding('&access_token=x'),
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
    {
      name: 'an ID token',
      bend: adding('&id_token=x.y.z'),
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
    {
      name: 'everything behind a #',
      bend: { answer: (honest) => `${honest.origin}${honest.pathname}#${honest.search.slice(1)}` },
      expect: 'waiting',
      asked: noExchange,
    },
    {
      name: 'a signed answer that nobody asked for (JARM)',
      bend: adding('&response=x.y.z'),
      expect: 'AUTH_RESPONSE_INVALID',
      asked: noExchange,
    },
  ]),
  ...faultsOf('AUTH-17', [
    {
      name: 'the answer on another path',
      bend: { answer: (honest) => honest.href.replace('/callback', '/elsewhere') },
      expect: 'waiting',
      asked: noExchange,
    },
    {
      name: 'the answer under another host name',
      bend: { answer: (honest) => honest.href.replace('127.0.0.1', 'localhost') },
      expect: 'waiting',
      asked: noExchange,
    },
  ]),
  ...faultsOf('AUTH-25', [
    {
      name: 'a form in place of an address',
      bend: {
        answer: (honest) => ({
          post: `${honest.origin}${honest.pathname}`,
          form: honest.search.slice(1),
        }),
      },
      expect: 'waiting',
      asked: noExchange,
    },
  ]),
];
