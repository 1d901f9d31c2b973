import { FAPI2, type Fault, faultsOf, type Outcome } from '../fault.ts';
import { captivePortal, gzipBomb, inManner, json, redirect, text } from '../replies.ts';
import type { Bend, Json, Says } from '../scene.ts';

const once = { token: 1 } as const;
const quick = { requestTimeLimitSeconds: 1 };

const saying = (says: Says): Bend => ({ token: () => says });
const changing = (change: Json): Bend => ({ token: (honest) => ({ ...honest, ...change }) });
/** The honest body as text, rewritten. */
const rewriting = (rewrite: (body: string) => string, type?: string): Bend => ({
  token: (honest) => text(rewrite(JSON.stringify(honest)), type),
});

type Row = readonly [name: string, bend: Bend, expect: Outcome];
const rows = (list: readonly Row[]) =>
  list.map(([name, bend, expect]) => ({ name, bend, expect, asked: once }));

const redirects = [302, 303, 307, 308];

/** The answer of the token endpoint. */
export const tokenFaults: readonly Fault[] = [
  ...faultsOf('TOK-01', rows([['a web page', saying(captivePortal), 'AUTH_SERVER_RESPONSE_INVALID']])),
  ...faultsOf('TOK-02', [
    ...rows([
      ...[500, 502, 504].map(
        (status): Row => [
          `status ${status}`,
          saying(text('', 'text/plain', status)),
          'AUTH_SERVER_UNAVAILABLE',
        ],
      ),
      ['no answer: the line drops', saying(inManner('reset')), 'AUTH_NETWORK'],
      ['half an answer', { token: (honest) => inManner('cut', honest) }, 'AUTH_NETWORK'],
    ]),
    {
      name: 'status 503 with Retry-After',
      bend: saying(json({}, 503, { 'retry-after': '120' })),
      expect: 'AUTH_SERVER_UNAVAILABLE',
      asked: once,
    },
  ]),
  ...faultsOf(
    'TOK-03',
    rows([['status 429', saying(json({ error: 'slow_down' }, 429)), 'AUTH_SERVER_UNAVAILABLE']]),
  ),
  ...faultsOf(
    'TOK-04',
    redirects.map((status) => ({
      name: `status ${status} to somebody else`,
      bend: {
        token: (_honest: Json, { stranger }: { stranger: string }) => redirect(`${stranger}/token`, status),
      },
      expect: 'AUTH_SERVER_RESPONSE_INVALID' as const,
      asked: once,
    })),
  ),
  ...faultsOf(
    'TOK-05',
    rows([
      ['garbage', saying(text('\u0000\u0001garbage')), 'AUTH_SERVER_RESPONSE_INVALID'],
      ['nothing at all', saying(text('')), 'AUTH_SERVER_RESPONSE_INVALID'],
      ['half a JSON text', rewriting((body) => body.slice(0, 40)), 'AUTH_SERVER_RESPONSE_INVALID'],
      ['a list', saying(json([])), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['null', saying(json(null)), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['a text', saying(json('token')), 'AUTH_TOKEN_RESPONSE_INVALID'],
      [
        'JSON that is called a web page',
        rewriting((body) => body, 'text/html'),
        'AUTH_SERVER_RESPONSE_INVALID',
      ],
      ['a byte order mark', rewriting((body) => `\ufeff${body}`), 'AUTH_SERVER_RESPONSE_INVALID'],
      ['a bomb of 64 MiB', saying(gzipBomb(64 * 2 ** 20)), 'AUTH_SERVER_RESPONSE_INVALID'],
      ['no access token', changing({ access_token: undefined }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['an empty access token', changing({ access_token: '' }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['a number as access token', changing({ access_token: 42 }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['a number as refresh token', changing({ refresh_token: 42 }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['a list as scope', changing({ scope: ['openid'] }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['no ID token', changing({ id_token: undefined }), 'AUTH_TOKEN_RESPONSE_INVALID'],
    ]),
  ),
  ...faultsOf(
    'TOK-06',
    rows([
      ['2 MiB', changing({ more: 'x'.repeat(2 ** 21) }), 'AUTH_SERVER_RESPONSE_INVALID'],
      ['64 MiB', saying(text(' '.repeat(2 ** 26))), 'AUTH_SERVER_RESPONSE_INVALID'],
    ]),
  ),
  ...faultsOf('TOK-07', [
    {
      name: 'never an answer',
      bend: saying(inManner('hang')),
      settings: quick,
      expect: 'AUTH_NETWORK',
      asked: once,
    },
    {
      name: 'a byte now and then, for ever',
      bend: saying(inManner('drip')),
      settings: quick,
      expect: 'AUTH_NETWORK',
      asked: once,
    },
  ]),
  ...faultsOf(
    'TOK-09',
    rows([
      ['401 invalid_client', saying(json({ error: 'invalid_client' }, 401)), 'AUTH_CLIENT_REJECTED'],
      [
        '401 with a challenge',
        saying(json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="token"' })),
        'AUTH_CLIENT_REJECTED',
      ],
      [
        '400 unauthorized_client',
        saying(json({ error: 'unauthorized_client' }, 400)),
        'AUTH_CLIENT_REJECTED',
      ],
    ]),
  ),
  ...faultsOf(
    'TOK-10',
    rows([
      ['invalid_grant', saying(json({ error: 'invalid_grant' }, 400)), 'AUTH_CODE_REJECTED'],
      [
        'invalid_grant with 500 KiB of commands for a terminal',
        saying(json({ error: 'invalid_grant', error_description: '\u001b[2J\r\n'.repeat(80_000) }, 400)),
        'AUTH_CODE_REJECTED',
      ],
      [
        'invalid_grant with a list as description',
        saying(json({ error: 'invalid_grant', error_description: [{}] }, 400)),
        'AUTH_CODE_REJECTED',
      ],
    ]),
  ),
  ...faultsOf('TOK-11', [
    {
      name: 'the type in other letters',
      conformance: `${FAPI2}-token-type-case-insensitivity`,
      bend: changing({ token_type: 'bEARER' }),
      expect: 'signed-in',
    },
    ...rows([
      ['the type mac', changing({ token_type: 'mac' }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['the type N_A', changing({ token_type: 'N_A' }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['no type', changing({ token_type: undefined }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['a number as type', changing({ token_type: 1 }), 'AUTH_TOKEN_RESPONSE_INVALID'],
    ]),
  ]),
  ...faultsOf('TOK-12', [
    {
      name: 'no lifetime',
      conformance: `${FAPI2}-token-endpoint-response-without-expires_in`,
      bend: changing({ expires_in: undefined }),
      expect: 'signed-in',
    },
  ]),
  ...faultsOf(
    'TOK-13',
    rows([
      ['a life of no seconds', changing({ expires_in: 0 }), 'signed-in'],
      ['a life of ages', changing({ expires_in: 1e15 }), 'signed-in'],
      ['a lifetime as text', changing({ expires_in: '300' }), 'signed-in'],
      ['a life that ended before', changing({ expires_in: -1 }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['a lifetime in words', changing({ expires_in: 'soon' }), 'AUTH_TOKEN_RESPONSE_INVALID'],
    ]),
  ),
  ...faultsOf(
    'TOK-14',
    rows([
      [
        'a line break in the access token',
        changing({ access_token: 'a\r\nX-Header: b' }),
        'AUTH_TOKEN_RESPONSE_INVALID',
      ],
      ['NUL in the access token', changing({ access_token: 'a\u0000b' }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      ['accents in the access token', changing({ access_token: 'tökén' }), 'AUTH_TOKEN_RESPONSE_INVALID'],
      [
        'a line break in the refresh token',
        changing({ refresh_token: 'a\nb' }),
        'AUTH_TOKEN_RESPONSE_INVALID',
      ],
    ]),
  ),
  ...faultsOf(
    'TOK-15',
    rows([
      [
        'a token bound to a key that we have not',
        changing({ token_type: 'DPoP' }),
        'AUTH_TOKEN_RESPONSE_INVALID',
      ],
    ]),
  ),
  ...faultsOf(
    'TOK-16',
    rows([
      [
        'a nonce wanted again and again',
        saying(json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'n' })),
        'AUTH_CLIENT_REJECTED',
      ],
    ]),
  ),
  ...faultsOf(
    'TOK-20',
    rows([
      [
        '__proto__ and constructor',
        rewriting((body) =>
          body.replace('{', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},'),
        ),
        'signed-in',
      ],
    ]),
  ),
];
