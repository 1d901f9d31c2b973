import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSettings, type SessionSettings, type SignInOptions } from '@deskauth/session';
import { addressOf, createBench } from './create-bench.ts';

/** Does work in a process where some other code has let a stranger write to every object's prototype. */
function polluted<T>(members: Readonly<Record<string, unknown>>, work: () => T): T {
  Object.assign(Object.prototype, members);
  try {
    return work();
  } finally {
    for (const name of Object.keys(members)) Reflect.deleteProperty(Object.prototype, name);
  }
}

const settings: SessionSettings = { issuer: 'https://login.example.com', clientId: 'desktop' };

test('SUP-08 a polluted prototype adds nothing to settings', () => {
  const members = { clientSecret: 'stranger', scope: 'admin', endpointOrigins: ['https://evil.example'] };
  const checked = polluted(members, () => parseSettings(settings));
  const read = polluted(members, () => [checked.clientSecret, checked.scope, checked.endpointOrigins]);
  assert.deepEqual(read, [undefined, undefined, []]);
  const onHttp = { ...settings, issuer: 'http://127.0.0.1:3700' };
  assert.throws(() => polluted({ allowHttp: true }, () => parseSettings(onHttp)), /allowHttp/);
});

test('SUP-08 a polluted prototype adds nothing to a sign-in', async () => {
  const { session } = await createBench({ person: () => {} });
  const members = { prompt: 'none', loginHint: 'stranger', parameters: { audience: 'stranger' } };
  const attempt = polluted(members, () => session.signIn({ acrValues: ['mfa'] } as unknown as SignInOptions));
  const asked = new URL(await addressOf(attempt)).searchParams;
  assert.deepEqual([asked.get('login_hint'), asked.get('audience')], [null, null]);
  assert.notEqual(asked.get('prompt'), 'none');
  attempt.cancel();
});

const HOSTILE = '{"__proto__":"a","constructor":"b","prototype":"c","toString":"d"}';

test('SUP-08 names that every object has are parameters like others, in settings, options and claims', async () => {
  const parameters = JSON.parse(HOSTILE);
  const bench = await createBench({
    settings: { parameters, claims: { userinfo: JSON.parse('{"__proto__":null}') } },
  });
  const attempt = bench.session.signIn({ parameters: JSON.parse('{"__proto__":"z"}') });
  await attempt.finished;
  const asked = new URL(attempt.url ?? '').searchParams;
  assert.deepEqual(
    [asked.getAll('__proto__'), asked.get('constructor'), asked.get('toString')],
    [['z'], 'b', 'd'],
  );
  assert.equal(asked.get('claims'), '{"userinfo":{"__proto__":null}}');
  const pristine: Record<string, unknown> = {};
  assert.deepEqual([pristine.a, Object.keys(Object.prototype)], [undefined, []]);
});

test('SUP-08 a server that answers with such names changes no object but its own', async () => {
  const { session, authority } = await createBench();
  authority.bend.idTokenClaims = (claims) =>
    JSON.parse(`{"__proto__":{"admin":true},${JSON.stringify(claims).slice(1)}`);
  authority.bend.discovery = (metadata) =>
    JSON.parse(
      `{"__proto__":{"allowHttp":true},"constructor":{"prototype":{"admin":true}},${JSON.stringify(metadata).slice(1)}`,
    );
  const user = await session.signIn().finished;
  assert.equal((user.claims as { admin?: unknown }).admin, undefined);
  assert.equal(({} as { admin?: unknown }).admin, undefined);
});
