import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { parseAddress } from './address.ts';

/** Which pages elsewhere may call. */
export interface CrossOriginOptions {
  /** Each as `https://host[:port]`. */
  readonly origins: readonly string[];
  /** @default GET, POST, PUT, PATCH, DELETE */
  readonly methods?: readonly string[];
  /** Request headers of the application's own, beside the ones that this package knows. @default none */
  readonly headers?: readonly string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const REQUEST_HEADERS = ['authorization', 'dpop', 'content-type', 'x-correlation-id'];

/** What a page must be able to read to act on a refusal. */
const ANSWER_HEADERS = 'www-authenticate, dpop-nonce, retry-after, x-correlation-id';

/**
 * Lets pages of the listed origins call (CORS); stands in front of `resourceServer`, because a preflight has no token.
 * Tokens come in a header and cookies do not count across origins, hence no credentials.
 * @throws TypeError for `*` and everything else that is not one origin
 * @see Fetch Standard §3.2
 */
export const crossOrigin = fastifyPlugin(plugin, { name: '@deskauth/cross-origin', fastify: '5.x' });

async function plugin(app: FastifyInstance, options: CrossOriginOptions): Promise<void> {
  const origins = new Set(options.origins.map(requireOrigin));
  const preflight = {
    'access-control-allow-methods': (options.methods ?? METHODS).join(', '),
    'access-control-allow-headers': [...REQUEST_HEADERS, ...(options.headers ?? [])].join(', '),
  };
  app.addHook('onRequest', async ({ method, headers }: FastifyRequest, reply: FastifyReply) => {
    reply.header('vary', 'origin');
    if (!headers.origin || !origins.has(headers.origin)) return undefined;
    reply.header('access-control-allow-origin', headers.origin);
    reply.header('access-control-expose-headers', ANSWER_HEADERS);
    if (method !== 'OPTIONS' || !headers['access-control-request-method']) return undefined;
    return reply.code(204).headers(preflight).send();
  });
}

function requireOrigin(origin: string): string {
  if (parseAddress(origin)?.origin === origin && !origin.includes('*')) return origin;
  throw new TypeError(
    `Origin ${JSON.stringify(origin)}: expected one such as "https://app.example.com" ` +
      '(no "*": every page on the web could call as the user).',
  );
}
