import { parseAddress } from './address.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { createAuthorizedFetch } from './authorized-fetch.ts';
import { createBackOff } from './back-off.ts';
import { createBackgroundRenewal } from './background-renewal.ts';
import { signInByDevice } from './device-sign-in.ts';
import { createDiscovery } from './discovery.ts';
import { AuthError, type AuthErrorData } from './errors.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import { type SessionPorts, systemClock } from './ports.ts';
import { createRecordKeeper } from './record-keeper.ts';
import { buildExpiredRecord } from './rehearsal.ts';
import { createRenewal } from './renewal.ts';
import { createRevocations } from './revocation.ts';
import { createServerClock } from './server-clock.ts';
import { createServerFetch } from './server-fetch.ts';
import type { Session } from './session.ts';
import { isOfThisClient, keepSession, wantsMoreScope } from './session-keeping.ts';
import type { SessionRecord } from './session-record.ts';
import { parseSettings, type SessionSettings } from './settings.ts';
import { resumeSignIn, type SignInPorts, signIn } from './sign-in.ts';
import { createSignIns } from './sign-ins.ts';
import { signOut } from './sign-out.ts';
import {
  initialState,
  type SessionEvent,
  type SessionState,
  type SettledState,
  settledPart,
  transition,
} from './state.ts';
import { createTokenAges } from './token-age.ts';
import { isSameUser } from './user.ts';
import { createWarnings, SECRET_IN_APP } from './warnings.ts';

/**
 * Creates a session on these ports.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function createSession(appSettings: SessionSettings, ports: SessionPorts): Session {
  const settings = parseSettings(appSettings);
  const { store, lock, clock = systemClock, random = Math.random, hooks = {} } = ports;
  const { browser, redirect, requests, fetch: baseFetch = globalThis.fetch } = ports;
  const listeners = new Set<(state: SessionState) => void>();
  let state: SessionState = initialState;
  let storeFault: AuthErrorData | undefined;
  let signedOut = new AbortController();
  let browserWait = new AbortController(); // For the browser to come back from a sign-out.

  const dispatch = (event: SessionEvent) => {
    const next = transition(state, event);
    if (next === state) return;
    state = next;
    if (settings.backgroundRenewal) background.plan();
    for (const listener of listeners) listener(state);
  };
  const settle = (settled: SettledState) => dispatch({ type: 'settled', state: settled });

  const warnings = createWarnings(ports.onWarning);
  warnings.set('client-secret', settings.clientSecret === undefined ? undefined : SECRET_IN_APP);
  const serverClock = createServerClock(clock, warnings);
  const serverFetch = createServerFetch(baseFetch, serverClock.observe);
  const discover = createDiscovery(settings, { serverFetch, clock, serverClock, warnings });
  const keeper = createRecordKeeper(store, clock, (fault) => {
    storeFault = fault?.toJSON();
  });

  const revocations = createRevocations({ discover, clock, random });
  /** Some servers end every session of the person with one token: never while there is one. */
  const giveBack = (refreshToken: string | undefined) => {
    if (refreshToken !== undefined && !keeper.current) void revocations.revoke(refreshToken);
  };
  const ages = createTokenAges(clock, settings.refreshMarginSeconds);
  const backOff = createBackOff(clock, random);
  const refreshPorts = {
    settings,
    discover,
    keeper,
    lock,
    clock,
    serverClock,
    hooks,
    ages,
    backOff,
    giveBack,
  };
  const tokens = createRenewal(refreshPorts, () => settledPart(state), dispatch);
  const background = createBackgroundRenewal({
    ...{ clock, random, ages, backOff, renew: tokens.renewNow },
    token: () => (settledPart(state).status === 'signed-in' ? keeper.current?.tokens : undefined),
  });

  const signIns = createSignIns(settings.signInTimeLimitSeconds, { browser, clock }, dispatch);
  const signInPorts = (): SignInPorts => {
    const { signal } = signedOut;
    return {
      ...{ settings, discover, redirect, browser, clock, serverClock, hooks },
      ...(requests && { requests }),
      async accepts(user) {
        const { user: before } = { user: undefined, ...settledPart(state) };
        if (!before || isSameUser(before, user)) return true;
        return (await ports.confirmAccountChange?.(user, before)) ?? true;
      },
      async keep(result) {
        tokens.forget();
        await keepSession(result, { settings, keeper, ages, lock, signal });
        revocations.drop();
      },
      async revoke(_server, { tokens: unwanted, user }) {
        if (keeper.current && isSameUser(keeper.current.user, user)) return;
        await revocations.revoke(unwanted.refreshToken ?? unwanted.accessToken);
      },
    };
  };

  const endHere = () => {
    signedOut.abort();
    signedOut = new AbortController();
    signIns.cancel();
    tokens.forget();
    settle({ status: 'signed-out', reason: 'signed-out' });
  };

  async function adopt(record: SessionRecord): Promise<void> {
    const { user } = record;
    if (!isOfThisClient(record, settings)) {
      await lock.hold(() => keeper.clear(record));
      return settle({ status: 'signed-out', reason: 'settings-changed' });
    }
    if (wantsMoreScope(record, settings)) return settle({ status: 'expired', user, reason: 'scope-changed' });
    ages.observe(record, record.savedAt);
    settle({ status: 'signed-in', user, verified: false, reason: 'restored' });
    // The answer to the last refresh was lost: while the server grants grace, the next one is on time.
    if (record.refreshIntent && settings.refreshGraceSeconds > 0) void tokens.current().catch(() => {});
  }

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
    get scope() {
      return keeper.current?.tokens.scope;
    },
    get endsAt() {
      return keeper.current?.tokens.endsAt;
    },
    get warnings() {
      return warnings.all;
    },
    async restore() {
      const record = await keeper.reload();
      if (record) await adopt(record);
      else if (storeFault?.code === 'AUTH_STORE_UNREADABLE')
        settle({ status: 'signed-out', reason: 'store-unreadable', error: storeFault });
      return state;
    },
    signIn(options = {}) {
      browserWait.abort();
      return signIns.showOrStart(options, (attempt) => signIn(attempt, signInPorts()));
    },
    signInByDevice(show) {
      browserWait.abort();
      return signIns.start({}, (attempt) => signInByDevice(attempt, { ...signInPorts(), show }));
    },
    async resumeSignIn(url, finish = () => {}) {
      const state = parseAddress(url)?.searchParams.get('state');
      const request = state ? await requests?.take(state) : undefined;
      const flow = (attempt: PendingSignIn, request: AuthorizationRequest) =>
        resumeSignIn(attempt, signInPorts(), request, { url, finish });
      return request && signIns.start({}, (attempt) => flow(attempt, request));
    },
    async signOut(options = {}) {
      browserWait.abort();
      browserWait = new AbortController();
      const server = await signOut(options, {
        ...{ settings, discover, browser, clock, keeper, lock, revocations, endHere },
        ...{ redirect: ports.signOutRedirect ?? redirect, signal: browserWait.signal },
      });
      dispatch({ type: 'server-told', server });
    },
    accessToken: (options) => tokens.current(options),
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
    suspend: background.suspend,
    resume() {
      backOff.reset();
      if (settings.backgroundRenewal) background.resume();
    },
    close() {
      signIns.cancel();
      browserWait.abort();
      background.stop();
      revocations.drop();
    },
  };
}
