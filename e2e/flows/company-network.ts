import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './certificates.ts';

/** A server of the network, on a loopback port. */
export interface NetworkPart {
  readonly port: number;
  stop(): Promise<void>;
}

async function listen(server: Server): Promise<NetworkPart> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Speaks TLS with this certificate and passes everything on to a server that does not. */
export function startTlsFront(certificate: Certificate, backend: string): Promise<NetworkPart> {
  const port = Number(new URL(backend).port);
  const server = createTlsServer(certificate, (socket) => {
    const inner = connect(port, '127.0.0.1');
    for (const end of [socket, inner]) end.on('error', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  return listen(server);
}

/** How a proxy behaves. */
export interface ProxyManner {
  /** Where everything leads, whatever its name: this network has no other servers. */
  readonly leadsTo: number;
  /** `user:password` that it wants. @default nothing */
  readonly credentials?: string;
  /** What it says in place of opening a way. */
  readonly refusal?: { readonly status: number; readonly challenge?: string };
}

/** A proxy, and what it was asked for: `login.example.com:443`. */
export interface CompanyProxy extends NetworkPart {
  readonly asked: string[];
}

/** Starts a proxy that opens tunnels (RFC 9110 §9.3.6) and nothing else. */
export async function startProxy({ leadsTo, credentials, refusal }: ProxyManner): Promise<CompanyProxy> {
  const asked: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', ({ url = '', headers }, socket) => {
    asked.push(url);
    socket.on('error', () => {});
    const isKnown = expected === undefined || headers['proxy-authorization'] === expected;
    const { status, challenge = 'Basic realm="company"' } = isKnown
      ? (refusal ?? { status: 200 })
      : { status: 407 };
    if (status !== 200)
      return socket.end(`HTTP/1.1 ${status} No\r\nProxy-Authenticate: ${challenge}\r\n\r\n`);
    const inner = connect(leadsTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(inner).pipe(socket);
    });
    inner.on('error', () => socket.destroy());
  });
  return { ...(await listen(server)), asked };
}
