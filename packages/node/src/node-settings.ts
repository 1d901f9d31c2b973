import {
  either,
  FUNCTION,
  OBJECT,
  oneOf,
  SESSION_SETTINGS,
  type SettingKinds,
  TEXT,
  TEXTS,
  withMethods,
} from '@deskauth/session';
import { ACCOUNT } from './accounts.ts';
import type { NodeSessionSettings } from './create-node-session.ts';
import { LOOPBACK_HOST, PORTS } from './loopback-redirect.ts';
import type { FileSettings } from './settings-file.ts';

const REDIRECT = withMethods('open');
const STORE = withMethods('load', 'save', 'clear');
/** It may hold a password. */
const PROXY = { ...TEXT, isSecret: true };

/** What a file can say, each setting with the kind of its value. */
export const FILE_SETTINGS: SettingKinds<keyof FileSettings> = {
  appName: TEXT,
  account: ACCOUNT,
  ...SESSION_SETTINGS,
  directory: TEXT,
  store: oneOf('keyring', 'memory'),
  proxy: PROXY,
  noProxy: TEXTS,
  caFile: TEXT,
  pages: OBJECT,
  redirectPorts: PORTS,
  redirectHost: LOOPBACK_HOST,
  redirectPath: TEXT,
  signOutPath: TEXT,
  weakerStorage: oneOf('refuse', 'allow'),
};

/** What code can say: more than a file. */
export const NODE_SETTINGS: SettingKinds<keyof NodeSessionSettings> = {
  ...FILE_SETTINGS,
  store: either(FILE_SETTINGS.store, STORE),
  weakerStorage: either(FILE_SETTINGS.weakerStorage, FUNCTION),
  passphrase: FUNCTION,
  revocationStore: STORE,
  redirect: REDIRECT,
  signOutRedirect: REDIRECT,
  browser: withMethods('open'),
  fetch: FUNCTION,
  hooks: OBJECT,
  confirmAccountChange: FUNCTION,
  onWarning: FUNCTION,
};

/** Those that have no default. */
export const REQUIRED = ['appName', 'issuer', 'clientId'] as const;
