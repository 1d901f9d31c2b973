import { freezeDeep } from './claims.ts';
import { ApiError } from './errors.ts';
import { parseStrictJson } from './strict-json.ts';

/** A compact JWS taken apart; nothing in it has been verified. */
export interface CompactToken {
  /** The token as it was sent. */
  readonly text: string;
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string; readonly kid?: string };
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The longest JOSE header that is read, in base64url characters: room for a certificate chain, not for a flood. */
const MAX_HEADER_LENGTH = 6144;

const THREE_SEGMENTS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Takes a JWT apart and refuses every spelling but the canonical one: a token with two spellings would have two
 * identities, and could be sent again after one of them was revoked.
 * @param text what followed the scheme in the Authorization header
 * @throws ApiError `API_TOKEN_INVALID`
 * @see RFC 7515 §3.1, RFC 4648 §3.5
 */
export function parseCompactToken(text: string): CompactToken {
  requireCanonicalForm(text);
  const [header = '', payload = ''] = text.split('.', 2);
  if (header.length > MAX_HEADER_LENGTH) throw malformed('its header is too long');
  return {
    text,
    header: parseHeader(header),
    payload: parseSegment('payload', payload),
  };
}

/**
 * Each value has exactly one spelling in base64url: no padding, no other characters, unused trailing bits zero.
 * @throws ApiError `API_TOKEN_INVALID`
 */
export function requireCanonicalForm(text: string): void {
  if (!THREE_SEGMENTS.test(text) || !text.split('.').every(isCanonicalSegment))
    throw malformed(describeShape(text));
}

/** Which last characters leave no unused bit set, by how many characters stand in the last group of four. */
const LAST_CHARACTERS = [undefined, '', 'AQgw', 'AEIMQUYcgkosw048'];

function isCanonicalSegment(segment: string): boolean {
  return LAST_CHARACTERS[segment.length % 4]?.includes(segment.at(-1) ?? '') ?? true;
}

/** A server puts the same header on all tokens that it signs with one key; each is read once. */
const headers = new Map<string, CompactToken['header']>();
const MAX_HEADERS = 256;

function parseHeader(segment: string): CompactToken['header'] {
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
    return parseStrictJson(utf8.decode(Buffer.from(segment, 'base64url')));
  } catch (error) {
    throw malformed(`its ${name} is not a JSON object of the strict kind: ${(error as Error).message}`);
  }
}

function describeShape(text: string): string {
  const dots = text.split('.').length - 1;
  if (dots === 4) return 'it is encrypted (JWE), and this API reads signed tokens';
  if (dots === 0) return 'it is opaque; tokens of that kind need introspection';
  if (dots !== 2) return `it has ${dots} dots instead of 2`;
  return 'it is not canonical base64url';
}

const malformed = (why: string) => new ApiError('API_TOKEN_INVALID', `The token was not read: ${why}.`);
