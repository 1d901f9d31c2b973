import type { FastifyInstance } from 'fastify';

const ALLOWED_HEADERS = 'authorization, content-type, x-correlation-id, x-deskauth-rehearse';

/** Lets pages of the listed origins call (CORS). Tokens are in a header and no cookie counts, hence no credentials. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook('onRequest', async ({ headers: { origin }, method, headers }, reply) => {
    reply.header('vary', 'origin');
    if (!origin || !origins.includes(origin)) return undefined;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'www-authenticate, retry-after, x-correlation-id',
    });
    if (method !== 'OPTIONS' || !headers['access-control-request-method']) return undefined;
    reply.headers({ 'access-control-allow-headers': ALLOWED_HEADERS, 'access-control-allow-methods': 'GET' });
    return reply.code(204).send();
  });
}

/** What keeps a browser from doing more with our answers than we mean. */
export function addSecurityHeaders(app: FastifyInstance, issuer: string): void {
  const { origin } = new URL(issuer);
  const policy = [
    ...["default-src 'self'", `connect-src 'self' ${origin}`, `frame-src 'self' ${origin}`],
    ...["frame-ancestors 'self'", "base-uri 'none'", "object-src 'none'"],
  ];
  app.addHook('onRequest', async ({ url }, reply) => {
    reply.headers({
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    if (url.startsWith('/api/') || url.startsWith('/private')) reply.header('cache-control', 'no-store');
  });
}
