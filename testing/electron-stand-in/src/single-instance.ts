import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeProgram } from './node-program.ts';

/** What a second instance tells the first. */
export interface SecondInstance {
  readonly argv: string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

let held: Server | undefined;

/** Whether this process has the lock. */
export function hasLock(): boolean {
  return held !== undefined;
}

/**
 * Takes the lock of the apps that share a user data folder, or tells the app that has it. Synchronous, as Electron's:
 * a Unix socket is bound before `listen` returns, so who binds it is the first.
 */
export function takeLock(
  userData: string,
  additionalData: unknown,
  onSecond: (second: SecondInstance) => void,
): boolean {
  if (held) return true;
  const address = addressOf(userData);
  held = listen(address, onSecond);
  if (held) return true;
  const message = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
  if (tellFirst(address, message)) return false;
  // Only a socket that is a file outlives its process.
  if (isFile(address)) unlinkSync(address);
  held = listen(address, onSecond);
  return held !== undefined;
}

/** Gives the lock back. */
export function releaseLock(): void {
  held?.close();
  held = undefined;
}

/** Names without a file (Linux's abstract sockets, Windows' pipes) vanish with their process. */
function addressOf(userData: string): string {
  const name = `electron-stand-in-${createHash('sha256').update(userData).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}-${process.getuid?.()}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

function isFile(address: string): boolean {
  return !address.startsWith('\0') && process.platform !== 'win32';
}

function listen(address: string, onSecond: (second: SecondInstance) => void): Server | undefined {
  const server = createServer((socket) => receive(socket, onSecond));
  server.on('error', () => {});
  server.listen(address);
  if (!server.listening) return undefined;
  // The lock alone does not keep an app alive.
  return server.unref();
}

function receive(socket: Socket, onSecond: (second: SecondInstance) => void): void {
  let text = '';
  socket.setEncoding('utf8').on('error', () => {});
  socket.on('data', (chunk: string) => {
    text += chunk;
    const second = text.endsWith('\n') ? parseSecond(text) : undefined;
    if (!second) return;
    socket.end('received\n');
    onSecond(second);
  });
}

/** Any program of this machine may connect; what it says is checked for its shape alone, like a command line. */
function parseSecond(text: string): SecondInstance | undefined {
  try {
    const { argv, workingDirectory, additionalData } = JSON.parse(text) as Partial<SecondInstance>;
    const isWhole = Array.isArray(argv) && argv.every((arg) => typeof arg === 'string');
    return isWhole && typeof workingDirectory === 'string'
      ? { argv, workingDirectory, additionalData }
      : undefined;
  } catch {
    return undefined;
  }
}

/** In a process of its own, because this one has to wait for it. */
function tellFirst(address: string, message: SecondInstance): boolean {
  const script = fileURLToPath(new URL('./tell-first-instance.ts', import.meta.url));
  // An argument cannot hold the NUL that an abstract name begins with.
  const input = JSON.stringify({ address, message });
  return spawnSync(nodeProgram, [script], { input, timeout: 10_000 }).status === 0;
}
