import type { AuthErrorData } from './errors.ts';
import type { User } from './user.ts';

/** Nobody is signed in. */
export interface SignedOut {
  readonly status: 'signed-out';
  /** `elsewhere`: another process of this app signed out. `settings-changed`: the saved session was another client's. */
  readonly reason: 'no-session' | 'signed-out' | 'elsewhere' | 'settings-changed' | 'store-unreadable';
  /** After a sign-out here: what the authorization server has done about it. */
  readonly server?: ServerSignOut;
  /** Why the last sign-in ended without success. */
  readonly error?: AuthErrorData;
}

/** What a sign-out has reached beyond this machine. */
export interface ServerSignOut {
  /**
   * `pending`: it is tried again while the app runs, and at later starts where `revokeLaterSeconds` says so. `kept`: the server takes no revocations, or refused this one.
   */
  readonly tokens: 'revoked' | 'pending' | 'kept';
  /**
   * The session in the person's browser. `unconfirmed`: the browser was sent there and did not come back. `kept`: it
   * was not asked for, or cannot be: the next sign-in may go through without a question (see `prompt`).
   */
  readonly session: 'ended' | 'unconfirmed' | 'kept';
}

/** Somebody was signed in, and the authorization server no longer honours it. */
export interface Expired {
  readonly status: 'expired';
  /**
   * `lost-rotation`: the answer to an earlier refresh never arrived, and the old token is spent. `scope-changed`: this
   * version of the app asks for more than was granted. `no-key`: the key that the tokens are bound to is lost, or they
   * are bound to none and the settings now demand it.
   */
  readonly reason:
    | 'refresh-rejected'
    | 'no-refresh-token'
    | 'lost-rotation'
    | 'subject-changed'
    | 'scope-changed'
    | 'no-key';
  readonly user: User;
  readonly error?: AuthErrorData;
}

/** Somebody is signed in. */
export interface SignedIn {
  readonly status: 'signed-in';
  readonly user: User;
  /** False while the server could not be asked: data may be old, and the person is still signed in. */
  readonly verified: boolean;
  readonly reason: 'fresh' | 'restored' | 'offline';
  /** Why the server could not be asked, or why a further sign-in ended without success. */
  readonly error?: AuthErrorData;
}

/** A sign-in is under way in the browser. */
export interface SigningIn {
  readonly status: 'signing-in';
  readonly attemptId: string;
  readonly step: 'opening' | 'waiting' | 'exchanging';
  /** The address to copy, once there is one. It holds no secret: the verifier and the code are not in it. */
  readonly url?: string;
  /** Set when the browser could not be opened; the sign-in goes on waiting. */
  readonly error?: AuthErrorData;
  /** What holds again when this attempt ends without success. */
  readonly before: SettledState;
}

export type SettledState = SignedOut | Expired | SignedIn;

/** The app's session as its user sees it. */
export type SessionState = SettledState | SigningIn;

/** Everything that can change the state. */
export type SessionEvent =
  | { readonly type: 'settled'; readonly state: SettledState }
  | { readonly type: 'server-unreachable'; readonly error: AuthErrorData }
  | { readonly type: 'server-told'; readonly server: ServerSignOut }
  | { readonly type: 'tokens-told'; readonly tokens: ServerSignOut['tokens'] }
  | { readonly type: 'attempt-started'; readonly attemptId: string }
  | {
      readonly type: 'attempt-advanced';
      readonly attemptId: string;
      readonly step: SigningIn['step'];
      readonly url?: string;
      readonly error?: AuthErrorData;
    }
  | { readonly type: 'attempt-succeeded'; readonly attemptId: string; readonly user: User }
  | { readonly type: 'attempt-ended'; readonly attemptId: string; readonly error: AuthErrorData };

/** The state before anything was loaded. */
export const initialState: SignedOut = { status: 'signed-out', reason: 'no-session' };

/**
 * The next state; pure. Returns the same object when nothing changes. Steps and failures of an attempt that is no longer
 * the current one change nothing.
 */
export function transition(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'settled':
      return state.status === 'signing-in' ? { ...state, before: event.state } : event.state;
    case 'server-unreachable':
      return whenSettled(state, (settled) =>
        settled.status === 'signed-in'
          ? {
              status: 'signed-in',
              user: settled.user,
              verified: false,
              reason: 'offline',
              error: event.error,
            }
          : settled,
      );
    case 'server-told':
      return whenSettled(state, (settled) =>
        settled.status === 'signed-out' && settled.reason === 'signed-out'
          ? { ...settled, server: event.server }
          : settled,
      );
    case 'tokens-told':
      return whenSettled(state, (settled) =>
        settled.status === 'signed-out' && settled.server
          ? { ...settled, server: { ...settled.server, tokens: event.tokens } }
          : settled,
      );
    case 'attempt-started':
      return {
        status: 'signing-in',
        attemptId: event.attemptId,
        step: 'opening',
        before: settledPart(state),
      };
    case 'attempt-advanced':
      return whenCurrent(state, event.attemptId, (current) => ({
        ...current,
        step: event.step,
        ...(event.url !== undefined && { url: event.url }),
        ...(event.error !== undefined && { error: event.error }),
      }));
    case 'attempt-succeeded': {
      const signedIn = { status: 'signed-in', user: event.user, verified: true, reason: 'fresh' } as const;
      // What is kept is kept, also when a later attempt has begun while it was being saved.
      const isOvertaken = state.status === 'signing-in' && state.attemptId !== event.attemptId;
      return isOvertaken ? { ...state, before: signedIn } : signedIn;
    }
    case 'attempt-ended':
      return whenCurrent(state, event.attemptId, ({ before }) => ({ ...before, error: event.error }));
  }
}

/** The part of the state that holds without the sign-in that is under way. */
export function settledPart(state: SessionState): SettledState {
  return state.status === 'signing-in' ? state.before : state;
}

function whenSettled(state: SessionState, next: (settled: SettledState) => SettledState): SessionState {
  if (state.status !== 'signing-in') return next(state);
  return { ...state, before: next(state.before) };
}

function whenCurrent(
  state: SessionState,
  attemptId: string,
  next: (current: SigningIn) => SessionState,
): SessionState {
  return state.status === 'signing-in' && state.attemptId === attemptId ? next(state) : state;
}
