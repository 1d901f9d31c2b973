import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import { claimsOf, requireAccessToken } from '@deskauth/resource-server/express';
import { type Answer, answerOf, bearerOf, type Contestant, type Place, verifierSettings } from './place.ts';

/**
 * The limit: `crypto.verify(digest, data, key, signature)` of Node with the KeyObject passed as it is, and for ES256 the
 * documented option for signatures in the form of JOSE. It looks at the signature and at nothing else.
 */
async function createBareVerify({ jwksUri, algorithm }: Place): Promise<RequestListener> {
  const { keys } = (await (await fetch(jwksUri)).json()) as { keys: JsonWebKey[] };
  const key = createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' });
  const check = algorithm === 'RS256' ? verifyRsa : verifyEcdsa;
  return (request, response) => {
    const token = bearerOf(request.headers);
    const [head = '', payload = '', signature = ''] = token.split('.');
    const data = Buffer.from(`${head}.${payload}`);
    if (!check(data, key, Buffer.from(signature, 'base64url'))) return void response.writeHead(401).end();
    answer(response, answerOf(JSON.parse(Buffer.from(payload, 'base64url').toString())));
  };
}

const verifyRsa = (data: Buffer, key: KeyObject, signature: Buffer) => verify('sha256', data, key, signature);

const verifyEcdsa = (data: Buffer, key: KeyObject, signature: Buffer) =>
  verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);

function createDeskauth(place: Place): RequestListener {
  const verifier = createAccessTokenVerifier(verifierSettings(place));
  const guard = requireAccessToken(verifier, { logRequests: false });
  return (request, response) =>
    guard(request, response, () => {
      const claims = claimsOf(request);
      answer(response, { user: claims.userId, client: claims.clientId });
    });
}

function answer(response: ServerResponse, value: Answer): void {
  const text = JSON.stringify(value);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
}

/** What is measured on node:http alone. */
export const bareServers: readonly Contestant[] = [
  { name: 'http/crypto', framework: 'node:http', label: 'crypto.verify alone', create: createBareVerify },
  {
    name: 'http/deskauth',
    framework: 'node:http',
    label: 'Deskauth',
    create: async (place) => createDeskauth(place),
  },
];
