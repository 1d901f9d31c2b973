import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isReply, json } from './replies.ts';
import type { Reply, Says } from './scene.ts';

/** An HTTP server on a loopback port of its own. */
export interface LoopbackServer {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts one. What the listener throws is answered with 500: a bug in a lie must not look like the lie. */
export async function startLoopbackServer(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    listener(request, response).catch((error: unknown) => {
      console.error('hostile authority:', error);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Reads a form that was posted. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** Sends an answer in its manner. `date` is the server's own time. */
export function send(response: ServerResponse, says: Says, date: Date): void {
  const reply = isReply(says) ? says : json(says);
  if (reply.manner === 'hang') return;
  if (reply.manner === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, { date: date.toUTCString(), ...reply.headers });
  if (reply.manner === 'drip') drip(response);
  else if (reply.manner === 'cut') cut(response, reply);
  else response.end(reply.body);
}

/** White space is good JSON, for as long as somebody reads it. */
function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 50);
  response.once('close', () => clearInterval(timer));
}

function cut(response: ServerResponse, { body }: Reply): void {
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
}
