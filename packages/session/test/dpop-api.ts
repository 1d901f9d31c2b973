import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from 'jose';
import { createBench } from './create-bench.ts';

export const apiUrl = 'https://api.example.com/v1/companies';

/** A proof whose signature is right. */
export async function readProof(proof: string | null | undefined) {
  const { payload, protectedHeader } = await jwtVerify(proof ?? '', EmbeddedJWK, { typ: 'dpop+jwt' });
  const { jwk } = protectedHeader;
  return {
    ...{ payload, jwk, alg: protectedHeader.alg },
    thumbprint: await calculateJwkThumbprint(jwk as JWK),
  };
}

/** What an API answers to one call. */
export interface ApiCall {
  readonly token: string;
  readonly nonce: unknown;
  readonly body: string;
  readonly url: string;
}

export const digestOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** The answer of an API that wants this nonce in the proof. */
export function wantsNonce(nonce: string, scheme = 'DPoP'): Response {
  const challenge = `${scheme} error="use_dpop_nonce", algs="ES256"`;
  return new Response('', { status: 401, headers: { 'www-authenticate': challenge, 'dpop-nonce': nonce } });
}

/** An API that takes bound tokens only and checks each proof; `answer` decides what comes of a good one. */
export function createDpopApi(answer: (call: ApiCall, calls: number) => Response) {
  const calls: ApiCall[] = [];
  const ids = new Set<unknown>();
  async function api(request: Request): Promise<Response> {
    const [scheme, token = ''] = request.headers.get('authorization')?.split(' ') ?? [];
    if (scheme !== 'DPoP') return new Response('', { status: 401, headers: { 'www-authenticate': 'DPoP' } });
    const { payload } = await readProof(request.headers.get('dpop'));
    const { origin, pathname } = new URL(request.url);
    const isRight =
      payload.htm === request.method &&
      payload.htu === `${origin}${pathname}` &&
      payload.ath === digestOf(token) &&
      !ids.has(payload.jti);
    ids.add(payload.jti);
    if (!isRight) return new Response('', { status: 400 });
    const { url } = request;
    calls.push({ token, nonce: payload.nonce, body: await request.text(), url });
    return answer(calls.at(-1) as ApiCall, calls.length);
  }
  return { api, calls };
}

/** Somebody signed in whose tokens are bound. */
export async function signedInBound(options: Parameters<typeof createBench>[0] = {}) {
  const bench = await createBench({ ...options, settings: { dpop: 'required', ...options.settings } });
  await bench.session.signIn().finished;
  return bench;
}
