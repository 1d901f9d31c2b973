import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthError } from '@deskauth/session';
import { createBench } from './create-bench.ts';
import { networkFault, signedIn } from './rotation.ts';

const faultOf = (work: Promise<unknown>): Promise<AuthError> =>
  work.then(
    () => assert.fail('it went well'),
    (error: unknown) => (error instanceof AuthError ? error : assert.fail(String(error))),
  );

test('SUP-03 an error carries what a support desk searches for: attempt, the server’s trace names, the clock', async () => {
  const bench = await createBench();
  const headers = {
    'x-ms-request-id': '0b1d8a3e-5a6a-4a8f-9a2e-1e1fd2a40d00',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'x-request-id': 'no name <script>alert(1)</script>',
    date: new Date(Date.now() + 7200_000).toUTCString(),
  };
  const body = { error: 'invalid_grant', correlation_id: 'c-4711', trace_id: { nested: true } };
  bench.authority.bend.token = () => Response.json(body, { status: 400, headers });
  const attempt = bench.session.signIn();
  const error = await faultOf(attempt.finished);
  const data = error.toJSON();
  assert.deepEqual(data.trace, {
    traceparent: headers.traceparent,
    'x-ms-request-id': headers['x-ms-request-id'],
    correlation_id: 'c-4711',
  });
  assert.equal(data.attemptId, attempt.attemptId);
  assert.ok(Math.abs((data.clockSkewSeconds ?? 0) - 7200) <= 2);
  assert.match(data.errorId, /^[0-9a-f]{8}$/);
  assert.deepEqual(structuredClone(data), data, 'it crosses IPC as it is');
});

test('SUP-03 a refresh that fails says the same in its error and in the state', async () => {
  const { session, authority, clock } = await signedIn();
  clock.advance(301);
  authority.bend.token = () => new Response('', { status: 503, headers: { 'x-request-id': 'req-12345' } });
  const error = await faultOf(session.accessToken());
  assert.deepEqual(error.toJSON().trace, { 'x-request-id': 'req-12345' });
  const { state } = session;
  assert.deepEqual(state.status === 'signed-in' && state.error?.trace, { 'x-request-id': 'req-12345' });
});

const KINDS = {
  ...{ ENOTFOUND: 'dns', EAI_AGAIN: 'dns', ECONNREFUSED: 'connection', ENETUNREACH: 'connection' },
  ...{ ETIMEDOUT: 'timeout', UND_ERR_CONNECT_TIMEOUT: 'timeout', UND_ERR_HEADERS_TIMEOUT: 'timeout' },
  ...{ SELF_SIGNED_CERT_IN_CHAIN: 'tls', CERT_HAS_EXPIRED: 'tls', ERR_TLS_CERT_ALTNAME_INVALID: 'tls' },
  ...{ ERR_PROXY_TUNNEL: 'proxy', ERR_PROXY_AUTHENTICATION: 'proxy', ECONNRESET: 'connection' },
  ...{ 'net::ERR_CERT_AUTHORITY_INVALID': 'tls', 'net::ERR_TUNNEL_CONNECTION_FAILED': 'proxy' },
  ...{ 'net::ERR_NAME_NOT_RESOLVED': 'dns', 'net::ERR_CONNECTION_TIMED_OUT': 'timeout' },
};
test('SUP-03 a network fault says where on the way it happened, for the server and for an API', async () => {
  for (const [code, kind] of Object.entries(KINDS)) {
    const fails = code.startsWith('net::') ? () => Promise.reject(new Error(code)) : networkFault(code);
    const { session } = await createBench({ ports: { fetch: fails } });
    const error = await faultOf(session.signIn().finished);
    assert.deepEqual([error.code, error.toJSON().network], ['AUTH_NETWORK', kind], code);
    const { session: signed } = await signedIn({ api: fails });
    const refused = await faultOf(signed.fetch('https://api.example.com/v1/x'));
    assert.deepEqual([refused.code, refused.network], ['AUTH_API_UNREACHABLE', kind], code);
  }
});

test('SUP-03 a time limit is a fault of the network, too', async () => {
  const { session } = await createBench({
    settings: { requestTimeLimitSeconds: 0.05 },
    ports: {
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => {
          const { signal } = init ?? {};
          signal?.addEventListener('abort', () => reject(signal.reason));
          setTimeout(() => {}, 500); // The limit's own timer keeps no process running.
        }),
    },
  });
  const error = await faultOf(session.signIn().finished);
  assert.deepEqual([error.code, error.network], ['AUTH_NETWORK', 'timeout']);
});
