import {
  createNodeSession,
  keyringStore,
  type NodeSessionSettings,
  type ReportingTokenStore,
  type StorageReport,
} from '@deskauth/node';
import { memoryStore, type Session } from '@deskauth/session';
import { APP_NAME } from './app-name.ts';
import type { Profile } from './profile.ts';
import { sayWarning } from './terminal.ts';

/** A session of the terminal, and how it is kept. */
export interface TerminalSession {
  readonly session: Session;
  readonly storage: () => Promise<StorageReport>;
}

/** A logout that was made offline is brought to its end by another one within a day. */
const REVOKE_LATER_SECONDS = 24 * 3600;

type HostSettings = Pick<NodeSessionSettings, 'redirect' | 'browser' | 'apiAddresses' | 'fetch'>;

/** Taken out of the environment: that is passed on to the browser, and written into crash reports. */
const clientSecret = process.env.DESKAUTH_CLIENT_SECRET;
delete process.env.DESKAUTH_CLIENT_SECRET;

/** Composes the session of a terminal: the same engine as in a desktop app, other ports. */
export function createTerminalSession(profile: Profile, host: HostSettings = {}): TerminalSession {
  const { storeKind, ...settings } = profile;
  const store = chooseStore(profile);
  const revocationStore = chooseStore(profile, 'revocation');
  const session = createNodeSession({
    ...settings,
    ...host,
    appName: APP_NAME,
    store,
    onWarning: sayWarning,
    // A command ends before the network is back.
    ...{ revocationStore, revokeLaterSeconds: REVOKE_LATER_SECONDS },
    ...(clientSecret && { clientSecret }),
  });
  return { session, storage: store.report };
}

/** Commands are separate processes: without a keyring a key in a file is the only way to keep a session for the next. */
function chooseStore(profile: Profile, part?: 'revocation'): ReportingTokenStore {
  const { issuer, clientId, account, storeKind } = profile;
  const slot = { issuer, clientId, ...(account !== undefined && { account }), ...(part && { part }) };
  const owner = { appName: APP_NAME, ...slot };
  switch (storeKind) {
    case 'memory':
      return {
        ...memoryStore(),
        report: async () => ({ tier: 'memory', reason: 'It was asked for.' }),
        retry: () => {},
      };
    case 'key-file':
      return keyringStore({ ...owner, weakerStorage: 'allow', keyring: false });
    case 'keyring':
      return keyringStore({ ...owner, weakerStorage: 'refuse' });
    default:
      return keyringStore({ ...owner, weakerStorage: 'allow' });
  }
}
