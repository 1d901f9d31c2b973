import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose';
import type { DpopSettings, TokenPresentation } from '../src/index.ts';
import { keysOf } from './issuer.ts';
import { issuerFor, manualClock, verifierFor } from './support.ts';

export const origin = 'https://api.deskauth.example';

interface ProofParts {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly nonce?: string;
}

/** A verifier that takes DPoP, a token bound to the client's key, and the client that makes proofs with it. */
export async function startDpop(t: TestContext, dpop: Partial<DpopSettings> = {}, alg = 'ES256') {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  const verifier = verifierFor(issuer, { clock, dpop: { origin, ...dpop } });
  const client = await keysOf('client', alg);
  const jwk = await exportJWK(client.pair.publicKey);
  const jkt = await calculateJwkThumbprint(jwk);
  const tokenWith = (cnf: unknown = { jkt }) =>
    issuer.token({ claims: { cnf, exp: Math.floor(clock()) + 3600 } });
  const token = await tokenWith();
  const proof = ({ claims = {}, header = {}, nonce }: ProofParts = {}) => {
    const ath = createHash('sha256').update(token).digest('base64url');
    const usual = {
      htm: 'GET',
      htu: `${origin}/companies`,
      jti: crypto.randomUUID(),
      iat: Math.floor(clock()),
      ath,
      nonce,
    };
    const signed = new SignJWT({ ...usual, ...claims }).setProtectedHeader({
      alg,
      typ: 'dpop+jwt',
      jwk,
      ...header,
    });
    return signed.sign(client.pair.privateKey);
  };
  const send = async (
    made: string | Promise<string> | undefined,
    more: Partial<TokenPresentation> = {},
    text = token,
  ) =>
    verifier.verify(text, {
      scheme: 'DPoP',
      method: 'GET',
      url: '/companies?page=2',
      proof: await made,
      ...more,
    });
  return { issuer, clock, verifier, client, jwk, jkt, token, tokenWith, proof, send };
}
