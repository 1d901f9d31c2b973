import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Net } from 'electron';
import type { SchemeHandlers } from './protocol.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Electron's `fetch` of a session: its own schemes, files, and the network. */
export function createFetch(schemes: SchemeHandlers): Net['fetch'] {
  return async (input, init) => {
    const { bypassCustomProtocolHandlers = false, ...rest } = init ?? {};
    const request = new Request(input, rest);
    const scheme = request.url.slice(0, request.url.indexOf(':'));
    const handler = bypassCustomProtocolHandlers ? undefined : schemes.handlerFor(scheme);
    if (handler) return handler(request);
    return scheme === 'file' ? readFileUrl(request.url) : fetch(request);
  };
}

async function readFileUrl(url: string): Promise<Response> {
  const path = fileURLToPath(url.replace(/[?#].*$/s, ''));
  const type = CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  try {
    return new Response(await readFile(path), { headers: { 'content-type': type } });
  } catch (cause) {
    // What Electron says; the cause says more.
    throw new Error('net::ERR_FILE_NOT_FOUND', { cause });
  }
}
