/** Deeper nesting than any claims set has. */
const MAX_DEPTH = 16;

const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses a JSON object and refuses what JSON.parse lets through: a name given twice (the parsers in front of us may
 * have read the other one), names that reach prototypes, deep nesting, and anything that is not an object.
 * @throws SyntaxError
 * @see RFC 8725 §2.6, RFC 7519 §4
 */
export function parseStrictJson(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SyntaxError('it is not an object');
  if (!isPlainlyStrict(text, value)) checkNames(text);
  return value as Record<string, unknown>;
}

/**
 * Is nothing to be found in this text, at a glance? Without backslashes, and without white space in front of a colon,
 * every name ends in `":`; a text value that begins with a colon looks so as well, and then there are too many.
 * As many of those as names that are left: none was given twice.
 */
function isPlainlyStrict(text: string, value: object): boolean {
  const list = text.indexOf('[');
  if (text.includes('{', 1) || (list >= 0 && text.includes('[', list + 1))) return false;
  if (UNUSUAL.some((part) => text.includes(part))) return false;
  const names = Object.keys(value);
  return !names.some((name) => FORBIDDEN_NAMES.has(name)) && countEndsOfNames(text) === names.length;
}

const UNUSUAL = ['\\', ' :', '\t', '\n', '\r'];

function countEndsOfNames(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at > 0; at = text.indexOf(':', at + 1))
    if (text.charCodeAt(at - 1) === QUOTE) count += 1;
  return count;
}

/** V8 quotes the text in its own message, and this text must not get into a log. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('it is not JSON');
  }
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY] = [0x7b, 0x5b, 0x7d, 0x5d];

/** Walks over text that is known to be JSON, so that only strings and brackets need to be told apart. */
function checkNames(text: string): void {
  const names: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (isName(text, end)) addName(names.at(-1), text.slice(at + 1, end));
      at = end;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (names.push(new Set()) > MAX_DEPTH) throw new SyntaxError('it is nested too deeply');
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) names.pop();
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === COLON;
}

function addName(names: Set<string> | undefined, raw: string): void {
  const name: string = raw.includes('\\') ? JSON.parse(`"${raw}"`) : raw;
  if (FORBIDDEN_NAMES.has(name)) throw new SyntaxError('it has a name that is reserved by JavaScript');
  if (names?.has(name)) throw new SyntaxError('it has one name twice');
  names?.add(name);
}
