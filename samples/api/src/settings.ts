import {
  type FileSettings,
  loadSettings,
  requireSettings,
  type SettingRule,
} from '@deskauth/resource-server';

/** Everything that can differ between two installations of the sample: what the verifier is told, and this. */
export interface SampleApiSettings extends FileSettings {
  readonly audience: string;
  /** A taken port means the next free one; 0 means any. @default 3701 */
  readonly port?: number;
  /** The address to listen at. @default '127.0.0.1': this machine only */
  readonly host?: string;
  /** PEM files for https, absolute or relative to the working directory. @default http */
  readonly https?: { readonly cert: string; readonly key: string };
  /** Web pages on other origins that may call, each as `https://host[:port]`. @default none */
  readonly origins?: readonly string[];
  /** Folder of a web app to serve at `/`, absolute or relative to the working directory. @default none */
  readonly staticFolder?: string;
  /** Lets a caller ask for a failure with the header `x-deskauth-rehearse: fail`. @default false */
  readonly allowRehearsal?: boolean;
  /** @default 'info' */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isPort = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536;
const isOrigin = (value: unknown) => URL.canParse(String(value)) && new URL(String(value)).origin === value;
const isPair = (value: unknown) =>
  isText(Reflect.get(Object(value), 'cert')) && isText(Reflect.get(Object(value), 'key'));

type OwnSettings = Omit<SampleApiSettings, keyof FileSettings>;

const RULES: Readonly<Record<keyof OwnSettings, SettingRule>> = {
  port: [isPort, 'a port, 0 to 65535'],
  host: [isText, 'an address of this machine'],
  https: [isPair, '{ "cert": …, "key": … }, two PEM files'],
  origins: [
    (value) => Array.isArray(value) && value.every(isOrigin),
    'a list of origins such as "https://app.example.com" (no "*": every page on the web could call as the user)',
  ],
  staticFolder: [isText, 'a folder'],
  allowRehearsal: [(value) => typeof value === 'boolean', 'true or false'],
  logLevel: [(value) => LEVELS.includes(String(value)), `one of ${LEVELS.join(', ')}`],
};

/** Reads a settings file. @throws Error naming the file, the key and what was expected */
export const loadSampleSettings = async (file: string) =>
  (await loadSettings<OwnSettings>(file, RULES)) as SampleApiSettings;

/** Checks settings that are at hand. @throws Error naming the key and what was expected */
export const requireSampleSettings = (settings: SampleApiSettings) =>
  requireSettings<OwnSettings>(settings, RULES);
