import { createHmac, sign } from 'node:crypto';
import type { SigningKey } from './key-ring.ts';
import type { Json } from './scene.ts';

/** A part of a compact JWS. */
export function encodePart(part: Json | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** Signs whatever it is given: a library would refuse to write most lies. */
export function signCompact(header: Json, payload: Json | string, key: SigningKey): string {
  const content = `${encodePart(header)}.${encodePart(payload)}`;
  const dsaEncoding = 'ieee-p1363';
  const signature = sign('sha256', Buffer.from(content), { key: key.privateKey, dsaEncoding });
  return `${content}.${signature.toString('base64url')}`;
}

/** The same token with another header and a new signature by HMAC over this secret. */
export function signWithSecret(token: string, secret: string): string {
  const content = `${encodePart({ alg: 'HS256', kid: 'key-1' })}.${token.split('.')[1]}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

/** Signed by nobody, in any spelling of "none". */
export function unsigned(token: string, alg = 'none'): string {
  return `${encodePart({ alg })}.${token.split('.')[1]}.`;
}

/** The signature changed in one bit. */
export function spoilSignature(token: string): string {
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

/** A signature that an RSA key with the exponent 1 "verifies": the padded digest itself (RFC 8017 §9.2). */
export function signForExponentOne(token: string, digest: Buffer, modulusBytes: number): string {
  const sha256 = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const tail = Buffer.concat([Buffer.from([0]), sha256, digest]);
  const padding = Buffer.alloc(modulusBytes - tail.length - 2, 0xff);
  const block = Buffer.concat([Buffer.from([0, 1]), padding, tail]);
  return `${token.split('.').slice(0, 2).join('.')}.${block.toString('base64url')}`;
}
