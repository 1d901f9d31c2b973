import { parseAddress } from './address.ts';
import type { SignInOptions } from './authorization-request.ts';
import { createAuthorizedFetch } from './authorized-fetch.ts';
import type { SignedInUser } from './code-exchange.ts';
import { createDiscovery } from './discovery.ts';
import { AuthError, type AuthErrorData } from './errors.ts';
import { createPendingSignIn, type PendingSignIn, type SignIn } from './pending-sign-in.ts';
import { type RedirectAnswer, type SessionPorts, systemClock } from './ports.ts';
import { createRecordKeeper } from './record-keeper.ts';
import { buildExpiredRecord, type Expirable } from './rehearsal.ts';
import { createRenewal } from './renewal.ts';
import { revokeTokens } from './revocation.ts';
import { createServerFetch } from './server-fetch.ts';
import type { SessionRecord } from './session-record.ts';
import { parseSettings, type SessionSettings } from './settings.ts';
import { resumeSignIn, type SignInPorts, signIn } from './sign-in.ts';
import { initialState, type SessionEvent, type SessionState, settledPart, transition } from './state.ts';
import type { User } from './user.ts';

/** The app's signed-in period, and all that an app does with it. */
export interface Session {
  readonly state: SessionState;
  /** Who is signed in, or was when the session expired. */
  readonly user: User | undefined;
  /** Set while the token store cannot be used: the session then ends with the process. */
  readonly storeFault: AuthErrorData | undefined;
  /** Loads what an earlier run saved; asks no server, so that it is quick and works offline. Call it once at start. */
  restore(): Promise<SessionState>;
  /**
   * Starts a sign-in in the system browser. While one with the same options is under way, that one is shown again;
   * with other options it supersedes it.
   */
  signIn(options?: SignInOptions): SignIn;
  /**
   * Goes on with a sign-in whose page was unloaded; needs the port `requests`.
   * @param url the address that the person came back to
   * @param finish hears the outcome, as the browser would
   * @returns undefined when the address is no answer to a request of ours
   */
  resumeSignIn(url: string, finish?: RedirectAnswer['finish']): Promise<SignIn | undefined>;
  /** Ends the session here: first this machine's copy, then, as far as it can be reached, the server's tokens. */
  signOut(): Promise<void>;
  /**
   * An access token that is good by the clock, renewed first where it is due.
   * @throws AuthError `AUTH_SIGN_IN_REQUIRED`, `AUTH_SESSION_EXPIRED`; `AUTH_NETWORK` and the like keep the session
   */
  accessToken(): Promise<string>;
  /** `fetch` with the access token; see {@link createAuthorizedFetch}. */
  readonly fetch: typeof fetch;
  /** Calls the listener after every change of state; returns what ends that. */
  onChange(listener: (state: SessionState) => void): () => void;
  /** For developers: corrupts a token, so that what follows its expiry can be seen at any time. */
  expire(what: Expirable): Promise<void>;
  /** Cancels a sign-in that is under way. The session stays saved. */
  close(): void;
}

