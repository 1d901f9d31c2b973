import {
  createNodeSession,
  keyringStore,
  type NodeSessionSettings,
  type StorageReport,
  weaknessOfElectron,
} from '@deskauth/node';
import { AuthError, type Session } from '@deskauth/session';
import { app, net, shell } from 'electron';
import { followMachine } from './follow-machine.ts';
import { electronTiers } from './kept-in-electron.ts';
import { shellBrowser } from './shell-browser.ts';

/** Settings of a session in an Electron app; what is left out is Electron's own. */
export interface ElectronSessionSettings extends NodeSessionSettings {
  /**
   * Renews nothing in the background while the machine sleeps or its screen is locked, and goes on when the network is
   * back.
   * @default true
   */
  readonly followMachine?: boolean;
}

/** A session that says how well it is kept. */
export interface ElectronSession extends Session {
  /**
   * Where the session is saved, in truth; undefined for a store that the app chose itself.
   * @param options `retry`: asks again, at once, what could not be used: the person has unlocked the keyring
   */
  storage(options?: { readonly retry?: boolean }): Promise<StorageReport | undefined>;
}

/** Switches that open the app's inside to every program of this machine. */
const DEBUGGING_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'inspect-wait',
];

/**
 * Creates the app's session: Electron opens the browser and reaches the network, so that the operating system's proxy
 * and trusted certificates hold; Node does where the settings name a proxy or a certificate. Call it once the app is ready.
 * @throws AuthError `AUTH_SETTINGS_INVALID`, also for a packaged app that was started for debugging
 */
export function createElectronSession({
  followMachine: follows = true,
  ...settings
}: ElectronSessionSettings): ElectronSession {
  if (app.isPackaged) refuseDebugging();
  warnOfRuntime();
  const { browser = shellBrowser((url) => shell.openExternal(url)) } = settings;
  const isKept = (settings.store ?? 'keyring') === 'keyring';
  const keyring = isKept ? keyringStore({ ...settings, ...electronTiers }) : undefined;
  const store = keyring ? { store: keyring, ...revocationStoreOf(settings) } : {};
  const network = settings.fetch || settings.proxy || settings.caFile ? {} : { fetch: chromiumFetch };
  const session = createNodeSession({ ...settings, browser, ...network, ...store });
  const unfollow = follows ? followMachine(session) : () => {};
  const { close } = session;
  return Object.assign(session, {
    async storage({ retry = false } = {}) {
      if (retry) keyring?.retry();
      return keyring?.report();
    },
    close() {
      unfollow();
      close();
    },
  });
}

/** Built only for the app that asks for it. */
function revocationStoreOf(settings: NodeSessionSettings): Pick<NodeSessionSettings, 'revocationStore'> {
  if (!settings.revokeLaterSeconds) return {};
  // Nobody is asked for a passphrase to be rid of a session.
  const { passphrase: _unasked, ...rest } = settings;
  return { revocationStore: keyringStore({ ...rest, ...electronTiers, part: 'revocation' }) };
}

/** Chromium's network stack, without the cookies that it would keep. */
const chromiumFetch = (async (input: string | URL | Request, init?: RequestInit) => {
  try {
    return await net.fetch(input instanceof URL ? input.href : input, { ...init, credentials: 'omit' });
  } catch (error) {
    if (init?.redirect === 'manual' && /redirect was cancell?ed/i.test(String(error)))
      return opaqueRedirect();
    throw error;
  }
}) as typeof fetch;

/** What fetch gives for a redirect that it may not follow, where Electron's fails. @see Fetch Standard, opaque-redirect filtered response */
const opaqueRedirect = () => Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });

function warnOfRuntime(): void {
  const { electron } = process.versions as { readonly electron?: string };
  const fault = electron && weaknessOfElectron(electron);
  if (fault) process.emitWarning(fault, { type: 'DeskauthWarning', code: 'old-electron' });
}

function refuseDebugging(): void {
  const found = DEBUGGING_SWITCHES.find((name) => app.commandLine.hasSwitch(name));
  if (found)
    throw new AuthError(
      'AUTH_SETTINGS_INVALID',
      `The app was started with --${found}, which opens it to other programs. Start it without.`,
    );
}
