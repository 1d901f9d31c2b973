import type { RequestListener } from 'node:http';
import { type AccessTokenVerifierSettings, createAccessTokenVerifier } from '@deskauth/resource-server';
import { resourceServer } from '@deskauth/resource-server/fastify';
import fastifyJwt from '@fastify/jwt';
import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { type FastifyInstance, fastify } from 'fastify';
import buildGetJwks from 'get-jwks';
import type { JWTPayload } from 'jose';
import { answerOf, bearerOf, type Contestant, type Place, verifierSettings } from './place.ts';
import { createJoseCheck, createRemembered, digest } from './remembered.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: JWTPayload;
  }
}

/** fastify as it comes, which logs nothing. */
async function createApp(build: (app: FastifyInstance) => unknown): Promise<RequestListener> {
  const app = fastify();
  app.decorateRequest('caller');
  await build(app);
  await app.ready();
  return app.routing;
}

const servers: Record<string, (app: FastifyInstance, place: Place) => unknown> = {
  none: (app) => app.get('/private', () => answerOf({ sub: 'anybody', client_id: 'any' })),

  deskauth: (app, place) => useDeskauth(app, verifierSettings(place)),
  'deskauth-introspection': (app, place) =>
    useDeskauth(app, {
      ...verifierSettings(place),
      introspection: { clientId: 'api', clientSecret: 'secret' },
    }),

  map: (app, place) => protect(app, createRemembered(createJoseCheck(place)).check),
  'map-sha256': (app, place) => protect(app, createRemembered(createJoseCheck(place), digest).check),
  'map-tuned': (app, place) => protectRemembered(app, createRemembered(createJoseCheck(place))),

  'first-only': (app, place) => protectFirst(app, createJoseCheck(place)),

  jose: (app, place) => protect(app, createJoseCheck(place)),

  'fastify-jwt': (app, place) => useFastifyJwt(app, place, false),
  'fastify-jwt-cache': (app, place) => useFastifyJwt(app, place, 20_000),
  'fastify-jwt-cache-usual': (app, place) => useFastifyJwt(app, place, true),

  async 'aws-jwt-verify'(app, { issuer, audience, jwksUri }) {
    // It fetches keys by https only, so that it gets them by hand here.
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri });
    verifier.cacheJwks((await (await fetch(jwksUri)).json()) as Parameters<typeof verifier.cacheJwks>[0]);
    protect(app, async (token) => (await verifier.verify(token)) as JWTPayload);
  },

  'aws-jwt-verify-fetching'(app, { issuer, audience, jwksUri }) {
    const jwksCache = new SimpleJwksCache({ fetcher });
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri }, { jwksCache });
    protect(app, async (token) => (await verifier.verify(token)) as JWTPayload);
  },
};

/** Like the one of aws-jwt-verify, which takes https only: the same time limit, and one retry. */
const fetcher = {
  async fetch(uri: string): Promise<ArrayBuffer> {
    const get = async () => {
      const response = await fetch(uri, { signal: AbortSignal.timeout(3000) });
      if (response.status !== 200) throw new Error(`Status code is ${response.status}, expected 200`);
      return response.arrayBuffer();
    };
    return get().catch(get);
  },
};

async function useDeskauth(app: FastifyInstance, settings: AccessTokenVerifierSettings): Promise<void> {
  const verifier = createAccessTokenVerifier(settings);
  await app.register(resourceServer, { verifier, logRequests: false });
  app.get('/private', ({ claims }) => ({ user: claims.userId, client: claims.clientId }));
}

/** Without a promise where the claims are there: as people write it who have measured. */
function protectRemembered(app: FastifyInstance, remembered: ReturnType<typeof createRemembered>): void {
  app.addHook('onRequest', (request, reply, done) => {
    const token = bearerOf(request.headers);
    const claims = remembered.known(token);
    if (claims) {
      request.caller = claims;
      done();
      return;
    }
    const accept = (checked: JWTPayload) => {
      request.caller = checked;
      done();
    };
    remembered.verify(token).then(accept, () => reply.code(401).send());
  });
  app.get('/private', ({ caller }) => answerOf(caller));
}

/** Checks one token, and lets everybody in as its owner: what no check of each token can be quicker than. */
function protectFirst(app: FastifyInstance, check: (token: string) => Promise<JWTPayload>): void {
  let first: JWTPayload | undefined;
  app.addHook('onRequest', (request, reply, done) => {
    if (first) {
      request.caller = first;
      done();
      return;
    }
    const accept = (checked: JWTPayload) => {
      first = checked;
      request.caller = checked;
      done();
    };
    check(bearerOf(request.headers)).then(accept, () => reply.code(401).send());
  });
  app.get('/private', ({ caller }) => answerOf(caller));
}

/** Refuses with 401 whatever the check throws, as such hooks are usually written. */
function protect(app: FastifyInstance, check: (token: string) => Promise<JWTPayload>): void {
  app.addHook('onRequest', async (request, reply) => {
    try {
      request.caller = await check(bearerOf(request.headers));
    } catch {
      return reply.code(401).send();
    }
  });
  app.get('/private', ({ caller }) => answerOf(caller));
}

async function useFastifyJwt(app: FastifyInstance, place: Place, cache: number | boolean): Promise<void> {
  const { keysMaxAgeSeconds } = place;
  const getJwks = buildGetJwks({
    ...{ issuersWhitelist: [place.issuer], providerDiscovery: true },
    ...(keysMaxAgeSeconds !== undefined && { ttl: keysMaxAgeSeconds * 1000 }),
  });
  await app.register(fastifyJwt, {
    decode: { complete: true },
    verify: { allowedIss: place.issuer, allowedAud: place.audience, cache },
    secret: async (_request: unknown, token: unknown) => {
      const { header, payload } = token as { header: { kid: string; alg: string }; payload: JWTPayload };
      return getJwks.getPublicKey({ kid: header.kid, domain: String(payload.iss), alg: header.alg });
    },
  });
  app.addHook('onRequest', async (request) => void (await request.jwtVerify()));
  app.get('/private', ({ user }) => answerOf(user as JWTPayload));
}

const labels: Record<string, string> = {
  none: 'no check',
  deskauth: 'Deskauth',
  'deskauth-introspection': 'Deskauth, introspection',
  map: 'a Map by hand',
  'map-sha256': 'a Map by SHA-256, by hand',
  'map-tuned': 'a Map by hand, no promise on a hit',
  'first-only': 'one check for all: the claims of the first',
  jose: 'jose by hand',
  'fastify-jwt': '@fastify/jwt + get-jwks',
  'fastify-jwt-cache': '@fastify/jwt + get-jwks, cache: 20,000',
  'fastify-jwt-cache-usual': '@fastify/jwt + get-jwks, cache',
  'aws-jwt-verify': 'aws-jwt-verify',
  'aws-jwt-verify-fetching': 'aws-jwt-verify',
};

/** Everything that is measured on fastify. */
export const fastifyServers: readonly Contestant[] = Object.entries(servers).map(([name, build]) => ({
  name: `fastify/${name}`,
  framework: 'fastify',
  label: labels[name] ?? name,
  create: (place) => createApp((app) => build(app, place)),
}));
