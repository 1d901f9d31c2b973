import { readFile, realpath } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { refuse } from './error-response.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Only the app's own files run, nothing inline, nothing from elsewhere; no frames, no forms to other places. */
export const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types 'none'`,
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Serves the files of one folder to the app's page; `index.html` also at the addresses of its views. */
export function createPageFiles(directory: string): (path: string) => Promise<Response> {
  const readPage = async (path: string): Promise<Response> => {
    const file = fileOf(directory, path);
    const found = file && (await readBelow(directory, file));
    // The address of a view: the page reads it when it is loaded again there.
    if (file && !found && extname(file) === '' && path !== '/') return readPage('/');
    if (!found) return refuse(404, `The app has no file ${path}`);
    const type = TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
    return new Response(found, { headers: { ...HEADERS, 'content-type': type } });
  };
  return readPage;
}

/** The file for a path, or undefined for a path that names no plain file below the folder. */
export function fileOf(directory: string, path: string): string | undefined {
  const segments = decode(path === '/' ? '/index.html' : path)
    ?.split('/')
    .slice(1);
  // Hidden files, "." and "..", another system's separators and drives, and what ends a name in C.
  if (!segments?.every((segment) => /^[^.\\:\0][^\\:\0]*$/.test(segment))) return undefined;
  return join(resolve(directory), ...segments);
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** The content, unless a link leads out of the folder. */
async function readBelow(directory: string, file: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    const [root, real] = await Promise.all([realpath(directory), realpath(file)]);
    return real.startsWith(root + sep) ? await readFile(real) : undefined;
  } catch {
    return undefined;
  }
}
