import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AuthError, parseSettings } from '@deskauth/session';
import type { NodeSessionSettings } from './create-node-session.ts';
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

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What can be expected of a value, in the words of the error message. */
const KINDS = {
  'a text': isText,
  'a list of texts': (value: unknown) => Array.isArray(value) && value.every(isText),
  'a text or a list of texts': (value: unknown) => [value].flat().every(isText),
  'an object': isObject,
  'true or false': (value: unknown) => typeof value === 'boolean',
  'a number': (value: unknown) => typeof value === 'number',
  '"auto", "id-token" or "endpoint"': (value: unknown) =>
    ['auto', 'id-token', 'endpoint'].includes(value as string),
  '"auto", "always" or "never"': (value: unknown) => ['auto', 'always', 'never'].includes(value as string),
  '"off", "when-offered" or "required"': (value: unknown) =>
    ['off', 'when-offered', 'required'].includes(value as string),
  '"keyring" or "memory"': (value: unknown) => value === 'keyring' || value === 'memory',
  '"refuse" or "allow"': (value: unknown) => value === 'refuse' || value === 'allow',
};

const KEYS: Readonly<Record<keyof FileSettings, keyof typeof KINDS>> = {
  appName: 'a text',
  account: 'a text',
  issuer: 'a text',
  metadataAddress: 'a text',
  tenants: 'a list of texts',
  clientId: 'a text',
  clientSecret: 'a text',
  scope: 'a text',
  resource: 'a text or a list of texts',
  parameters: 'an object',
  claims: 'an object',
  pushedAuthorization: '"auto", "always" or "never"',
  dpop: '"off", "when-offered" or "required"',
  endpointOrigins: 'a list of texts',
  consentForOfflineAccess: 'true or false',
  apiAddresses: 'a list of texts',
  otherAudiences: 'a list of texts',
  userInfo: '"auto", "id-token" or "endpoint"',
  allowHttp: 'true or false',
  signInTimeLimitSeconds: 'a number',
  requestTimeLimitSeconds: 'a number',
  refreshMarginSeconds: 'a number',
  refreshGraceSeconds: 'a number',
  revokeLaterSeconds: 'a number',
  refreshRefusals: 'a list of texts',
  backgroundRenewal: 'true or false',
  signOutRequest: 'an object',
  directory: 'a text',
  store: '"keyring" or "memory"',
  proxy: 'a text',
  noProxy: 'a list of texts',
  caFile: 'a text',
  pages: 'an object',
  weakerStorage: '"refuse" or "allow"',
};
const REQUIRED: readonly string[] = ['appName', 'issuer', 'clientId'] satisfies (keyof FileSettings)[];

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
  const known: readonly string[] = [...Object.keys(KEYS), ...moreKeys];
  for (const key of Object.keys(settings))
    if (!known.includes(key))
      throw invalid(path, `"${key}" is not a setting: expected one of ${known.join(', ')}.`);
  for (const [key, kind] of Object.entries(KEYS)) requireKind(path, key, kind, settings[key]);
  try {
    parseSettings(settings as unknown as FileSettings);
    const { pages } = settings as unknown as FileSettings;
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
  if (isObject(value)) return value as Record<string, unknown>;
  throw invalid(path, 'expected one JSON object.');
}

/** The engine quotes the text around the fault, and a client secret could be in it. */
function withoutQuotation({ message }: SyntaxError): string {
  return message.replace(/, (\.\.\.)?".*/s, '');
}

function requireKind(path: string, key: string, kind: keyof typeof KINDS, value: unknown): void {
  if (value === undefined && !REQUIRED.includes(key)) return;
  if (KINDS[kind](value)) return;
  const found =
    key === 'clientSecret' || key === 'proxy' ? typeof value : (JSON.stringify(value) ?? 'nothing');
  throw invalid(path, `"${key}": expected ${kind}, found ${found}.`);
}

function invalid(path: string, why: string): AuthError {
  return new AuthError('AUTH_SETTINGS_INVALID', `Settings file ${path}: ${why}`);
}
