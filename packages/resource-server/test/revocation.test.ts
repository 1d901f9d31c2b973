import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { assemble, keysOf } from './issuer.ts';
import { issuerFor, manualClock, refused, verifierFor } from './support.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

async function startLogout(t: TestContext) {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock, logoutClientId: 'api-client' });
  const base = { aud: 'api-client', scope: undefined, client_id: undefined, events: { [EVENT]: {} } };
  // The issuer's clock goes on while the test's stands still.
  const now = () => ({ iat: Math.floor(clock()) });
  const logoutToken = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
    issuer.token({
      claims: { ...base, ...now(), sid: 'session-1', ...claims },
      header: { typ: 'logout+jwt', ...header },
    });
  return { issuer, clock, now, verifier, logoutToken };
}

test('OUT-08 a logout token ends the remembered tokens of its session, and new sign-ins are good', async (t) => {
  const { issuer, verifier, logoutToken, clock, now } = await startLogout(t);
  const ended = await issuer.token({ claims: { sid: 'session-1', ...now() } });
  const other = await issuer.token({ claims: { sid: 'session-2', sub: 'user-global' } });
  await verifier.verify(ended);
  await verifier.verify(other);
  await verifier.acceptLogoutToken(await logoutToken({ sub: undefined }));
  assert.equal(verifier.known(ended), undefined);
  await refused(verifier.verify(ended), 'API_TOKEN_INVALID');
  const unseen = await issuer.token({ claims: { sid: 'session-1', ...now() } });
  await refused(verifier.verify(unseen), 'API_TOKEN_INVALID');
  assert.ok(verifier.known(other));
  clock.advance(5);
  await verifier.verify(await issuer.token({ claims: { sid: 'session-1', ...now() } }));
});

test('OUT-08 what a server issued before a sign-out is refused, though its clock is ahead of ours', async (t) => {
  const issuer = await issuerFor(t);
  const clock = () => Date.now() / 1000 - 20;
  for (const end of ['acceptLogoutToken', 'revoke'] as const) {
    const verifier = verifierFor(issuer, { clock, logoutClientId: 'api-client' });
    const claims = { sid: 'session-1', iat: Math.floor(Date.now() / 1000) };
    const token = await issuer.token({ claims });
    await verifier.verify(token);
    const out = { ...claims, aud: 'api-client', events: { [EVENT]: {} } };
    if (end === 'revoke') await verifier.revoke({ sessionId: 'session-1' });
    else await verifier.acceptLogoutToken(await issuer.token({ claims: out, header: { typ: 'logout+jwt' } }));
    await refused(verifier.verify(token), 'API_TOKEN_INVALID');
  }
});

test('OUT-08 a logout token for a user ends all sessions of that user', async (t) => {
  const { issuer, verifier, logoutToken, now } = await startLogout(t);
  const token = await issuer.token({ claims: now() });
  await verifier.verify(token);
  await verifier.acceptLogoutToken(await logoutToken({ sid: undefined, sub: 'user-europe' }));
  await refused(verifier.verify(token), 'API_TOKEN_INVALID');
  await verifier.verify(await issuer.token({ claims: { sub: 'user-global' } }));
});

test('OUT-08 faulty logout tokens are answered with 400 and end nothing', async (t) => {
  const { issuer, verifier, logoutToken } = await startLogout(t);
  const token = await issuer.token({ claims: { sid: 'session-1' } });
  await verifier.verify(token);
  const now = Math.floor(Date.now() / 1000);
  const payload = JSON.stringify({
    iss: issuer.issuer,
    aud: 'api-client',
    sid: 'session-1',
    iat: now,
    events: { [EVENT]: {} },
  });
  const foreign = { ...(await keysOf('foreign')), kid: 'key-1' };
  const faulty = [
    assemble({ alg: 'none', typ: 'logout+jwt' }, payload),
    assemble({ alg: 'HS256', kid: 'key-1', typ: 'logout+jwt' }, payload),
    await issuer.token({ key: foreign, claims: JSON.parse(payload), header: { typ: 'logout+jwt' } }),
    await logoutToken({ aud: 'other' }),
    await logoutToken({ iss: 'https://other.example' }),
    ...(await Promise.all(
      [undefined, {}, { [EVENT]: 'yes' }, [EVENT], EVENT].map((events) => logoutToken({ events })),
    )),
    await logoutToken({ nonce: 'n' }),
    await logoutToken({ sub: undefined, sid: undefined }),
    await logoutToken({ iat: now - 300 }),
    await logoutToken({ iat: undefined }),
    await logoutToken({ exp: now - 60 }),
    await logoutToken({ jti: undefined }),
    await logoutToken({}, { typ: 'at+jwt' }),
    ...['', 'x', `${await logoutToken()}=`],
    token,
  ];
  for (const text of faulty) {
    const error = await refused(verifier.acceptLogoutToken(text), 'API_LOGOUT_TOKEN_INVALID');
    assert.equal(error.status, 400);
  }
  assert.ok(verifier.known(token));
});

test('OUT-08 a logout token is good once', async (t) => {
  const { verifier, logoutToken } = await startLogout(t);
  const once = await logoutToken();
  await verifier.acceptLogoutToken(once);
  await refused(verifier.acceptLogoutToken(once), 'API_LOGOUT_TOKEN_INVALID');
});

test('OUT-08 without keys a logout token is not judged', async (t) => {
  const { issuer, verifier, logoutToken } = await startLogout(t);
  issuer.fail('error');
  await refused(verifier.acceptLogoutToken(await logoutToken()), 'API_CHECK_UNAVAILABLE');
});

test('API-14 a token can be revoked by its id, its session and its user', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const token = (claims: Record<string, unknown>) => issuer.token({ claims });
  const [one, two, three] = [
    await token({ jti: 'a' }),
    await token({ sid: 's' }),
    await token({ sub: 'user-global' }),
  ];
  for (const text of [one, two, three]) await verifier.verify(text);
  await verifier.revoke({ tokenId: 'a' });
  await refused(verifier.verify(one), 'API_TOKEN_INVALID');
  assert.ok(verifier.known(two) && verifier.known(three));
  await verifier.revoke({ sessionId: 's', subject: 'user-global' });
  await refused(verifier.verify(two), 'API_TOKEN_INVALID');
  await refused(verifier.verify(three), 'API_TOKEN_INVALID');
  await verifier.verify(await token({}));
});

test('OUT-08 a logout token that comes late ends nothing that was issued after the sign-out', async (t) => {
  const { issuer, verifier, logoutToken, clock, now } = await startLogout(t);
  const late = await logoutToken({ sid: undefined, sub: 'user-europe' });
  const before = await issuer.token({ claims: now() });
  clock.advance(60);
  const after = await issuer.token({ claims: now() });
  await verifier.verify(after);
  await verifier.acceptLogoutToken(late);
  await verifier.verify(after);
  await refused(verifier.verify(before), 'API_TOKEN_INVALID');
});

test('OUT-08 a form without a logout token is 400', async (t) => {
  const { verifier, logoutToken } = await startLogout(t);
  for (const text of [undefined, null, 7, ''] as unknown as string[])
    assert.equal((await refused(verifier.acceptLogoutToken(text), 'API_LOGOUT_TOKEN_INVALID')).status, 400);
  await refused(verifier.acceptLogoutToken(await logoutToken({ jti: '' })), 'API_LOGOUT_TOKEN_INVALID');
});
