import { join } from 'node:path';
import {
  type BrowserLauncher,
  createSession,
  memoryLock,
  memoryStore,
  ownMembers,
  type RedirectListener,
  type RefreshLock,
  type RequestHooks,
  requireSettings,
  type Session,
  type SessionPorts,
  type SessionSettings,
  type SessionWarning,
  type TokenStore,
} from '@deskauth/session';
import { listedStore } from './accounts.ts';
import { dataDirectory } from './data-directory.ts';
import { type LoopbackSettings, loopbackRedirects } from './loopback-settings.ts';
import { machineFetch, type NetworkSettings } from './network/machine-fetch.ts';
import { findWarnings } from './network/warnings.ts';
import { NODE_SETTINGS, REQUIRED } from './node-settings.ts';
import { processLock } from './process-lock.ts';
import { requireRuntime } from './runtime-floor.ts';
import { systemBrowser } from './system-browser.ts';
import { keyringStore } from './token-store/keyring-store.ts';
import type { AskPassphrase } from './token-store/passphrase-key.ts';
import type { ReportingTokenStore } from './token-store/report.ts';
import { type SlotOwner, slotOf } from './token-store/slot.ts';
import type { KeyringStoreOptions } from './token-store/store-options.ts';

/** Settings of a session on this machine. What is left out is the machine's own. */
export interface NodeSessionSettings extends SessionSettings, NetworkSettings, LoopbackSettings {
  /** Names the keyring entry and the data folder, and is what the browser's last page calls the app. */
  readonly appName: string;
  /**
   * The app's own name for one of several accounts that are signed in at once: each has a session, a file, a key and a
   * lock of its own. See {@link listAccounts}. A store that the app passes in must be that account's own.
   * @default one account
   */
  readonly account?: string | undefined;
  /** Where the encrypted session and the lock are. @default the operating system's folder for data of this app */
  readonly directory?: string | undefined;
  /** @default 'keyring', and memory on a machine without one */
  readonly store?: 'keyring' | 'memory' | TokenStore | undefined;
  /** Whether a key in a file will do on a machine without a keyring. See docs/storage.md. @default 'refuse' */
  readonly weakerStorage?: KeyringStoreOptions['weakerStorage'];
  /** Asks for a passphrase on a machine without a keyring. @default nobody is asked */
  readonly passphrase?: AskPassphrase | undefined;
  /** Where `revokeLaterSeconds` keeps its token. @default as `store` by name; memory beside a store that was passed in */
  readonly revocationStore?: TokenStore | undefined;
  /** Takes the place of the loopback redirect. @default loopbackRedirect(), as `redirectPorts` and its neighbours say */
  readonly redirect?: RedirectListener | undefined;
  /** Where the browser comes back to after sign-out at the server. @default a loopback one, or `redirect` when that is set */
  readonly signOutRedirect?: RedirectListener | undefined;
  /** @default systemBrowser() */
  readonly browser?: BrowserLauncher;
  /** @default machineFetch(settings): the machine's proxy and trusted certificates */
  readonly fetch?: typeof fetch;
  /** What the app adds to requests. @default nothing */
  readonly hooks?: RequestHooks | undefined;
  /** Asked before another person takes the place of the one who is signed in. @default true */
  readonly confirmAccountChange?: SessionPorts['confirmAccountChange'];
  /** Hears what somebody should know and what stops nothing. @default a warning of the process, once of each kind */
  readonly onWarning?: ((warning: SessionWarning) => void) | undefined;
}

/**
 * Creates a session on this machine: loopback redirect, system browser, encrypted token store, lock between
 * processes.
 * @throws AuthError `AUTH_SETTINGS_INVALID`, `AUTH_RUNTIME_UNSUPPORTED`
 */
export function createNodeSession(appSettings: NodeSessionSettings): Session {
  requireRuntime();
  const settings = ownMembers(appSettings);
  requireSettings(settings, NODE_SETTINGS, REQUIRED);
  const { appName, directory, browser, store, fetch, hooks, onWarning, ...more } = settings;
  const { account, confirmAccountChange, proxy, noProxy, caFile, ...other } = more;
  const { weakerStorage, passphrase, revocationStore, redirect, signOutRedirect, ...kept } = other;
  const { redirectPorts, redirectHost, redirectPath, signOutPath, pages, ...rest } = kept;
  const folder = directory ?? dataDirectory(appName);
  return createSession(rest, {
    // A redirect of the app's own is for sign-out too, unless there is another one for that.
    ...(redirect ? { redirect } : loopbackRedirects(settings)),
    ...(signOutRedirect && { signOutRedirect }),
    browser: browser ?? systemBrowser(),
    ...chooseStore(settings, folder),
    lock: chooseLock(settings, folder),
    ...chooseRevocationStore(settings, folder),
    onWarning: onWarning ?? warnProcess,
    hostWarnings: findWarnings(),
    fetch: fetch ?? machineFetch(settings),
    ...(hooks && { hooks }),
    ...(confirmAccountChange && { confirmAccountChange }),
  });
}

function warnProcess({ code, message }: SessionWarning): void {
  process.emitWarning(message, { type: 'DeskauthWarning', code });
}

function chooseStore(
  settings: NodeSessionSettings,
  directory: string,
): Pick<SessionPorts, 'store' | 'requests'> {
  const { store = 'keyring', account, weakerStorage, passphrase } = settings;
  if (store === 'memory') return { store: memoryStore() };
  const owner = { ...ownerOf(settings), directory };
  const chosen: TokenStore & Partial<ReportingTokenStore> =
    store === 'keyring' ? keyringStore({ ...owner, weakerStorage, passphrase }) : store;
  const { requests } = chosen;
  return {
    store: account === undefined ? chosen : listedStore(chosen, { ...owner, account }),
    ...(requests && { requests }),
  };
}

function chooseRevocationStore(
  settings: NodeSessionSettings,
  directory: string,
): Pick<SessionPorts, 'revocationStore'> {
  const { store = 'keyring', revocationStore, revokeLaterSeconds = 0, weakerStorage } = settings;
  if (revocationStore) return { revocationStore };
  if (store !== 'keyring' || revokeLaterSeconds === 0) return {};
  // Nobody is asked for a passphrase to be rid of a session: then it stays in memory.
  const owner = { ...ownerOf(settings), directory, part: 'revocation' } as const;
  return { revocationStore: keyringStore({ ...owner, weakerStorage }) };
}

function ownerOf({ appName, issuer, clientId, account }: NodeSessionSettings): SlotOwner {
  return { appName, issuer, clientId, ...(account !== undefined && { account }) };
}

/** What is in memory is shared with nobody. */
function chooseLock(settings: NodeSessionSettings, directory: string): RefreshLock {
  return settings.store === 'memory'
    ? memoryLock()
    : processLock(join(directory, `${slotOf(settings)}.lock`));
}
