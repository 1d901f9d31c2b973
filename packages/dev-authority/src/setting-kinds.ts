import { nearName } from './near-name.ts';
import { PROFILE_NAMES, type ProfileName } from './profiles/profiles.ts';
import type { DevAuthoritySettings } from './settings.ts';

/** What a value must be: a test, and what it expects in words. */
type SettingKind = readonly [isRight: (value: unknown) => boolean, expected: string];

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
const isListOf = (names: readonly string[]) => (value: unknown) =>
  Array.isArray(value) &&
  value.every((entry) => names.every((name) => isText(Reflect.get(Object(entry), name))));

const TEXT: SettingKind = [isText, 'a text'];
const NUMBER: SettingKind = [(value) => typeof value === 'number', 'a number'];
/** A name as it stands in an address: nothing in it that would make another address of it. */
const isHostName = (value: unknown) =>
  isText(value) && URL.canParse(`https://${value}`) && new URL(`https://${value}`).hostname === value;
const isHttps = (value: unknown) => {
  const { cert, key, name, ...more } = Object(value);
  return isText(cert) && isText(key) && (name === undefined || isHostName(name)) && isEmpty(more);
};
const isEmpty = (value: object) => Object.keys(value).length === 0;

const FLAG: SettingKind = [(value) => typeof value === 'boolean', 'true or false'];

/** Every setting, with the kind of its value; what more there is to say about one, `resolveSettings` says. */
const KINDS: Readonly<Record<keyof DevAuthoritySettings, SettingKind>> = {
  port: NUMBER,
  portStrict: FLAG,
  profile: [(value) => PROFILE_NAMES.includes(value as ProfileName), `one of ${PROFILE_NAMES.join(', ')}`],
  host: TEXT,
  https: [isHttps, '{ cert, key, name }: two PEM files, and optionally a host name in lower case'],
  accessTokenSeconds: NUMBER,
  accessTokenFormat: [(value) => value === 'jwt' || value === 'opaque', "'jwt' or 'opaque'"],
  sessionSeconds: NUMBER,
  refreshTokenSeconds: NUMBER,
  rotateRefreshTokens: FLAG,
  refreshGraceSeconds: NUMBER,
  dpopNonces: FLAG,
  apiAudience: TEXT,
  clients: [isListOf(['clientId', 'type']), 'a list of clients, each with clientId and type'],
  users: [isListOf(['sub', 'username', 'email']), 'a list of users, each with sub, username and email'],
  admin: FLAG,
  directory: TEXT,
  allowNodeEnvProduction: FLAG,
  log: [(value) => typeof value === 'function', 'a function'],
};

/**
 * Refuses settings that nobody would ever read, and values of another kind. `undefined` is not given.
 * @throws TypeError that names the setting and what is expected
 */
export function requireKinds(settings: DevAuthoritySettings): void {
  const names = Object.keys(KINDS);
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(KINDS, name)) {
      const meant = nearName(name, names);
      throw new TypeError(
        `${name} is not a setting${meant ? `: did you mean ${meant}?` : `; there are ${names.join(', ')}.`}`,
      );
    }
    const [isRight, expected] = KINDS[name as keyof DevAuthoritySettings];
    if (!isRight(value)) throw new TypeError(`${name} is ${describe(value)}; expected ${expected}.`);
  }
}

/** Users have passwords: of what has members only the kind is said. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'another list';
  return typeof value === 'object' && value !== null ? 'an object' : String(JSON.stringify(value));
}
