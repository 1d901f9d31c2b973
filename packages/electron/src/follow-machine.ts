import type { Session } from '@deskauth/session';
import { net, powerMonitor } from 'electron';

/** How often it is asked whether the network is back, in seconds; only while the session is offline. */
const ASK_NETWORK_SECONDS = 5;

/**
 * Keeps the session in step with the machine: nothing is renewed in the background while it sleeps or its screen is
 * locked, because a closed lid wakes up now and then (macOS: dark wake) and loses answers; and what waited for the
 * network goes on when that is back. Electron tells of locking on macOS and Windows only.
 * @returns what ends it
 */
export function followMachine(
  session: Pick<Session, 'state' | 'onChange' | 'suspend' | 'resume'>,
): () => void {
  const ended = [followPower(session), followNetwork(session)];
  return () => {
    for (const end of ended) end();
  };
}

/** Awake behind a locked screen is not yet awake. */
function followPower(session: Pick<Session, 'suspend' | 'resume'>): () => void {
  const reasons = new Set<string>();
  const rest = (reason: string) => () => {
    reasons.add(reason);
    session.suspend();
  };
  const rise = (reason: string) => () => {
    if (reasons.delete(reason) && reasons.size === 0) session.resume();
  };
  const [sleep, wake] = [rest('asleep'), rise('asleep')];
  const [lock, unlock] = [rest('locked'), rise('locked')];
  powerMonitor.on('suspend', sleep).on('resume', wake).on('lock-screen', lock).on('unlock-screen', unlock);
  return () => {
    powerMonitor
      .off('suspend', sleep)
      .off('resume', wake)
      .off('lock-screen', lock)
      .off('unlock-screen', unlock);
  };
}

/** Electron's main process is not told of the network: it is asked, and only while somebody waits for it. */
function followNetwork(session: Pick<Session, 'state' | 'onChange' | 'resume'>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let wasOnline = true;

  const ask = () => {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) session.resume();
    wasOnline = isOnline;
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const follow = () => {
    const { state } = session;
    if (state.status !== 'signed-in' || state.reason !== 'offline') return stop();
    if (timer) return;
    wasOnline = net.isOnline();
    timer = setInterval(ask, ASK_NETWORK_SECONDS * 1000).unref();
  };
  const forget = session.onChange(follow);
  return () => {
    forget();
    stop();
  };
}
