import type { SignInOptions } from './authorization-request.ts';
import { createPendingSignIn, type PendingSignIn, type SignInsPorts } from './pending-sign-in.ts';
import type { SessionEvent } from './state.ts';
import type { User } from './user.ts';

/** The sign-ins of one session: at most one is under way. */
export interface SignIns {
  /** Shows the one that is under way again when it has the same options; otherwise starts one that supersedes it. */
  showOrStart(options: SignInOptions, flow: Flow): PendingSignIn;
  /** Starts one that supersedes whatever is under way. */
  start(options: SignInOptions, flow: Flow): PendingSignIn;
  cancel(): void;
  pending(): PendingSignIn | undefined;
}

/** Carries out one attempt. */
export type Flow = (attempt: PendingSignIn) => Promise<User>;

/** Creates {@link SignIns}. */
export function createSignIns(
  timeLimitSeconds: number,
  ports: SignInsPorts,
  dispatch: (event: SessionEvent) => void,
): SignIns {
  let pending: PendingSignIn | undefined;

  function start(options: SignInOptions, flow: Flow): PendingSignIn {
    pending?.supersede();
    const attempt = createPendingSignIn(options, timeLimitSeconds, ports, dispatch);
    pending = attempt;
    const forget = () => {
      if (pending === attempt) pending = undefined;
    };
    attempt.finished.then(forget, forget);
    attempt.follow(flow(attempt));
    return attempt;
  }

  return {
    start,
    showOrStart(options, flow) {
      if (!pending || !isSame(pending.options, options)) return start(options, flow);
      pending.openAgain().catch(pending.reportBrowserFault);
      return pending;
    },
    cancel: () => pending?.cancel(),
    pending: () => pending,
  };
}

function isSame(a: SignInOptions, b: SignInOptions): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
