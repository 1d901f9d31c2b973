import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuthError, parseSettings } from '@deskauth/session';
import type { NodeSessionSettings } from './create-node-session.ts';

/** The settings that a file can hold: everything of {@link NodeSessionSettings} that is plain data. */
export type FileSettings = Omit<NodeSessionSettings, 'redirect' | 'browser' | 'fetch' | 'store'> & {
  readonly store?: 'keyring' | 'memory';
};

/** What each key must be. Optional ones end in `?`. */
const KEYS: Readonly<Record<keyof FileSettings, string>> = {
  appName: 'text',
  issuer: 'text',
  clientId: 'text',
  clientSecret: 'text?',
  scope: 'text?',
  resource: 'texts?',
  parameters: 'object?',
  consentForOfflineAccess: 'flag?',
  otherAudiences: 'texts?',
  apiAddresses: 'texts?',
  userInfo: 'text?',
  allowHttp: 'flag?',
  signInTimeLimitSeconds: 'number?',
  requestTimeLimitSeconds: 'number?',
  refreshMarginSeconds: 'number?',
  directory: 'text?',
  store: 'text?',
};

const IS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  texts: (value) => [value].flat().every((item) => typeof item === 'string'),
  flag: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/**
 * Reads settings from a JSON file.
 * @param moreKeys keys of the app's own that are left to the app
 * @throws AuthError `AUTH_SETTINGS_INVALID`, naming the file, the key and what was expected
 */
export async function loadSettings<More extends string = never>(
  file: string,
  moreKeys: readonly More[] = [],
): Promise<FileSettings & Readonly<Record<More, unknown>>> {
  const path = resolve(file);
  const settings = parseJson(path, await read(path));
  for (const key of Object.keys(settings))
    if (!(key in KEYS) && !moreKeys.includes(key as More)) throw invalid(path, `"${key}" is not a setting`);
  for (const [key, kind] of Object.entries(KEYS)) requireKind(path, key, kind, settings[key]);
  try {
    parseSettings(settings as unknown as FileSettings);
  } catch (error) {
    throw invalid(path, (error as AuthError).message);
  }
  return settings as unknown as FileSettings & Record<More, unknown>;
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalid(
      path,
      error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`,
    );
  });
}

function parseJson(path: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (IS.object?.(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw invalid(path, `it is not JSON (${(error as Error).message})`);
  }
  throw invalid(path, 'expected one JSON object');
}

function requireKind(path: string, key: string, kind: string, value: unknown): void {
  const name = kind.replace('?', '');
  if (value === undefined && kind.endsWith('?')) return;
  if (!IS[name]?.(value)) throw invalid(path, `"${key}": expected a ${name}, found ${JSON.stringify(value)}`);
}

function invalid(path: string, why: string): AuthError {
  return new AuthError('AUTH_SETTINGS_INVALID', `Settings file ${path}: ${why}`);
}