/**
 * Creates a session on these ports.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function createSession(appSettings: SessionSettings, ports: SessionPorts): Session {
  const settings = parseSettings(appSettings);
  const { store, lock, clock = systemClock, fetch: baseFetch = globalThis.fetch } = ports;
  const listeners = new Set<(state: SessionState) => void>();
  let state: SessionState = initialState;
  let pending: PendingSignIn | undefined;
  let storeFault: AuthErrorData | undefined;

  const dispatch = (event: SessionEvent) => {
    const next = transition(state, event);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener(state);
  };
  const discover = createDiscovery(settings, createServerFetch(baseFetch), clock);
  const keeper = createRecordKeeper(store, (fault) => {
    storeFault = fault?.toJSON();
  });
  const tokens = createRenewal(
    { settings, discover, keeper, lock, clock },
    () => settledPart(state),
    dispatch,
  );

  /** A sign-in's result replaces whatever session there was, here and for every process that shares the store. */
  const keep = ({ tokens, user }: SignedInUser) =>
    lock.hold(async () => {
      const generation = ((await keeper.reload())?.generation ?? 0) + 1;
      const { issuer, clientId } = settings;
      await keeper.save({ version: 1, generation, issuer, clientId, user, tokens });
    });

  const forgetOther = async () => {
    await lock.hold(() => keeper.clear());
    dispatch({ type: 'settled', state: { status: 'signed-out', reason: 'settings-changed' } });
  };

  const { browser, redirect, requests } = ports;
  const signInPorts: SignInPorts = {
    ...{ settings, discover, redirect, browser, clock, keep, revoke: revokeTokens },
    ...(requests && { requests }),
  };

  const start = (options: SignInOptions, flow: (attempt: PendingSignIn) => Promise<User>): PendingSignIn => {
    pending?.supersede();
    const attempt = createPendingSignIn(
      options,
      settings.signInTimeLimitSeconds,
      { browser, clock },
      dispatch,
    );
    pending = attempt;
    const forget = () => {
      if (pending === attempt) pending = undefined;
    };
    attempt.finished.then(forget, forget);
    attempt.follow(flow(attempt));
    return attempt;
  };

  return {
    get state() {
      return state;
    },
    get user() {
      const settled = settledPart(state);
      return settled.status === 'signed-out' ? undefined : settled.user;
    },
    get storeFault() {
      return storeFault;
    },
    async restore() {
      const record = await keeper.reload();
      if (record && !belongsTo(record, settings)) await forgetOther();
      else if (record) dispatch({ type: 'settled', state: restoredState(record.user) });
      else if (storeFault?.code === 'AUTH_STORE_UNREADABLE')
        dispatch({
          type: 'settled',
          state: { status: 'signed-out', reason: 'store-unreadable', error: storeFault },
        });
      return state;
    },
    signIn(options = {}) {
      if (pending && isSame(pending.options, options)) {
        pending.openAgain().catch(pending.reportBrowserFault);
        return pending;
      }
      return start(options, (attempt) => signIn(attempt, signInPorts));
    },
    async resumeSignIn(url, finish = () => {}) {
      const state = parseAddress(url)?.searchParams.get('state');
      const request = state ? await requests?.take(state) : undefined;
      return request && start({}, (attempt) => resumeSignIn(attempt, signInPorts, request, { url, finish }));
    },
    async signOut() {
      const record = keeper.current;
      pending?.cancel();
      tokens.forget();
      dispatch({ type: 'settled', state: { status: 'signed-out', reason: 'signed-out' } });
      await keeper.clear();
      // A refresh may have been on its way: whatever it saved is removed as soon as it lets go of the lock.
      await lock.hold(() => keeper.clear());
      if (record)
        await discover().then(
          (server) => revokeTokens(server, record),
          () => undefined,
        );
    },
    accessToken: () => tokens.current(),
    fetch: createAuthorizedFetch(baseFetch, tokens, settings.apiAddresses),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    expire: (what) =>
      lock.hold(async () => {
        const record = await keeper.reload();
        if (!record)
          throw new AuthError('AUTH_SIGN_IN_REQUIRED', 'There is no session whose token could expire.');
        await keeper.save(buildExpiredRecord(record, what));
      }),
    close: () => pending?.cancel(),
  };
}

/** An update of the app may have changed its issuer or client id: tokens of another client are of no use to it. */
function belongsTo(record: SessionRecord, { issuer, clientId }: SessionSettings): boolean {
  return record.issuer === issuer && record.clientId === clientId;
}

function restoredState(user: User): SessionState & { readonly status: 'signed-in' } {
  return { status: 'signed-in', user, verified: false, reason: 'restored' };
}

function isSame(a: SignInOptions, b: SignInOptions): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
