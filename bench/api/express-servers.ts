import type { RequestListener } from 'node:http';
import { createAccessTokenVerifier } from '@deskauth/resource-server';
import { claimsOf, requireAccessToken } from '@deskauth/resource-server/express';
import OktaJwtVerifier from '@okta/jwt-verifier';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import type { JWTPayload } from 'jose';
import jwt from 'jsonwebtoken';
import { JwksClient } from 'jwks-rsa';
import { answerOf, bearerOf, type Contestant, keyTimes, type Place, verifierSettings } from './place.ts';
import { createIntrospection, createJoseCheck, createRemembered } from './remembered.ts';

type CheckedRequest = Request & { caller?: JWTPayload };

const servers: Record<string, (app: Express, place: Place) => unknown> = {
  none: (app) =>
    app.get('/private', (_request, response) => {
      response.json(answerOf({ sub: 'anybody', client_id: 'any' }));
    }),

  deskauth(app, place) {
    const verifier = createAccessTokenVerifier(verifierSettings(place));
    app.use(requireAccessToken(verifier, { logRequests: false }));
    app.get('/private', (request, response) => {
      const claims = claimsOf(request);
      response.json({ user: claims.userId, client: claims.clientId });
    });
  },

  map: (app, place) => protect(app, createRemembered(createJoseCheck(place)).check),
  'map-tuned': (app, place) => protectRemembered(app, createRemembered(createJoseCheck(place))),
  'introspection-map': (app, place) => protect(app, createRemembered(createIntrospection(place)).check),
  jose: (app, place) => protect(app, createJoseCheck(place)),

  'express-oauth2-jwt-bearer'(app, place) {
    const { issuer, audience } = place;
    app.use(auth({ issuerBaseURL: issuer, audience, ...keyTimes(place) }));
    app.get('/private', (request, response) => {
      response.json(answerOf(request.auth?.payload ?? {}));
    });
  },

  jsonwebtoken: (app, place) => protect(app, createJsonWebTokenCheck(place, false)),
  'jsonwebtoken-limited': (app, place) => protect(app, createJsonWebTokenCheck(place, true)),

  okta(app, place) {
    const { issuer, audience, jwksUri } = place;
    const local = { issuer, jwksUri, testing: { disableHttpsCheck: true } };
    const verifier = new OktaJwtVerifier({ ...local, ...keyTimes(place) } as never);
    protect(app, async (token) => {
      const { claims } = await verifier.verifyAccessToken(token, audience);
      return { ...claims } as unknown as JWTPayload;
    });
  },
};

function createJsonWebTokenCheck(place: Place, rateLimit: boolean) {
  const { jwksUri, issuer, audience, algorithm } = place;
  const client = new JwksClient({ jwksUri, rateLimit, ...keyTimes(place) });
  const findKey: jwt.GetPublicKeyOrSecret = ({ kid }, done) =>
    client.getSigningKey(kid, (error, key) => done(error, key?.getPublicKey()));
  const options = { issuer, audience, algorithms: [algorithm] };
  return (token: string) => verifyJsonWebToken(token, findKey, options);
}

function verifyJsonWebToken(token: string, key: jwt.GetPublicKeyOrSecret, options: jwt.VerifyOptions) {
  return new Promise<JWTPayload>((resolve, reject) => {
    jwt.verify(token, key, options, (error, payload) =>
      error ? reject(error) : resolve(payload as JWTPayload),
    );
  });
}

function protect(app: Express, check: (token: string) => Promise<JWTPayload>): void {
  const middleware: RequestHandler = (request: CheckedRequest, response, next) => {
    const accept = (claims: JWTPayload) => {
      request.caller = claims;
      next();
    };
    check(bearerOf(request.headers)).then(accept, () => response.sendStatus(401));
  };
  serve(app, middleware);
}

/** Without a promise where the claims are there: as people write it who have measured. */
function protectRemembered(app: Express, remembered: ReturnType<typeof createRemembered>): void {
  const middleware: RequestHandler = (request: CheckedRequest, response, next) => {
    const token = bearerOf(request.headers);
    const accept = (claims: JWTPayload) => {
      request.caller = claims;
      next();
    };
    const claims = remembered.known(token);
    if (claims) accept(claims);
    else remembered.verify(token).then(accept, () => response.sendStatus(401));
  };
  serve(app, middleware);
}

function serve(app: Express, middleware: RequestHandler): void {
  app.use(middleware);
  app.get('/private', (request: CheckedRequest, response) => {
    response.json(answerOf(request.caller ?? {}));
  });
}

const labels: Record<string, string> = {
  none: 'no check',
  deskauth: 'Deskauth',
  map: 'a Map by hand',
  'map-tuned': 'a Map by hand, no promise on a hit',
  'introspection-map': 'introspection + a Map by hand',
  jose: 'jose by hand',
  jsonwebtoken: 'jsonwebtoken + jwks-rsa',
  'jsonwebtoken-limited': 'jsonwebtoken + jwks-rsa, rateLimit',
  okta: '@okta/jwt-verifier',
};

/** Everything that is measured on Express. */
export const expressServers: readonly Contestant[] = Object.entries(servers).map(([name, build]) => ({
  name: `express/${name}`,
  framework: 'Express',
  label: labels[name] ?? name,
  rsaOnly: name === 'okta',
  async create(place): Promise<RequestListener> {
    const app = express();
    await build(app, place);
    return app;
  },
}));
