import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AuthError, type SignInOutcome } from '@deskauth/session';
import { analyst, openWaiting } from './waiting-redirect.ts';

/** What the browser gets for this outcome. */
async function pageFor(t: TestContext, outcome: SignInOutcome, appName = 'Companies'): Promise<Response> {
  const redirect = await openWaiting(t, { appName });
  const arrival = fetch(`${redirect.redirectUri}?code=code-canary&state=state-canary`);
  (await redirect.next(AbortSignal.timeout(10_000))).finish(outcome);
  return arrival;
}

const failed = (message: string): SignInOutcome => ({
  kind: 'failed',
  error: new AuthError('AUTH_ACCESS_DENIED', message).toJSON(),
});

const OUTCOMES: readonly SignInOutcome[] = [
  { kind: 'signed-in', user: analyst },
  { kind: 'signed-out' },
  failed('The sign-in server answered "access_denied".'),
  { kind: 'unknown' },
  { kind: 'stray-error', error: 'invalid_scope' },
];

for (const outcome of OUTCOMES)
  test(`LOOP-18 LOOP-19 the "${outcome.kind}" page may load nothing, run nothing else, and is neither kept nor framed`, async (t) => {
    const { headers } = await pageFor(t, outcome);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /style-src 'sha256-[\w+/=]{44}'; script-src 'sha256-[\w+/=]{44}'/);
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors'])
      assert.ok(policy.includes(`${directive} 'none'`), directive);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
  });

for (const outcome of OUTCOMES)
  test(`the "${outcome.kind}" page names the app and repeats neither code nor state`, async (t) => {
    const text = await (await pageFor(t, outcome)).text();
    assert.match(text, /Companies/);
    assert.doesNotMatch(text, /canary/);
  });

test('the status tells success from failure', async (t) => {
  const statuses = await Promise.all(OUTCOMES.map(async (outcome) => (await pageFor(t, outcome)).status));
  assert.deepEqual(statuses, [200, 200, 400, 400, 400]);
});

test('AUTH-02 an error that names no sign-in: the page gives its code, and what to do', async (t) => {
  const text = await (await pageFor(t, { kind: 'stray-error', error: 'invalid_scope' })).text();
  assert.match(text, /The sign-in server reports an error/);
  assert.match(text, /goes on waiting/);
  assert.match(text, /invalid_scope/);
});

test('the failure page says what to do next, and gives code and id for support', async (t) => {
  const error = new AuthError('AUTH_NETWORK', 'Could not reach https://login.example.com.').toJSON();
  const text = await (await pageFor(t, { kind: 'failed', error })).text();
  for (const part of [error.next, error.message, error.code, error.errorId])
    assert.ok(text.includes(part), part);
});

test('LOOP-18 IDT-27 markup in names and messages is shown as text', async (t) => {
  const markup = `</title></script><img src=x onerror="alert(1)">'&`;
  const user = { ...analyst, displayName: markup };
  for (const outcome of [{ kind: 'signed-in', user } as const, failed(markup)]) {
    const text = await (await pageFor(t, outcome, markup)).text();
    assert.doesNotMatch(text, /<img/);
    assert.ok(text.includes('&#60;img src=x onerror=&#34;alert(1)&#34;&#62;&#39;&#38;'));
  }
});
