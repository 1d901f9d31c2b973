import { nearName } from './near-name.ts';
import type { AccessTokenVerifierSettings } from './settings.ts';

/** What a value must be: a test, and what it expects in words. */
export type SettingRule = readonly [isRight: (value: unknown) => boolean, expected: string];

/** What a file can hold of the verifier's settings: all that is plain data. */
export type FileSettings = Omit<AccessTokenVerifierSettings, 'ownClaims' | 'secondLevel' | 'fetch' | 'clock'>;

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
/** Is it an object, and no list? */
export const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TEXT: SettingRule = [isText, 'a text'];
const TEXTS: SettingRule = [(value) => Array.isArray(value) && value.every(isText), 'a list of texts'];
const NUMBER: SettingRule = [(value) => typeof value === 'number', 'a number'];
const FLAG: SettingRule = [(value) => typeof value === 'boolean', 'true or false'];
const OBJECT: SettingRule = [isObject, 'an object'];
const FUNCTION: SettingRule = [(value) => typeof value === 'function', 'a function'];

/** The kind of each; what more there is to say about a value, `parseSettings` says. */
export const FILE_RULES: Readonly<Record<keyof FileSettings, SettingRule>> = {
  issuer: TEXT,
  audience: [(value) => [value].flat().every(isText), 'a text or a list of texts'],
  audienceFrom: TEXT,
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

/** The same with what only code can give. */
export const VERIFIER_RULES: Readonly<Record<keyof AccessTokenVerifierSettings, SettingRule>> = {
  ...FILE_RULES,
  ownClaims: FUNCTION,
  secondLevel: OBJECT,
  fetch: FUNCTION,
  clock: FUNCTION,
};

const REQUIRED: readonly string[] = ['issuer', 'audience'] satisfies (keyof FileSettings)[];

/**
 * Refuses settings that nobody would ever read, and values of another kind. `undefined` is not given.
 * @param place what to call a setting, in front of its name
 * @throws TypeError naming the setting and what was expected
 */
export function requireRules(
  settings: object,
  rules: Readonly<Record<string, SettingRule>>,
  place: string,
): void {
  if (!isObject(settings)) throw new TypeError(`${place}: expected one object with all settings.`);
  for (const [key, value] of Object.entries(settings))
    if (value !== undefined && !Object.hasOwn(rules, key)) throw notKnown(`${place} "${key}"`, key, rules);
  for (const [key, [isRight, expected]] of Object.entries(rules)) {
    const value: unknown = Reflect.get(settings, key);
    if (value === undefined ? REQUIRED.includes(key) : !isRight(value))
      throw new TypeError(`${place} "${key}": expected ${expected}, got ${describe(value, expected)}.`);
  }
}

function notKnown(name: string, key: string, rules: object): TypeError {
  const meant = nearName(key, Object.keys(rules));
  const hint = meant ? `: did you mean "${meant}"?` : `; there are ${Object.keys(rules).join(', ')}.`;
  return new TypeError(`${name} is not known${hint}`);
}

/** Objects and lists may hold secrets, and so may what stands in place of one: only what they are is said. */
function describe(value: unknown, expected: string): string {
  if (typeof value === 'string' && /^(an object|\{)/.test(expected)) return 'a text';
  if (isObject(value)) return `an object with ${Object.keys(value as object).join(', ') || 'nothing'}`;
  return Array.isArray(value) ? 'a list' : (JSON.stringify(value) ?? 'nothing');
}
