import type { FastifyInstance } from 'fastify';

/** What keeps a browser from doing more with our answers than we mean. */
export function addSecurityHeaders(app: FastifyInstance, issuer: string): void {
  const { origin } = new URL(issuer);
  const policy = [
    ...["default-src 'self'", `connect-src 'self' ${origin}`, "frame-src 'none'"],
    ...["frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"],
  ];
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });
}
