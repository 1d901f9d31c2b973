import { randomBytes } from 'node:crypto';
import type { ApiFault, Right } from './fault.ts';

const refused: Right = { answers: [401] };

/** A token with these claims, at an API that has served others. */
function sends(claims: Record<string, unknown>, header?: Record<string, unknown>): ApiFault['run'] {
  return async (scene) => {
    await scene.call(await scene.token());
    const token = header ? await scene.issuer.token({ claims, header }) : await scene.token(claims);
    await scene.mark();
    return [await scene.call(token), await scene.call(token)];
  };
}

const idToken = { nonce: 'n-0S6_WzA2Mj', at_hash: '77QmUPtjPfzWtF2AnpK9RQ', scope: undefined };

/** Tokens that must let nobody in, sent twice each. */
export const tokenFaults: readonly ApiFault[] = [
  { id: 'API-05', name: 'no exp', jwt: refused, run: sends({ exp: undefined }) },
  {
    ...{ id: 'API-05', name: 'of another audience', jwt: refused, introspection: refused },
    run: sends({ aud: 'https://other.example.com' }),
  },
  {
    ...{ id: 'API-29', name: 'bound to a DPoP key, sent as bearer', jwt: refused, introspection: refused },
    run: sends({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }),
  },
  {
    ...{ id: 'API-29', name: 'bound to a certificate, sent as bearer', jwt: refused, introspection: refused },
    run: sends({ cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }),
  },
  {
    ...{ id: 'API-04', name: 'an ID token whose audience is the API', jwt: refused },
    run: sends(idToken, { typ: 'JWT' }),
  },
  {
    ...{ id: 'API-15', name: '1,000 bad ones, then a good one seen before: work for it' },
    ...{ only: 'remembersTokens', countsChecks: true },
    jwt: { answers: [200], calls: 0 },
    introspection: { answers: [200], calls: 0 },
    async run(scene) {
      const good = await scene.token();
      await scene.call(good);
      const [header, payload] = good.split('.');
      const bad = () => `${header}.${payload}.${randomBytes(256).toString('base64url')}`;
      for (let i = 0; i < 20; i += 1) await scene.callAll(Array.from({ length: 50 }, bad));
      await scene.mark();
      return [await scene.call(good)];
    },
  },
];
