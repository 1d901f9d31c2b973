import { AuthError } from './errors.ts';
import { nearName } from './near-name.ts';

/** What the value of a setting must be: a test, what it expects in words, and whether the value may stand in an error. */
export interface SettingKind {
  readonly isRight: (value: unknown) => boolean;
  readonly expected: string;
  readonly isSecret: boolean;
}

/** The settings that there are, each with its kind. */
export type SettingKinds<Key extends PropertyKey = string> = Readonly<Record<Key, SettingKind>>;

const kind = (isRight: (value: unknown) => boolean, expected: string): SettingKind => ({
  ...{ isRight, expected, isSecret: false },
});

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isFunction = (value: unknown) => typeof value === 'function';

/** A text that is not blank. */
export const TEXT = kind(isText, 'a text');
/** The same, for what no error may repeat. */
export const SECRET: SettingKind = { ...TEXT, isSecret: true };
/** A list, perhaps empty, of texts that are not blank. */
export const TEXTS = kind((value) => Array.isArray(value) && value.every(isText), 'a list of texts');
/** One text, or a list of them. */
export const TEXT_OR_TEXTS = kind((value) => [value].flat().every(isText), 'a text or a list of texts');
/** A number; its limits are said elsewhere. */
export const NUMBER = kind((value) => typeof value === 'number', 'a number');
/** True or false. */
export const FLAG = kind((value) => typeof value === 'boolean', 'true or false');
/** An object with members of its own rules. What stands in its place may be confidential. */
export const OBJECT: SettingKind = { ...kind(isObject, 'an object'), isSecret: true };
/** A function. */
export const FUNCTION: SettingKind = { ...kind(isFunction, 'a function'), isSecret: true };

/** One of these words. */
export function oneOf(...words: readonly string[]): SettingKind {
  const names = words.map((word) => JSON.stringify(word));
  const expected = [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '');
  return kind((value) => words.includes(value as string), expected.join(' or '));
}

/** An object with these methods: one that an app made itself, or got from a function of this library. */
export function withMethods(...names: readonly string[]): SettingKind {
  const has = (value: object) => names.every((name) => isFunction(Reflect.get(value, name)));
  const expected = `an object with ${names.map((name) => `${name}()`).join(', ')}`;
  return { ...kind((value) => isObject(value) && has(value), expected), isSecret: true };
}

/** What is right for one of two kinds. */
export function either(one: SettingKind, other: SettingKind): SettingKind {
  return {
    isRight: (value) => one.isRight(value) || other.isRight(value),
    expected: `${one.expected} or ${other.expected}`,
    isSecret: one.isSecret || other.isSecret,
  };
}

/**
 * Refuses settings that nobody would ever read, and values of another kind. `undefined` is not given.
 * @param required those that must be there
 * @throws AuthError `AUTH_SETTINGS_INVALID`, naming the setting and what was expected, and never a secret
 */
export function requireSettings<Key extends string>(
  settings: object,
  kinds: SettingKinds<Key>,
  required: readonly Key[] = [],
): void {
  const known = Object.keys(kinds) as Key[];
  for (const [key, value] of Object.entries(settings))
    if (value !== undefined && !Object.hasOwn(kinds, key)) throw notSetting(key, known);
  for (const key of known) {
    const value: unknown = Object.hasOwn(settings, key) ? Reflect.get(settings, key) : undefined;
    const { isRight, expected, isSecret } = kinds[key];
    if (value === undefined ? required.includes(key) : !isRight(value))
      throw new AuthError(
        'AUTH_SETTINGS_INVALID',
        `Setting "${key}": expected ${expected}, found ${describe(value, isSecret)}.`,
      );
  }
}

function notSetting(key: string, known: readonly string[]): AuthError {
  const meant = nearName(key, known);
  const hint = meant ? `did you mean "${meant}"?` : `expected one of ${known.join(', ')}.`;
  return new AuthError('AUTH_SETTINGS_INVALID', `"${key}" is not a setting: ${hint}`);
}

/** What was found, in full where it is short and no secret. */
function describe(value: unknown, isSecret: boolean): string {
  const isPlain = (part: unknown) => part === null || ['string', 'number', 'boolean'].includes(typeof part);
  if (value === undefined) return 'nothing';
  if (value === null || (!isSecret && [value].flat().every(isPlain))) return JSON.stringify(value);
  if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : 'a text';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
