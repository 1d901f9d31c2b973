import {
  createNodeSession,
  keyringStore,
  type NodeSessionSettings,
  type ReportingTokenStore,
  type StorageReport,
} from '@deskauth/node';
import { memoryStore, type Session } from '@deskauth/session';
import { APP_NAME, type Profile } from './profile.ts';
import { sayWarning } from './terminal.ts';

/** A session of the terminal, and how it is kept. */
export interface TerminalSession {
  readonly session: Session;
  readonly storage: () => Promise<StorageReport>;
}

type HostSettings = Pick<NodeSessionSettings, 'redirect' | 'browser' | 'apiAddresses'>;

/** Taken out of the environment: that is passed on to the browser, and written into crash reports. */
const clientSecret = process.env.DESKAUTH_CLIENT_SECRET;
delete process.env.DESKAUTH_CLIENT_SECRET;

/** Composes the session of a terminal: the same engine as in a desktop app, other ports. */
export function createTerminalSession(profile: Profile, host: HostSettings = {}): TerminalSession {
  const { storeKind, ...settings } = profile;
  const store = chooseStore(profile);
  const session = createNodeSession({
    ...settings,
    ...host,
    appName: APP_NAME,
    store,
    onWarning: sayWarning,
    ...(clientSecret && { clientSecret }),
  });
  return { session, storage: store.report };
}

/** Commands are separate processes: without a keyring a key in a file is the only way to keep a session for the next. */
function chooseStore({ issuer, clientId, account, storeKind }: Profile): ReportingTokenStore {
  const owner = { appName: APP_NAME, issuer, clientId, ...(account !== undefined && { account }) };
  switch (storeKind) {
    case 'memory':
      return {
        ...memoryStore(),
        report: async () => ({ tier: 'memory', reason: 'it was asked for' }),
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
