import { createAuthorizedFetch } from './authorized-fetch.ts';
import { signInByDevice } from './device-sign-in.ts';
import { ownMembers } from './own-members.ts';
import type { SignIn } from './pending-sign-in.ts';
import type { RedirectAnswer, SessionPorts } from './ports.ts';
import { expireTokens } from './rehearsal.ts';
import { restoreSession } from './restore.ts';
import type { Session } from './session.ts';
import { createParts } from './session-parts.ts';
import { parseSettings, type SessionSettings } from './settings.ts';
import { resumeSignIn, signIn } from './sign-in.ts';
import { buildSignInPorts } from './sign-in-ports.ts';
import { signOut } from './sign-out.ts';
import { createTokenSender } from './token-sender.ts';
import { endOf } from './token-set.ts';

/**
 * Creates a session on these ports.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function createSession(appSettings: SessionSettings, ports: SessionPorts): Session {
  const parts = createParts(parseSettings(appSettings), ports);
  const { settings, holder, keeper, warnings, signIns, tokens, requests } = parts;
  const { background, backOff, revocations } = parts;
  let signedOut = new AbortController();
  let browserWait = new AbortController(); // For the browser to come back from a sign-out.
  let stopHearing: (() => void) | undefined;
  let restoring: Promise<void> | undefined;
  const signInPorts = () => buildSignInPorts(parts, signedOut.signal);

  const send = createTokenSender(parts.baseFetch, parts.dpop);
  const authorizedFetch = createAuthorizedFetch(tokens, settings.apiAddresses, send);

  function endHere(): void {
    signedOut.abort();
    signedOut = new AbortController();
    signIns.cancel();
    tokens.forget();
    holder.settle({ status: 'signed-out', reason: 'signed-out' });
  }

  async function resume(answer: RedirectAnswer): Promise<SignIn | undefined> {
    const request = await requests.takeFor(answer.url);
    return request && signIns.start({}, (attempt) => resumeSignIn(attempt, signInPorts(), request, answer));
  }

  return {
    get state() {
      return holder.state;
    },
    get pendingSignIn() {
      return signIns.pending();
    },
    get user() {
      const { settled } = holder;
      return settled.status === 'signed-out' ? undefined : settled.user;
    },
    get storeFault() {
      return keeper.fault;
    },
    get scope() {
      return keeper.current?.tokens.scope;
    },
    get endsAt() {
      return keeper.current && endOf(keeper.current.tokens);
    },
    get warnings() {
      return warnings.all;
    },
    async restore() {
      restoring = restoreSession(parts).finally(() => {
        restoring = undefined;
      });
      await restoring;
      stopHearing ??= ports.redirect.unasked?.((answer) => void resume(answer).catch(() => {}));
      return holder.state;
    },
    signIn(options = {}) {
      browserWait.abort();
      return signIns.showOrStart(ownMembers(options), (attempt) => signIn(attempt, signInPorts()));
    },
    signInByDevice(show) {
      browserWait.abort();
      return signIns.start({}, (attempt) => signInByDevice(attempt, { ...signInPorts(), show }));
    },
    resumeSignIn: (url, finish = () => {}) => resume({ url, finish }),
    async signOut(options = {}) {
      browserWait.abort();
      browserWait = new AbortController();
      const redirect = ports.signOutRedirect ?? ports.redirect;
      const { signal } = browserWait;
      const server = await signOut(ownMembers(options), { ...parts, redirect, signal, endHere });
      holder.dispatch({ type: 'server-told', server });
    },
    async accessToken(options = {}) {
      await restoring;
      return (await tokens.current(ownMembers(options))).accessToken;
    },
    // Without waiting where nothing is restored: whose call it is, is known when it is made.
    fetch: (...call) =>
      restoring ? restoring.then(() => authorizedFetch(...call)) : authorizedFetch(...call),
    onChange: holder.onChange,
    expire: (what) => expireTokens(what, parts),
    suspend: background.suspend,
    resume() {
      backOff.reset();
      if (settings.backgroundRenewal) background.resume();
    },
    close() {
      requests.close();
      stopHearing?.();
      signIns.cancel();
      browserWait.abort();
      background.stop();
      revocations.stop();
    },
  };
}
