import { gzipSync } from 'node:zlib';
import type { Json, Reply, Says } from './scene.ts';

/** A reply with a JSON body. */
export function json(body: unknown, status = 200, headers: Reply['headers'] = {}): Reply {
  return text(JSON.stringify(body), 'application/json', status, headers);
}

/** A reply with a text, of whatever type is claimed. */
export function text(body: string, type = 'application/json', status = 200, headers = {}): Reply {
  return { status, body, headers: { 'content-type': type, ...headers } };
}

/** What a network that wants a sign-in of its own puts in place of every answer. */
export const captivePortal = text('<!doctype html><title>Welcome to the network</title>', 'text/html');

/** A redirect to another address. */
export function redirect(location: string, status = 302): Reply {
  return { status, headers: { location }, body: '' };
}

/** The same answer, sent in another manner. */
export function inManner(manner: NonNullable<Reply['manner']>, body: Json = {}): Reply {
  return { ...json(body), manner };
}

/** A small body that unpacks to very many bytes. */
export function gzipBomb(bytes: number): Reply {
  const body = gzipSync(Buffer.alloc(bytes, ' '));
  return { status: 200, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body };
}

/** True for a whole {@link Reply}. */
export function isReply(says: Says): says is Reply {
  return 'status' in says && 'headers' in says && 'body' in says;
}
