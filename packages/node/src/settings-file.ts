import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  AuthError,
  OBJECT,
  parseSettings,
  requireSettings,
  SESSION_SETTINGS,
  type SettingKind,
} from '@deskauth/session';
import type { NodeSessionSettings } from './create-node-session.ts';
import { loopbackRedirects } from './loopback-settings.ts';
import { FILE_SETTINGS, REQUIRED } from './node-settings.ts';
import { loadPages } from './pages/page-settings.ts';

/** The settings that a file can hold: everything of {@link NodeSessionSettings} that is plain data; logos may be files beside it. */
export type FileSettings = Omit<
  NodeSessionSettings,
  | 'redirect'
  | 'signOutRedirect'
  | 'browser'
  | 'fetch'
  | 'store'
  | 'weakerStorage'
  | 'passphrase'
  | 'revocationStore'
  | 'hooks'
  | 'onWarning'
  | 'confirmAccountChange'
> & {
  readonly store?: 'keyring' | 'memory';
  readonly weakerStorage?: 'refuse' | 'allow';
};

/** A key of the app's own is the app's to look at. */
const ANYTHING: SettingKind = { isRight: () => true, expected: 'anything', isSecret: true };

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
  const own = moreKeys.map((key) => [key, ANYTHING] as const);
  const isOfSession = ([key]: [string, unknown]) => Object.hasOwn(SESSION_SETTINGS, key);
  try {
    requireSettings(settings, { ...Object.fromEntries(own), ...FILE_SETTINGS }, REQUIRED);
    parseSettings(
      Object.fromEntries(Object.entries(settings).filter(isOfSession)) as unknown as FileSettings,
    );
    const { pages, ...rest } = settings as unknown as FileSettings;
    loopbackRedirects(rest);
    if (pages) settings.pages = await loadPages(pages, dirname(path));
  } catch (error) {
    throw invalid(path, (error as AuthError).message);
  }
  return settings as unknown as FileSettings & Record<More, unknown>;
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalid(
      path,
      error.code === 'ENOENT' ? 'there is no such file.' : `it cannot be read (${error.code}).`,
    );
  });
}

function parseJson(path: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    // Some editors put a byte order mark in front.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(path, `it is not JSON: ${withoutQuotation(error as SyntaxError)}.`);
  }
  if (OBJECT.isRight(value)) return value as Record<string, unknown>;
  throw invalid(path, 'expected one JSON object.');
}

/** The engine quotes the text around the fault, and a client secret could be in it. */
function withoutQuotation({ message }: SyntaxError): string {
  return message.replace(/, (\.\.\.)?".*/s, '');
}

function invalid(path: string, why: string): AuthError {
  return new AuthError('AUTH_SETTINGS_INVALID', `Settings file ${path}: ${why}`);
}
