import type { SignInOptions } from './authorization-request.ts';
import { AuthError, asAuthError, type ErrorCircumstances } from './errors.ts';
import type { BrowserLauncher, Clock } from './ports.ts';
import type { SessionEvent, SigningIn } from './state.ts';
import type { User } from './user.ts';

/** How far a sign-in has come. */
export type SignInState = SigningIn['step'] | 'done' | 'failed' | 'cancelled' | 'timed-out' | 'superseded';

/** One sign-in, from the click to its end: what the app shows and steers while the person is in the browser. */
export interface SignIn {
  readonly attemptId: string;
  readonly state: SignInState;
  /** The address in the browser, once there is one: for copying. */
  readonly url: string | undefined;
  /** Opens the same address once more, for a person who closed the tab. */
  openAgain(): Promise<void>;
  /** Ends the attempt; frees its port; what was signed in before stays so. */
  cancel(): void;
  /** Resolves with the user; rejects with the AuthError that ended the attempt. */
  readonly finished: Promise<User>;
}

/** A {@link SignIn} as the flow sees it. */
export interface PendingSignIn extends SignIn {
  readonly options: SignInOptions;
  /** Aborts with the AuthError that ends the attempt. */
  readonly signal: AbortSignal;
  advance(step: SigningIn['step'], url?: string): void;
  /** Says that the browser did not open; the attempt goes on, because the address can be copied. */
  reportBrowserFault(error: unknown): void;
  supersede(): void;
  /** The point of no return: true when the result may be kept, false when the attempt has ended meanwhile. */
  commit(): boolean;
  /** The result is kept; what follows is only to tell the browser. */
  succeed(user: User): void;
  /** Connects the attempt with the flow that carries it out. */
  follow(flow: Promise<User>): void;
}

/** What sign-ins stand on. */
export interface SignInsPorts {
  readonly browser: BrowserLauncher;
  readonly clock: Clock;
  /** What to say of the server's clock in an error. */
  readonly skew: () => ErrorCircumstances;
}

const ENDED_AS: Readonly<Partial<Record<string, SignInState>>> = {
  AUTH_SIGN_IN_CANCELLED: 'cancelled',
  AUTH_SIGN_IN_TIMED_OUT: 'timed-out',
  AUTH_SIGN_IN_SUPERSEDED: 'superseded',
};

/** Creates a pending sign-in with a deadline. Every step is reported to `dispatch`. */
export function createPendingSignIn(
  options: SignInOptions,
  timeLimitSeconds: number,
  ports: SignInsPorts,
  dispatch: (event: SessionEvent) => void,
): PendingSignIn {
  const attemptId = crypto.randomUUID();
  const controller = new AbortController();
  const { promise: finished, resolve, reject } = withResolvers<User>();
  let state: SignInState = 'opening';
  let url: string | undefined;
  let isCommitted = false;

  const fail = (reason: unknown) => {
    if (controller.signal.aborted) return;
    const error = asAuthError(reason);
    error.circumstances = { attemptId, ...ports.skew() };
    cancelDeadline();
    state = ENDED_AS[error.code] ?? 'failed';
    dispatch({ type: 'attempt-ended', attemptId, error: error.toJSON() });
    controller.abort(error);
    reject(error);
  };
  /** At once, wherever the flow is; the flow sees the signal and gives back what it may still receive. */
  const end = (error: AuthError) => {
    if (!isCommitted) fail(error);
  };
  const cancelDeadline = ports.clock.after(timeLimitSeconds, () =>
    end(
      new AuthError(
        'AUTH_SIGN_IN_TIMED_OUT',
        `Nobody finished the sign-in within ${timeLimitSeconds} seconds.`,
      ),
    ),
  );
  dispatch({ type: 'attempt-started', attemptId });

  return {
    attemptId,
    options,
    finished,
    signal: controller.signal,
    get state() {
      return state;
    },
    get url() {
      return url;
    },
    async openAgain() {
      if (url !== undefined && state === 'waiting') await ports.browser.open(url);
    },
    cancel: () => end(new AuthError('AUTH_SIGN_IN_CANCELLED', 'The sign-in was cancelled.')),
    supersede: () => end(new AuthError('AUTH_SIGN_IN_SUPERSEDED', 'Another sign-in was started.')),
    advance(step, address) {
      // The flow may be one step behind the end.
      if (controller.signal.aborted) return;
      state = step;
      url = address ?? url;
      dispatch({ type: 'attempt-advanced', attemptId, step, ...(url !== undefined && { url }) });
    },
    reportBrowserFault(error) {
      const fault = error instanceof AuthError ? error : notOpened(error);
      if (state === 'waiting')
        dispatch({ type: 'attempt-advanced', attemptId, step: state, error: fault.toJSON() });
    },
    commit() {
      isCommitted = !controller.signal.aborted;
      return isCommitted;
    },
    succeed(user) {
      cancelDeadline();
      state = 'done';
      dispatch({ type: 'attempt-succeeded', attemptId, user });
    },
    follow(flow) {
      flow.then(resolve, fail);
      // An app may follow the state alone; a rejection that nobody awaits must not end the process.
      finished.catch(() => {});
    },
  };
}

function notOpened(error: unknown): AuthError {
  const why = error instanceof Error ? error.message : 'no reason given';
  return new AuthError('AUTH_BROWSER_NOT_OPENED', `The browser could not be opened: ${why}.`);
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
