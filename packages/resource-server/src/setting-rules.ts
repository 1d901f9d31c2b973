import { isLoopback, parseAddress } from './address.ts';
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from './settings.ts';

/** @throws TypeError for what is no safe address */
export function requireSafe(key: string, text: string, allowHttp = false): URL {
  const url = parseAddress(text);
  // A parser drops blanks at the ends, and who compares texts does not.
  if (/^\s|\s$/.test(text)) throw invalid(key, 'an address without blanks around it', text);
  const isHttp = url?.protocol === 'http:' && isLoopback(url) && allowHttp;
  if (url && (url.protocol === 'https:' || isHttp)) return url;
  throw invalid(key, 'an https address (http only on loopback, and with allowHttp)', text);
}

/** @throws TypeError unless all are texts with something in them */
export function requireTexts(key: string, texts: readonly string[]): void {
  const isText = (text: unknown) => typeof text === 'string' && text !== '';
  if (texts.length === 0 || !texts.every(isText)) throw invalid(key, 'one text or more, none empty', texts);
}

/** @throws TypeError for a member that nobody would ever read: a slip of the pen could leave a check switched off */
export function requireMembers(key: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`Verifier setting "${key}.${unknown}": expected one of ${known.join(', ')}.`);
}

/** The secret itself does not belong in a message. */
export function requireSecret(key: string, secret: unknown): void {
  if (typeof secret !== 'string' || secret.length < 32)
    throw new TypeError(`Verifier setting "${key}": expected a text of 32 characters or more.`);
}

const DEFAULT_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const;

/** @throws TypeError for a name that is not known, or an empty list */
export function requireAlgorithms(
  key: string,
  algorithms: readonly SignatureAlgorithm[] = DEFAULT_ALGORITHMS,
): readonly SignatureAlgorithm[] {
  const unknown = algorithms.filter((algorithm) => !SIGNATURE_ALGORITHMS.includes(algorithm));
  if (algorithms.length === 0 || unknown.length > 0)
    throw invalid(key, `some of ${SIGNATURE_ALGORITHMS.join(', ')}`, algorithms);
  return algorithms;
}

/** The error for a setting, with its key, what was expected and what was given. */
export const invalid = (key: string, expected: string, value: unknown) =>
  new TypeError(`Verifier setting "${key}": expected ${expected}, got ${JSON.stringify(value)}.`);
