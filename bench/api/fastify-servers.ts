import type { RequestListener } from 'node:http';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import { resourceServer } from '@deskauth/resource-server/fastify';
import fastifyJwt from '@fastify/jwt';
import { JwtVerifier } from 'aws-jwt-verify';
import { type FastifyInstance, fastify } from 'fastify';
import buildGetJwks from 'get-jwks';
import type { JWTPayload } from 'jose';
import { answerOf, bearerOf, type Contestant, type Place } from './place.ts';
import { createJoseCheck, createRemembered } from './remembered.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: JWTPayload;
  }
}

/** fastify as it comes, which logs nothing. */
async function createApp(protect: (app: FastifyInstance) => unknown): Promise<RequestListener> {
  const app = fastify();
  app.decorateRequest('caller');
  await protect(app);
  await app.ready();
  return app.routing;
}

const servers: Record<string, (app: FastifyInstance, place: Place) => unknown> = {
  none: (app) => app.get('/private', () => answerOf({ sub: 'anybody', client_id: 'any' })),

  async deskauth(app, { issuer, audience, algorithm }) {
    const verifier = createAccessTokenVerifier({
      issuer,
      audience,
      algorithms: [algorithm],
      allowHttp: true,
    });
    await app.register(resourceServer, { verifier, logRequests: false });
    app.get('/private', ({ claims }) => ({ user: claims.userId, client: claims.clientId }));
  },

  map(app, place) {
    const remembered = createRemembered(createJoseCheck(place));
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
  },

  jose(app, place) {
    const check = createJoseCheck(place);
    app.addHook('onRequest', async (request, reply) => {
      try {
        request.caller = await check(bearerOf(request.headers));
      } catch {
        return reply.code(401).send();
      }
    });
    app.get('/private', ({ caller }) => answerOf(caller));
  },

  'fastify-jwt': (app, place) => useFastifyJwt(app, place, false),
  'fastify-jwt-cache': (app, place) => useFastifyJwt(app, place, 20_000),

  async 'aws-jwt-verify'(app, { issuer, audience, jwksUri }) {
    // It fetches keys by https only, so that it gets them by hand here.
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri });
    verifier.cacheJwks((await (await fetch(jwksUri)).json()) as Parameters<typeof verifier.cacheJwks>[0]);
    app.addHook('onRequest', async (request, reply) => {
      try {
        request.caller = (await verifier.verify(bearerOf(request.headers))) as JWTPayload;
      } catch {
        return reply.code(401).send();
      }
    });
    app.get('/private', ({ caller }) => answerOf(caller));
  },
};

async function useFastifyJwt(app: FastifyInstance, place: Place, cache: number | false): Promise<void> {
  const getJwks = buildGetJwks({ issuersWhitelist: [place.issuer], providerDiscovery: true });
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
  map: 'a Map by hand',
  jose: 'jose by hand',
  'fastify-jwt': '@fastify/jwt + get-jwks',
  'fastify-jwt-cache': '@fastify/jwt + get-jwks, cache: 20,000',
  'aws-jwt-verify': 'aws-jwt-verify',
};

/** Everything that is measured on fastify. */
export const fastifyServers: readonly Contestant[] = Object.entries(servers).map(([name, protect]) => ({
  name: `fastify/${name}`,
  framework: 'fastify',
  label: labels[name] ?? name,
  create: (place) => createApp((app) => protect(app, place)),
}));
