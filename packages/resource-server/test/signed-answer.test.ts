import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AUDIENCE, assemble, keysOf, type TokenParts } from './issuer.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

const introspection = { clientId: 'the-api', clientSecret: 'hidden', signedAnswers: true };
const TYPE = 'token-introspection+jwt';

async function startSigned(t: TestContext) {
  const issuer = await issuerFor(t);
  const good = { active: true, aud: AUDIENCE, sub: 'user-europe', scope: 'companies:read' };
  const base = {
    aud: 'the-api',
    iat: Math.floor(Date.now() / 1000),
    sub: undefined,
    exp: undefined,
    scope: undefined,
    client_id: undefined,
    jti: undefined,
  };
  const sign = ({ claims = {}, header = {}, ...more }: TokenParts = {}) =>
    issuer.token({
      ...more,
      claims: { ...base, token_introspection: good, ...claims },
      header: { typ: TYPE, ...header },
    });
  /** The verifier's outcome for one answer of the endpoint. */
  const verify = (answer: unknown) => {
    issuer.answer('introspection', () => answer);
    return verifierFor(issuer, { introspection }).verify('opaque');
  };
  return { issuer, good, sign, verify };
}

test('API-17 a signed introspection answer is taken (RFC 9701)', async (t) => {
  const { issuer, good, sign, verify } = await startSigned(t);
  issuer.answerType('introspection', `application/${TYPE}; charset=utf-8`);
  assert.equal((await verify(await sign())).userId, 'user-europe');
  assert.equal((await verify(await sign({ claims: { aud: [AUDIENCE] } }))).userId, 'user-europe');
  const inactive = { token_introspection: { active: false } };
  await refused(verify(await sign({ claims: inactive })), 'API_TOKEN_INVALID');
  const foreign = { token_introspection: { ...good, aud: 'https://other.example' } };
  await refused(verify(await sign({ claims: foreign })), 'API_TOKEN_WRONG_AUDIENCE');
  const [request] = issuer.requests.filter(({ endpoint }) => endpoint === 'introspection');
  assert.equal(request?.accept, `application/${TYPE}`);
});

test('API-17 an answer that is not signed, or not for us, or not fresh, is a fault of the server: 503', async (t) => {
  const { issuer, good, sign, verify } = await startSigned(t);
  const now = Math.floor(Date.now() / 1000);
  issuer.answerType('introspection', `application/${TYPE}`);
  const payload = JSON.stringify({ iss: issuer.issuer, aud: 'the-api', iat: now, token_introspection: good });
  const answers = [
    assemble({ alg: 'none', typ: TYPE }, payload, ''),
    assemble({ alg: 'HS256', kid: 'key-1', typ: TYPE }, payload),
    await sign({ key: { ...(await keysOf('foreign')), kid: 'key-1' } }),
    await sign({ key: await keysOf('unknown') }),
    await sign({ header: { typ: 'at+jwt' } }),
    await sign({ header: { typ: undefined } }),
    await sign({ header: { crit: ['x'], x: true } }),
    await sign({ claims: { iss: 'https://other.example' } }),
    await sign({ claims: { aud: 'another-api' } }),
    await sign({ claims: { aud: undefined } }),
    await sign({ claims: { iat: now - 600 } }),
    await sign({ claims: { iat: undefined } }),
    ...(await Promise.all(
      [undefined, null, 'x', [good], {}, { active: 'true' }].map((token_introspection) =>
        sign({ claims: { token_introspection } }),
      ),
    )),
    ...['', 'x', JSON.stringify(good)],
  ];
  for (const answer of answers) await refused(verify(answer), 'API_CHECK_UNAVAILABLE');
  issuer.answerType('introspection', undefined);
  await refused(verify(good), 'API_CHECK_UNAVAILABLE');
});

test('API-04 a signed introspection answer is no access token, not even where legacy types are accepted', async (t) => {
  const { issuer, sign } = await startSigned(t);
  const claims = { aud: AUDIENCE, sub: 'user-europe', exp: Math.floor(Date.now() / 1000) + 600 };
  for (const requiredType of ['at+jwt', 'JWT'] as const)
    await refused(verifierFor(issuer, { requiredType }).verify(await sign({ claims })), 'API_TOKEN_INVALID');
});
