import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Opens a connection that goes away with the test. */
export async function openSocket(t: TestContext, port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host });
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends these bytes and resolves with all that came back, once the other side has closed. */
export async function sendRaw(t: TestContext, port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = await openSocket(t, port);
  return readToEnd(socket, bytes);
}

/** Sends these bytes on an open connection and resolves with all that came back, once it is closed. */
export async function readToEnd(socket: Socket, bytes: string | Uint8Array = ''): Promise<string> {
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    received += chunk;
  });
  if (bytes.length > 0) socket.write(bytes);
  await closed(socket);
  return received;
}

/** Far more than any listener may take to close a connection. */
const CLOSES_WITHIN_SECONDS = 20;

/** Resolves once the connection is closed, in whatever way. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed) return resolve();
    const late = setTimeout(
      () => reject(new Error('the connection was left open')),
      CLOSES_WITHIN_SECONDS * 1000,
    );
    socket.once('close', () => {
      clearTimeout(late);
      resolve();
    });
  });
}

/** The status of a raw answer; 0 when the connection was closed without one. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
