import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Place } from './place.ts';
import { claimsFor, type SigningKeys } from './tokens.ts';

const AUDIENCE = 'https://api.deskauth.example';

const PATHS = ['/.well-known/openid-configuration', '/keys', '/introspect', '/userinfo'] as const;

/** The calls that an authorization server has got, by path. */
export type Calls = Record<(typeof PATHS)[number], number>;

/** An authorization server as far as an API can see it. It counts, and says that every token is active. */
export async function startAuthority(algorithm: Place['algorithm']) {
  const keys = createKeys(algorithm);
  const calls = Object.fromEntries(PATHS.map((path) => [path, 0])) as Calls;
  const server = createServer(async (request, response) => {
    const path = request.url as keyof Calls;
    calls[path] += 1;
    let body = '';
    for await (const chunk of request) body += chunk;
    const token = new URLSearchParams(body).get('token') ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(documents(token)[path]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place: Place = {
    ...{ issuer, audience: AUDIENCE, algorithm },
    ...{ jwksUri: `${issuer}/keys`, introspectionEndpoint: `${issuer}/introspect` },
  };
  const documents = (token: string): Record<keyof Calls, unknown> => ({
    '/.well-known/openid-configuration': {
      ...{ issuer, jwks_uri: place.jwksUri, introspection_endpoint: place.introspectionEndpoint },
      ...{ userinfo_endpoint: `${issuer}/userinfo`, authorization_endpoint: `${issuer}/authorize` },
    },
    '/keys': { keys: [keys.jwk] },
    '/introspect': { active: true, ...claimsFor(place, numberOf(token)) },
    '/userinfo': { sub: claimsFor(place, 0).sub, name: 'Europe Analyst' },
  });
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { place, keys, calls, stop };
}

/** A number that belongs to the token, for an answer of its own. */
const numberOf = (token: string) => Number.parseInt(Buffer.from(token.slice(-6)).toString('hex'), 16);

function createKeys(algorithm: Place['algorithm']): SigningKeys {
  const { publicKey, privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: algorithm, use: 'sig' };
  return { algorithm, jwk, privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}
