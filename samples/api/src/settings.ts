import { readFile } from 'node:fs/promises';
import type { AccessTokenVerifierSettings } from '@deskauth/resource-server';

type Trust = 'issuer' | 'audience' | 'allowHttp' | 'introspection' | 'userInfo' | 'tokenCookie' | 'dpop';

/** Everything that can differ between two installations of the sample; the first line goes to the verifier as it is. */
export interface SampleApiSettings extends Pick<AccessTokenVerifierSettings, Trust> {
  readonly audience: string;
  /** A taken port means the next free one; 0 means any. @default 3701 */
  readonly port?: number;
  /** The address to listen at. @default '127.0.0.1': this machine only */
  readonly host?: string;
  /** PEM files for https, absolute or relative to the working directory. @default http */
  readonly https?: { readonly cert: string; readonly key: string };
  /** `http://host:port` of the proxy on the way to the authorization server. @default HTTPS_PROXY and NO_PROXY */
  readonly proxy?: string;
  /** Web pages on other origins that may call, each as `https://host[:port]`. @default none */
  readonly origins?: readonly string[];
  /** Folder of a web app to serve at `/`, absolute or relative to the working directory. @default none */
  readonly staticFolder?: string;
  /** Lets a caller ask for a failure with the header `x-deskauth-rehearse: fail`. @default false */
  readonly allowRehearsal?: boolean;
  /** @default 'info' */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isPort = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536;
const isFlag = (value: unknown) => typeof value === 'boolean';
const isUrl = (value: unknown) => isText(value) && URL.canParse(String(value));
const isOrigin = (value: unknown) => isUrl(value) && new URL(String(value)).origin === value;
const hasTexts = (...keys: string[]) => {
  return (value: unknown) => keys.every((key) => isText((value as Record<string, unknown> | null)?.[key]));
};

type Rule = readonly [isRight: (value: unknown) => boolean, expected: string];

const RULES: Readonly<Record<keyof SampleApiSettings, Rule>> = {
  issuer: [isText, 'the issuer of the authorization server'],
  audience: [isText, 'the audience of this API'],
  allowHttp: [isFlag, 'true or false'],
  introspection: [hasTexts('clientId', 'clientSecret'), '{ "clientId": …, "clientSecret": … }'],
  userInfo: [isFlag, 'true or false'],
  tokenCookie: [hasTexts('name'), '{ "name": … }'],
  dpop: [hasTexts('origin'), '{ "origin": "https://host[:port]" of this API, … }'],
  port: [isPort, 'a port, 0 to 65535'],
  host: [isText, 'an address of this machine'],
  https: [hasTexts('cert', 'key'), '{ "cert": …, "key": … }, two PEM files'],
  proxy: [isUrl, 'an address such as "http://proxy.example.com:8080"'],
  origins: [
    (value) => Array.isArray(value) && value.every(isOrigin),
    'a list of origins such as "https://app.example.com" (no "*": every page on the web could call as the user)',
  ],
  staticFolder: [isText, 'a folder'],
  allowRehearsal: [isFlag, 'true or false'],
  logLevel: [(value) => ['debug', 'info', 'warn', 'error', 'silent'].includes(String(value)), 'a log level'],
};

/**
 * Reads a settings file.
 * @throws Error naming the file, the key and what was expected
 */
export async function loadSettings(file: string): Promise<SampleApiSettings> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code}). Give the path of a JSON settings file.`);
  });
  try {
    return parseSettings(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** @throws Error naming the key and what was expected; a value with a secret in it is not shown */
export function parseSettings(given: unknown): SampleApiSettings {
  if (typeof given !== 'object' || given === null) throw new Error('expected a JSON object.');
  const settings: Record<string, unknown> = { ...given };
  const unknown = Object.keys(settings).find((key) => !Object.hasOwn(RULES, key));
  if (unknown) throw new Error(`key "${unknown}" is not known; there are ${Object.keys(RULES).join(', ')}.`);
  for (const [key, [isRight, expected]] of Object.entries(RULES)) {
    const value = settings[key];
    if (value === undefined ? key === 'issuer' || key === 'audience' : !isRight(value))
      throw new Error(`key "${key}": expected ${expected}, got ${describe(value)}.`);
  }
  return settings as unknown as SampleApiSettings;
}

const describe = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? `an object with ${Object.keys(value).join(', ') || 'nothing'}`
    : (JSON.stringify(value) ?? 'nothing');
