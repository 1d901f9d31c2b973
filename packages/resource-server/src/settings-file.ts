import { readFile } from 'node:fs/promises';
import { parseSettings } from './checked-settings.ts';
import type { AccessTokenVerifierSettings } from './settings.ts';

/** What a file can hold of the verifier's settings: all that is plain data. */
export type FileSettings = Omit<AccessTokenVerifierSettings, 'ownClaims' | 'secondLevel' | 'fetch' | 'clock'>;

/** What a value of the API's own must be: a test, and what it expects in words. */
export type SettingRule = readonly [isRight: (value: unknown) => boolean, expected: string];

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const TEXT: SettingRule = [isText, 'a text'];
const TEXTS: SettingRule = [(value) => Array.isArray(value) && value.every(isText), 'a list of texts'];
const NUMBER: SettingRule = [(value) => typeof value === 'number', 'a number'];
const FLAG: SettingRule = [(value) => typeof value === 'boolean', 'true or false'];
const OBJECT: SettingRule = [isObject, 'an object'];

/** The kind of each; what more there is to say about a value, the verifier says. */
const RULES: Readonly<Record<keyof FileSettings, SettingRule>> = {
  issuer: TEXT,
  audience: [(value) => [value].flat().every(isText), 'a text or a list of texts'],
  otherAudiences: TEXTS,
  discoveryUrl: TEXT,
  algorithms: TEXTS,
  requiredType: TEXT,
  clockToleranceSeconds: NUMBER,
  userIdClaim: TEXT,
  allowedClients: TEXTS,
  maxTokenLength: NUMBER,
  resource: TEXT,
  scopes: TEXTS,
  realm: TEXT,
  timeLimitSeconds: NUMBER,
  keysMaxAgeSeconds: NUMBER,
  keysOutageLimitSeconds: NUMBER,
  keysCooldownSeconds: NUMBER,
  introspection: OBJECT,
  userInfo: FLAG,
  claimsMaxAgeSeconds: NUMBER,
  claimsMaxEntries: NUMBER,
  claimsMaxPerUser: NUMBER,
  dpop: OBJECT,
  mutualTls: FLAG,
  tokenCookie: OBJECT,
  logoutClientId: TEXT,
  revocationsMaxAgeSeconds: NUMBER,
  allowHttp: FLAG,
  proxy: TEXT,
  noProxy: TEXTS,
};
const REQUIRED: readonly string[] = ['issuer', 'audience'] satisfies (keyof FileSettings)[];

/**
 * Reads an API's settings from a JSON file: those of the verifier, and beside them those of the API's own.
 * @param own the keys of the API's own, none of which is required
 * @throws Error naming the file, the key and what was expected; a value that may be a secret is not shown
 */
export async function loadSettings<Own extends object>(
  file: string,
  own: Readonly<Record<keyof Own, SettingRule>>,
): Promise<FileSettings & Own> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code}). Give the path of a JSON settings file.`);
  });
  try {
    const settings = JSON.parse(text) as FileSettings & Own;
    requireSettings(settings, own);
    return settings;
  } catch (error) {
    const { message } = error as Error;
    // The engine quotes the text around the fault, and a secret could be in it.
    throw new Error(
      `${file}: ${error instanceof SyntaxError ? message.replace(/, (\.\.\.)?".*/s, '') : message}`,
    );
  }
}

/** The same check for settings that are at hand. @throws Error naming the key and what was expected */
export function requireSettings<Own extends object>(
  settings: FileSettings & Own,
  own: Readonly<Record<keyof Own, SettingRule>>,
): void {
  if (!isObject(settings)) throw new Error('expected one JSON object.');
  const rules: Readonly<Record<string, SettingRule>> = { ...RULES, ...own };
  const unknown = Object.keys(settings).find((key) => !Object.hasOwn(rules, key));
  if (unknown) throw new Error(`key "${unknown}" is not known; there are ${Object.keys(rules).join(', ')}.`);
  for (const [key, [isRight, expected]] of Object.entries(rules)) {
    const value: unknown = Reflect.get(settings, key);
    if (value === undefined ? REQUIRED.includes(key) : !isRight(value))
      throw new Error(`key "${key}": expected ${expected}, got ${describe(value, expected)}.`);
  }
  parseSettings(settings);
}

/** Objects and lists may hold secrets, and so may what stands in place of one: only what they are is said. */
function describe(value: unknown, expected: string): string {
  if (typeof value === 'string' && /^(an object|\{)/.test(expected)) return 'a text';
  if (isObject(value)) return `an object with ${Object.keys(value as object).join(', ') || 'nothing'}`;
  return Array.isArray(value) ? 'a list' : (JSON.stringify(value) ?? 'nothing');
}
