import type { RefreshLock } from './ports.ts';
import type { RecordKeeper } from './record-keeper.ts';
import type { Revocations } from './revocation.ts';
import { type ServerSignOutPorts, signOutAtServer } from './server-sign-out.ts';
import type { SessionRecord } from './session-record.ts';
import type { ServerSignOut } from './state.ts';

/** How far a sign-out goes. */
export interface SignOutOptions {
  /**
   * Also ends the person's session at the authorization server, in the browser: the next sign-in asks again, there
   * and in every other app that shares it. @default false
   */
  readonly atServer?: boolean;
}

/** What a sign-out stands on. */
export interface SignOutPorts extends ServerSignOutPorts {
  readonly keeper: RecordKeeper;
  readonly lock: RefreshLock;
  readonly revocations: Revocations;
  /** Ends what is under way and tells everybody; waits for nothing. */
  readonly endHere: () => void;
  /** Aborts when nobody waits for the browser any more. */
  readonly signal: AbortSignal;
}

/** A process that hangs while it holds the lock saves nothing: it looks into the store first. */
const LOCK_WAIT_SECONDS = 10;

/**
 * Signs out: first here, at once and whatever the network does; then, as far as it can be reached, at the server.
 * Never throws.
 */
export async function signOut(options: SignOutOptions, ports: SignOutPorts): Promise<ServerSignOut> {
  const { keeper, revocations } = ports;
  const known = keeper.current;
  ports.endHere();
  const record = (await keeper.clear()) ?? known;
  if (!record) return { tokens: (await revocations.goOn()) ?? 'kept', session: 'kept' };
  const swept = sweep(record, ports);
  const [tokens, session] = await Promise.all([
    revocations.revoke(record.tokens.refreshToken ?? record.tokens.accessToken),
    options.atServer ? signOutAtServer(record.tokens.idToken, ports.signal, ports) : ('kept' as const),
    swept,
  ]);
  return { tokens, session };
}

/** A refresh of another process may have been about to save: once it lets go of the lock, that goes too. */
function sweep(record: SessionRecord, { keeper, lock, clock }: SignOutPorts): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(LOCK_WAIT_SECONDS, resolve);
    const done = () => {
      cancel();
      resolve();
    };
    lock.hold(() => keeper.clear(record)).then(done, done);
  });
}
