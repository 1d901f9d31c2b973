import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, createBench } from './create-bench.ts';

// Modules of the OpenID Foundation's suite for relying parties that are about requests and refreshes; docs/conformance.md lists them all.

/** A session whose requests to this path are seen, and answered where the fake authority has no answer. */
async function watched(path: string, settings: object, answer?: () => Response) {
  const seen: Request[] = [];
  const { authority } = await createBench();
  authority.bend.discovery = (metadata) => ({
    ...metadata,
    userinfo_endpoint: `${authority.issuer}/userinfo`,
  });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).pathname !== path) return authority.fetch(request);
    seen.push(request.clone());
    return answer?.() ?? authority.fetch(request);
  };
  const { session } = await createBench({ authority, settings, ports: { fetch } });
  return { session, seen };
}

test('IDT-26 oidcc-client-test-userinfo-bearer-header: the access token is in the header, and nowhere else', async () => {
  const answer = () => Response.json({ sub: 'user-1', email: 'one@example.com' });
  const { session, seen } = await watched('/userinfo', { userInfo: 'endpoint' }, answer);
  const user = await session.signIn().finished;
  assert.equal(user.claims.email, 'one@example.com');
  const [request] = seen;
  assert.match(request?.headers.get('authorization') ?? '', /^Bearer access-\d+$/);
  assert.equal(new URL(request?.url ?? '').search, '');
  assert.equal(await request?.text(), '');
});

test('TOK-09 oidcc-client-test-client-secret-basic: the secret is in the header, encoded as a form (RFC 6749 §2.3.1)', async () => {
  const { session, seen } = await watched('/token', { clientSecret: 's3cr:t/ü%&' });
  await session.signIn().finished;
  const [request] = seen;
  const credentials = btoa(`desktop:${new URLSearchParams([['', 's3cr:t/ü%&']]).toString().slice(1)}`);
  assert.equal(request?.headers.get('authorization'), `Basic ${credentials}`);
  assert.doesNotMatch((await request?.text()) ?? '', /client_secret/);
});

test('REF-01 oidcc-client-test-refresh-token: a refreshed ID token that is as good as the first is taken', async () => {
  const { session, clock } = await createBench();
  await session.signIn().finished;
  clock.advance(301);
  assert.equal(await session.accessToken(), 'access-2');
});

const lies: [module: string, claims: object, code: string, status: string][] = [
  ['invalid-issuer', { iss: 'https://login.example.net' }, 'AUTH_ID_TOKEN_INVALID', 'signed-in'],
  ['invalid-sub', { sub: 'user-2' }, 'AUTH_SUBJECT_CHANGED', 'expired'],
  ['invalid-aud', { aud: 'other' }, 'AUTH_ID_TOKEN_INVALID', 'signed-in'],
  ['invalid-azp', { azp: 'other' }, 'AUTH_ID_TOKEN_INVALID', 'signed-in'],
];
for (const [module, lie, code, status] of lies)
  test(`IDT-06 IDT-07 oidcc-client-test-refresh-token-${module}: ${code}`, async () => {
    const { session, clock, authority } = await createBench();
    await session.signIn().finished;
    authority.bend.idTokenClaims = (claims) => ({ ...claims, ...lie });
    clock.advance(301);
    const ended = await codeOf(session.accessToken());
    assert.ok(ended === code || (status === 'expired' && ended === 'AUTH_SESSION_EXPIRED'), ended);
    assert.equal(session.state.status, status);
  });
