import { answering, changed } from '../answers.ts';
import { type Fault, faultsOf, type Outcome } from '../fault.ts';
import type { Bend } from '../scene.ts';

const error = (code: string, more: Readonly<Record<string, string>> = {}): Bend =>
  answering({ code: undefined, error: code, ...more });

const noExchange = { token: 0 } as const;

const errors: [string, Outcome][] = [
  ['access_denied', 'AUTH_ACCESS_DENIED'],
  ['login_required', 'AUTH_INTERACTION_REQUIRED'],
  ['consent_required', 'AUTH_INTERACTION_REQUIRED'],
  ['interaction_required', 'AUTH_INTERACTION_REQUIRED'],
  ['temporarily_unavailable', 'AUTH_SERVER_UNAVAILABLE'],
  ['server_error', 'AUTH_SERVER_UNAVAILABLE'],
  ['invalid_scope', 'AUTH_REQUEST_REJECTED'],
  ['something_of_our_own', 'AUTH_REQUEST_REJECTED'],
  ['constructor', 'AUTH_REQUEST_REJECTED'],
  ['__proto__', 'AUTH_REQUEST_REJECTED'],
  ['<script>alert(1)</script>', 'AUTH_REQUEST_REJECTED'],
];

const codes: [string, string, Outcome][] = [
  ['5,000 characters', 'x'.repeat(5000), 'AUTH_RESPONSE_INVALID'],
  ['64 KiB', 'x'.repeat(65_536), 'waiting'],
  ['NUL', '%00', 'AUTH_RESPONSE_INVALID'],
  ['line breaks', 'a%0d%0aX-Header:%20b', 'AUTH_RESPONSE_INVALID'],
  ['accents', 'c%C3%B6de', 'AUTH_RESPONSE_INVALID'],
  ['bytes that are no text', '%C0%80', 'AUTH_RESPONSE_INVALID'],
  ['half an escape', '%zz', 'AUTH_CODE_REJECTED'],
  ['nothing', '', 'AUTH_RESPONSE_INVALID'],
];

/** What is in the browser's answer, and what was granted. */
export const answerValueFaults: readonly Fault[] = [
  ...faultsOf(
    'AUTH-14',
    codes.map(([name, code, expect]) => ({
      name: `a code of ${name}`,
      bend: { answer: (honest: URL) => `${changed(honest, { code: undefined })}&code=${code}` },
      expect,
      asked: { token: expect === 'AUTH_CODE_REJECTED' ? 1 : 0 },
    })),
  ),
  ...faultsOf(
    'AUTH-15',
    errors.map(([code, expect]) => ({
      name: `the error ${code}`,
      bend: error(code, { error_description: 'Because <b>I</b> say so.' }),
      expect,
      asked: noExchange,
      says: /Because/,
      pagesLack: '<b>',
    })),
  ),
  ...faultsOf('AUTH-16', [
    {
      name: 'an error with an address to visit',
      bend: {
        answer: (honest, { stranger }) =>
          changed(honest, { code: undefined, error: 'access_denied', error_uri: `${stranger}/help` }),
      },
      expect: 'AUTH_ACCESS_DENIED',
      pagesLack: '/help',
    },
  ]),
  ...faultsOf('AUTH-20', [
    {
      name: 'less scope than was asked',
      bend: { token: (honest) => ({ ...honest, scope: 'openid' }) },
      expect: 'signed-in',
      scope: 'openid',
    },
    {
      name: 'more scope than was asked',
      bend: { token: (honest) => ({ ...honest, scope: 'openid admin' }) },
      expect: 'signed-in',
      scope: 'openid admin',
    },
    {
      name: 'no word of the scope: what was asked is what was granted',
      bend: { token: (honest) => ({ ...honest, scope: undefined }) },
      settings: { scope: 'openid profile' },
      expect: 'signed-in',
      scope: 'openid profile',
    },
  ]),
  ...faultsOf('AUTH-23', [
    {
      name: 'a silent attempt that needs the person after all',
      bend: error('interaction_required'),
      options: { prompt: 'none' },
      expect: 'AUTH_INTERACTION_REQUIRED',
      asked: noExchange,
    },
  ]),
];
