import { Buffer } from 'node:buffer';
import { freezeDeep } from './claims.ts';
import { ApiError } from './errors.ts';
import { parseStrictJson } from './strict-json.ts';

/** A compact JWS taken apart; nothing in it has been verified. */
export interface CompactToken {
  /** What the signature was made of: header and payload as they were sent. */
  readonly signedText: string;
  readonly signature: Buffer;
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string; readonly kid?: string };
  readonly payload: Record<string, unknown>;
}

/** The longest JOSE header that is read, in base64url characters: room for a certificate chain, not for a flood. */
const MAX_HEADER_LENGTH = 6144;

/**
 * Takes a JWT apart and refuses every spelling but the canonical one: a token with two spellings would have two
 * identities, and could be sent again after one of them was revoked.
 * @param text what followed the scheme in the Authorization header
 * @throws ApiError `API_TOKEN_INVALID`
 * @see RFC 7515 §3.1, RFC 4648 §3.5
 */
export function parseCompactToken(text: string): CompactToken {
  const [header, payload, signature] = splitCompact(text);
  if (header.length > MAX_HEADER_LENGTH) throw malformed('its header is too long');
  return {
    header: parseHeader(header),
    payload: parseSegment('payload', payload),
    signedText: text.slice(0, header.length + 1 + payload.length),
    signature: decodeSegment(signature),
  };
}

/** The same check for a token that is sent on and not read. @throws ApiError `API_TOKEN_INVALID` */
export function requireCanonicalForm(text: string): void {
  splitCompact(text).forEach(decodeSegment);
}

function splitCompact(text: string): [header: string, payload: string, signature: string] {
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  const isWhole = first > 0 && second > first + 1 && second < text.length - 1;
  if (!isWhole || text.includes('.', second + 1)) throw malformed(describeShape(text));
  // Node decodes a character beyond Latin-1 as if it were the one with the same lower byte.
  if (Buffer.byteLength(text) !== text.length) throw malformed('it has characters beyond ASCII');
  return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

function decodeSegment(segment: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url');
  if (!isCanonical(segment, bytes)) throw malformed('it is not canonical base64url');
  return bytes;
}

/**
 * Each value has exactly one spelling in base64url: the one that comes out when it is encoded again. Node skips what it
 * does not know, so that bytes are missing then, and takes the letters of base64 for those of base64url; what is left is
 * the end of the last group.
 */
function isCanonical(segment: string, bytes: Buffer): boolean {
  const rest = segment.length % 4;
  if (rest === 1 || bytes.length !== Math.floor((segment.length * 3) / 4)) return false;
  if (segment.includes('+') || segment.includes('/')) return false;
  return rest === 0 || segment.endsWith(bytes.toString('base64url', bytes.length - rest + 1));
}

/** A server puts the same header on all tokens that it signs with one key; each is read once. */
const headers = new Map<string, CompactToken['header']>();
const MAX_HEADERS = 256;
let latest: { readonly segment: string; readonly header: CompactToken['header'] } | undefined;

function parseHeader(segment: string): CompactToken['header'] {
  if (latest?.segment !== segment) latest = { segment: copyText(segment), header: recallHeader(segment) };
  return latest.header;
}

function recallHeader(segment: string): CompactToken['header'] {
  const known = headers.get(segment);
  if (known) return known;
  const header = freezeDeep(requireHeader(parseSegment('header', segment)));
  if (headers.size >= MAX_HEADERS) headers.clear();
  headers.set(copyText(segment), header);
  return header;
}

/** A part of a text keeps all of it in memory; a copy does not, and what is kept for long must not keep a token. */
export function copyText(part: string): string {
  return Buffer.from(part, 'latin1').toString('latin1');
}

function requireHeader(header: Record<string, unknown>): CompactToken['header'] {
  const { alg, kid } = header;
  if (typeof alg !== 'string') throw malformed('its header has no alg');
  if (kid !== undefined && typeof kid !== 'string') throw malformed('the kid in its header is not a text');
  return header as CompactToken['header'];
}

/** A byte order mark stays in the text, where JSON has no place for it (RFC 8259 §8.1). */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseSegment(name: string, segment: string): Record<string, unknown> {
  try {
    return parseStrictJson(utf8.decode(decodeSegment(segment)));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw malformed(`its ${name} is not a JSON object of the strict kind: ${(error as Error).message}`);
  }
}

function describeShape(text: string): string {
  const dots = text.split('.').length - 1;
  if (dots === 4) return 'it is encrypted (JWE), and this API reads signed tokens';
  if (dots === 0) return 'it is opaque; tokens of that kind need introspection';
  if (dots !== 2) return `it has ${dots} dots instead of 2`;
  return 'one of its three parts is empty';
}

const malformed = (why: string) => new ApiError('API_TOKEN_INVALID', `The token was not read: ${why}.`);
