import type { AuthErrorData, Expirable } from '@deskauth/session';
import {
  type DeskauthBridge,
  ERROR_HEADER,
  type Outcome,
  type SessionSnapshot,
  type WindowSignInOptions,
  type WindowSignOutOptions,
} from './contract.ts';

export type { AuthErrorData, Expirable, SessionState, User } from '@deskauth/session';
export type {
  DeskauthBridge,
  SessionSnapshot,
  WindowSignInOptions,
  WindowSignOutOptions,
} from './contract.ts';

/** The session as a window sees it. Commands reject with an `Error` that has all fields of {@link AuthErrorData}. */
export interface WindowSession {
  /**
   * Calls the listener with the session as it is, then after every change.
   * @returns what ends that
   */
  subscribe(listener: (snapshot: SessionSnapshot) => void): () => void;
  /** Starts a sign-in in the browser; how it goes is in the snapshots. */
  signIn(options?: WindowSignInOptions): Promise<void>;
  openAgain(): Promise<void>;
  copyAddress(): Promise<void>;
  cancel(): Promise<void>;
  /** Ends the session on this machine; `atServer` also the one in the browser, which opens for it. */
  signOut(options?: WindowSignOutOptions): Promise<void>;
  expire(what: Expirable): Promise<void>;
}

/**
 * Creates the window's side of the session.
 * @param bridge @default `window.deskauth`
 * @throws Error when the preload has not run
 */
export function createWindowSession(bridge = bridgeOfPage()): WindowSession {
  return {
    subscribe(listener) {
      let seen = 0;
      let isOver = false;
      const tell = (snapshot: SessionSnapshot) => {
        if (isOver || snapshot.revision <= seen) return;
        seen = snapshot.revision;
        listener(snapshot);
      };
      const stop = bridge.onChange(tell);
      bridge.snapshot().then((outcome) => tell(unwrap(outcome)));
      return () => {
        isOver = true;
        stop();
      };
    },
    signIn: async (options) => unwrap(await bridge.signIn(options)),
    openAgain: async () => unwrap(await bridge.openAgain()),
    copyAddress: async () => unwrap(await bridge.copyAddress()),
    cancel: async () => unwrap(await bridge.cancel()),
    signOut: async (options) => unwrap(await bridge.signOut(options)),
    expire: async (what) => unwrap(await bridge.expire(what)),
  };
}

/** The error of a `fetch('/api/…')` that never reached the API, undefined for every answer of the API itself. */
export async function readAuthError(response: Response): Promise<AuthErrorData | undefined> {
  if (!response.headers.has(ERROR_HEADER)) return undefined;
  return (await response.clone().json()) as AuthErrorData;
}

function bridgeOfPage(): DeskauthBridge {
  const { deskauth } = globalThis as { readonly deskauth?: DeskauthBridge };
  if (deskauth) return deskauth;
  throw new Error('window.deskauth is missing: call exposeDeskauth() in the preload of this window.');
}

function unwrap<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw Object.assign(new Error(outcome.error.message), outcome.error, { name: 'AuthError' });
}
