import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { type Duplex, Readable } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';

/** How long a proxy may take to open a tunnel, in seconds. */
const TUNNEL_SECONDS = 30;

/**
 * A fetch for https addresses through the tunnel of a proxy; connections are kept. It follows no redirect.
 * @see RFC 9110 §9.3.6 (CONNECT)
 */
export function createTunnelFetch(proxy: URL): typeof fetch {
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = (options, callback) => {
    const host = String(options.host);
    openTunnel(proxy, `${host.includes(':') ? `[${host}]` : host}:${options.port}`).then(
      (socket) =>
        callback?.(null, connect({ ...(options as ConnectionOptions), socket, ALPNProtocols: ['http/1.1'] })),
      (error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
  return async (input, init) => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    const headers = { ...Object.fromEntries(request.headers), 'content-length': body.length };
    const { method, url } = request;
    const signal = init?.signal ?? request.signal;
    const asked = httpsRequest(url, { method, headers, agent });
    // Without a tunnel yet, a destroyed request reports to nobody: the signal ends the wait itself.
    asked.on('error', () => undefined).end(body);
    signal.addEventListener('abort', () => asked.destroy(), { once: true });
    const [message] = (await once(asked, 'response', { signal })) as [IncomingMessage];
    return toResponse(message);
  };
}

async function openTunnel(proxy: URL, target: string): Promise<Duplex> {
  const { hostname, port, protocol, username, password } = proxy;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const ask = (protocol === 'https:' ? httpsRequest : httpRequest)({
    ...{ host: hostname.replace(/^\[|\]$/g, ''), port, method: 'CONNECT', path: target, agent: false },
    headers: {
      host: target,
      ...(username && { 'proxy-authorization': `Basic ${credentials.toString('base64')}` }),
    },
  });
  ask.setTimeout(TUNNEL_SECONDS * 1000, () => ask.destroy(new Error('the proxy does not answer')));
  const [{ statusCode }, socket] = (await once(ask.end(), 'connect')) as [IncomingMessage, Duplex];
  if (statusCode === 200) return socket;
  socket.destroy();
  throw new Error(`the proxy ${hostname} refused the tunnel with status ${statusCode}`);
}

/** These statuses have no body, and Response takes none for them. */
const BODILESS = [204, 205, 304];

function toResponse(message: IncomingMessage): Response {
  const { statusCode: status = 0 } = message;
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(message.headersDistinct))
    for (const value of values) headers.append(name, value);
  if (!BODILESS.includes(status))
    return new Response(Readable.toWeb(message) as ReadableStream, { status, headers });
  message.resume();
  return new Response(null, { status, headers });
}
