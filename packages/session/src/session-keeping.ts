import type { SignedInUser } from './code-exchange.ts';
import { AuthError } from './errors.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import type { RefreshLock } from './ports.ts';
import type { RecordKeeper } from './record-keeper.ts';
import type { SessionRecord } from './session-record.ts';
import type { CheckedSettings, SessionSettings } from './settings.ts';
import type { TokenAges } from './token-age.ts';

/** What keeping a session stands on. */
export interface KeepPorts {
  readonly settings: CheckedSettings;
  readonly keeper: RecordKeeper;
  readonly ages: TokenAges;
  readonly lock: RefreshLock;
  readonly attempt: Pick<PendingSignIn, 'signal' | 'commit'>;
  /** Aborts at sign-out. */
  readonly signal: AbortSignal;
  /** Called in the same moment in which it is certain that no sign-out came first. */
  readonly onKept: () => void;
}

/**
 * Makes a sign-in's result the app's session: it replaces whatever there was, here and for every process that shares
 * the store. A sign-out that came first wins, and until the lock is there the attempt can still be ended.
 * @throws AuthError `AUTH_SIGN_IN_CANCELLED`, and whatever else ended the attempt
 */
export async function keepSession({ tokens, user }: SignedInUser, ports: KeepPorts): Promise<void> {
  const { settings, keeper, ages, lock, attempt, signal, onKept } = ports;
  await lock.hold(async () => {
    if (!attempt.commit()) attempt.signal.throwIfAborted();
    const generation = ((await keeper.reload())?.generation ?? 0) + 1;
    const { issuer, clientId, scope } = settings;
    const record: SessionRecord = {
      version: tokens.tokenType === 'DPoP' ? 2 : 1,
      ...{ generation, sessionId: crypto.randomUUID(), issuer, clientId, user, tokens },
      ...(scope !== undefined && { askedScope: scope }),
    };
    ages.observe(record);
    if (!signal.aborted) await keeper.save(record);
    if (!signal.aborted) return onKept();
    await keeper.clear(record);
    throw new AuthError(
      'AUTH_SIGN_IN_CANCELLED',
      'The session was signed out while the sign-in was finished.',
    );
  }, attempt.signal);
}

/** An update of the app may have changed its issuer or client id: tokens of another client are of no use to it. */
export function isOfThisClient(record: SessionRecord, { issuer, clientId }: SessionSettings): boolean {
  return record.issuer === issuer && record.clientId === clientId;
}

/** True when an update of the app asks for scopes that were not asked for at sign-in: a refresh cannot add them. */
export function wantsMoreScope({ askedScope }: SessionRecord, { scope }: SessionSettings): boolean {
  if (askedScope === undefined || scope === undefined) return false;
  const asked = new Set(askedScope.split(' '));
  return scope.split(' ').some((word) => !asked.has(word));
}
