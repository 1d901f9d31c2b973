import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { ProxyServer } from './proxy.ts';

/** How long a proxy may take to say that the way is free, in seconds. */
const TIME_LIMIT_SECONDS = 10;

/**
 * A way through the proxy to this `host:port` (RFC 9110 §9.3.6).
 * @param trust for a proxy that is itself reached by TLS
 * @throws Error with a code that begins with `ERR_PROXY`
 */
export function openTunnel(proxy: ProxyServer, target: string, trust: () => SecureContext): Promise<Socket> {
  const { url, authorization } = proxy;
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)({
      ...{ host, port: url.port || (isSecure ? 443 : 80), method: 'CONNECT', path: target, agent: false },
      headers: { host: target, ...(authorization && { 'proxy-authorization': authorization }) },
      ...(isSecure && { secureContext: trust(), rejectUnauthorized: true }),
      ...{ autoSelectFamily: true, signal: AbortSignal.timeout(TIME_LIMIT_SECONDS * 1000) },
    });
    request.once('connect', ({ statusCode = 0, headers }, socket) => {
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(refusal(proxy, statusCode, headers['proxy-authenticate']));
    });
    request.once('response', (response) => {
      response.destroy();
      reject(refusal(proxy, response.statusCode ?? 0, undefined));
    });
    request.once('error', (error: NodeJS.ErrnoException) => reject(unreachable(proxy, error)));
    request.end();
  });
}

function nameOf({ url, from }: ProxyServer): string {
  return `the proxy ${url.host} (${from})`;
}

function refusal(proxy: ProxyServer, status: number, challenge: string | undefined): Error {
  const name = nameOf(proxy);
  if (status !== 407)
    return fault('ERR_PROXY_TUNNEL', `${name} did not open a way there: HTTP status ${status}`);
  const schemes = (challenge ?? '').match(/\b(Basic|Digest|NTLM|Negotiate|Kerberos)\b/gi) ?? [];
  if (challenge && !schemes.some((scheme) => /^basic$/i.test(scheme)))
    return fault(
      'ERR_PROXY_AUTHENTICATION',
      `${name} wants a sign-in of its own by ${schemes.join(' or ') || 'a way unknown here'}, and only Basic is possible; a local proxy that does it can stand between (407)`,
    );
  return fault(
    'ERR_PROXY_AUTHENTICATION',
    proxy.authorization
      ? `${name} does not accept the user name and password in its address (407)`
      : `${name} wants a user name and password: http://user:password@${proxy.url.host} (407)`,
  );
}

function unreachable(proxy: ProxyServer, { code, name, message }: NodeJS.ErrnoException): Error {
  const why =
    name === 'AbortError' ? `no answer within ${TIME_LIMIT_SECONDS} seconds` : message || code || 'no answer';
  return fault('ERR_PROXY_CONNECTION', `${nameOf(proxy)} cannot be reached: ${why}`);
}

function fault(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
