import type { StorageReport } from '@deskauth/node';
import type { AuthErrorData, Expirable, SessionState, SignOutOptions } from '@deskauth/session';

/** What a window knows about the session: who, and how it stands. Nothing in it opens anything. */
export interface SessionSnapshot {
  /** Without the address of a sign-in: it can be copied, and opened again. */
  readonly state: SessionState;
  /** Set while the token store cannot be used: the session then ends with the app. */
  readonly storeFault?: AuthErrorData;
  /** Where the session is saved, once that is known and where it was not the app's own choice. */
  readonly storage?: StorageReport;
  /** True when this window may use the developer commands. */
  readonly developerCommands: boolean;
  /** Grows with every change, so that an answer that was overtaken can be told from the latest. */
  readonly revision: number;
}

/** What a window may ask of a sign-in. An address or a parameter is not among it. */
export interface WindowSignInOptions {
  /** Asks which account, or for the password again, for a person who wants another account (OIDC Core §3.1.2.1). */
  readonly prompt?: 'select_account' | 'login';
}

/** How far a window may have a sign-out go. */
export type WindowSignOutOptions = Pick<SignOutOptions, 'atServer'>;

interface Message<Request, Response> {
  readonly request: Request;
  readonly response: Response;
}

/**
 * Every message that a window can send, and nothing else. To add one: a line here, its answer in `answers.ts`, its
 * function in `preload.ts`; the compiler asks for all three.
 */
export interface Messages {
  readonly 'deskauth:snapshot': Message<undefined, SessionSnapshot>;
  readonly 'deskauth:sign-in': Message<WindowSignInOptions, void>;
  readonly 'deskauth:open-again': Message<undefined, void>;
  readonly 'deskauth:copy-address': Message<undefined, void>;
  readonly 'deskauth:cancel': Message<undefined, void>;
  readonly 'deskauth:sign-out': Message<WindowSignOutOptions, void>;
  readonly 'deskauth:expire': Message<Expirable, void>;
}

/** The name of a message. */
export type Channel = keyof Messages;

/** The one event that windows are sent: a {@link SessionSnapshot} after every change. */
export const SESSION_CHANGED = 'deskauth:session-changed';

/** The header of an answer that is the app's own and not the API's. Its value is the error code. */
export const ERROR_HEADER = 'deskauth-error';

/** How an answer crosses: an Electron rejection would lose everything of an error but its text. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: AuthErrorData };

type Sent<C extends Channel> = Promise<Outcome<Messages[C]['response']>>;

/** `window.deskauth`, as the preload makes it: one function per message. */
export interface DeskauthBridge {
  snapshot(): Sent<'deskauth:snapshot'>;
  signIn(options?: WindowSignInOptions): Sent<'deskauth:sign-in'>;
  openAgain(): Sent<'deskauth:open-again'>;
  copyAddress(): Sent<'deskauth:copy-address'>;
  cancel(): Sent<'deskauth:cancel'>;
  signOut(options?: WindowSignOutOptions): Sent<'deskauth:sign-out'>;
  expire(what: Expirable): Sent<'deskauth:expire'>;
  /** Calls the listener after every change; returns what ends that. */
  onChange(listener: (snapshot: SessionSnapshot) => void): () => void;
}
