import type { NetworkFault } from './network-fault.ts';
import type { ServerTrace } from './server-trace.ts';

/** What an app needs to know about an error beyond its text. */
interface Advice {
  /** Is the signed-in session still there after this error? */
  readonly sessionKept: boolean;
  /** May the same call succeed when it is simply made again? */
  readonly mayRetry: boolean;
  /** One sentence for the person in front of the app. */
  readonly next: string;
}

const advice = (sessionKept: boolean, mayRetry: boolean, next: string): Advice => ({
  sessionKept,
  mayRetry,
  next,
});

/** What to do about `AUTH_NETWORK` where the network itself is well. */
const NETWORK_ADVICE: Readonly<Partial<Record<NetworkFault, string>>> = {
  tls: 'The address cannot be trusted or speaks no TLS: check it, and the certificates of this network. Then try again.',
  proxy: 'Check the proxy of this machine and its password, then try again.',
};

/** Every code that Deskauth throws, in the order in which one sign-in can meet them. See docs/errors.md. */
export const AUTH_ERRORS = {
  AUTH_SETTINGS_INVALID: advice(true, false, 'Correct the setting that the message names.'),
  AUTH_RUNTIME_UNSUPPORTED: advice(
    true,
    false,
    'Install a newer version of this app, or of Node.js where it runs on that. Open a page over https.',
  ),
  AUTH_NETWORK: advice(true, true, 'Check the network connection, then try again.'),
  AUTH_SERVER_UNAVAILABLE: advice(true, true, 'The sign-in server has a problem. Try again in a moment.'),
  AUTH_SERVER_RESPONSE_INVALID: advice(
    true,
    true,
    'Something on the network answered in place of the sign-in server. Open any web page to see whether the network wants a sign-in of its own, then try again.',
  ),
  AUTH_DISCOVERY_FAILED: advice(true, false, 'Check the issuer address in the settings.'),
  AUTH_ISSUER_MISMATCH: advice(true, false, 'Set the issuer to exactly the value the server states.'),
  AUTH_ENDPOINT_REFUSED: advice(
    true,
    false,
    'If you trust the address that the message names, list it in the setting endpointOrigins; otherwise tell the administrator of the sign-in server.',
  ),
  AUTH_GRANT_UNSUPPORTED: advice(
    true,
    false,
    'Sign in with a browser of this machine, or ask the administrator of the sign-in server to allow the other way.',
  ),
  AUTH_REDIRECT_UNAVAILABLE: advice(true, true, 'Close the program that uses the port, or allow more ports.'),
  AUTH_BROWSER_NOT_OPENED: advice(true, true, 'Copy the address and open it in a browser.'),
  AUTH_SIGN_IN_CANCELLED: advice(true, true, 'Sign in again when you are ready.'),
  AUTH_SIGN_IN_TIMED_OUT: advice(
    true,
    true,
    'The sign-in took too long. If the browser shows an error page, the client id or the redirect URI is not registered; otherwise start it again.',
  ),
  AUTH_SIGN_IN_SUPERSEDED: advice(true, true, 'Finish the sign-in that was started later.'),
  AUTH_ACCESS_DENIED: advice(
    true,
    true,
    'The request was refused in the browser. Sign in again and allow it.',
  ),
  AUTH_INTERACTION_REQUIRED: advice(true, true, 'Sign in again in the browser.'),
  AUTH_REQUEST_REJECTED: advice(
    true,
    false,
    'The sign-in server does not accept this app as it is registered.',
  ),
  AUTH_RESPONSE_INVALID: advice(
    true,
    true,
    'The answer from the browser was not the expected one. Sign in again.',
  ),
  AUTH_CODE_REJECTED: advice(true, true, 'The sign-in was not accepted. Start it again.'),
  AUTH_CLIENT_REJECTED: advice(
    true,
    false,
    'The sign-in server does not accept this app. Check the client id, and the client secret if it has one.',
  ),
  AUTH_TOKEN_RESPONSE_INVALID: advice(true, true, 'The sign-in server gave an unusable answer. Try again.'),
  AUTH_ID_TOKEN_INVALID: advice(true, true, 'The proof of who signed in was not valid. Sign in again.'),
  AUTH_SUBJECT_CHANGED: advice(false, true, 'The sign-in server named another person. Sign in again.'),
  AUTH_SIGN_IN_REQUIRED: advice(false, false, 'Sign in first.'),
  AUTH_SESSION_EXPIRED: advice(false, true, 'Your sign-in has expired. Sign in again.'),
  AUTH_STORE_UNAVAILABLE: advice(
    true,
    true,
    'Unlock the keyring, or make room on the disk, then try again. What is signed in now lasts as long as the app runs.',
  ),
  AUTH_STORE_UNREADABLE: advice(false, true, 'The saved sign-in could not be read. Sign in again.'),
  AUTH_API_ADDRESS_REFUSED: advice(true, false, 'Add the address to the API addresses in the settings.'),
  AUTH_UNEXPECTED: advice(
    true,
    true,
    'Something went wrong in the app. Try again, and report the error id if it stays.',
  ),
  AUTH_API_UNREACHABLE: advice(true, true, 'The service could not be reached. Try again in a moment.'),
} as const satisfies Record<string, Advice>;

/** The closed set of error codes. */
export type AuthErrorCode = keyof typeof AUTH_ERRORS;

/** The authorization server's own fields, verbatim (RFC 6749 §4.1.2.1, §5.2). */
export interface ServerError {
  readonly error?: string;
  readonly errorDescription?: string;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** How long the server asks to be left alone, in seconds, at most an hour (RFC 9110 §10.2.3). */
  readonly retryAfterSeconds?: number;
  /** Names of this answer in the server's own log, by header or member: what its support desk asks for. */
  readonly trace?: ServerTrace;
}

/** What the session knows of the moment of an error. */
export interface ErrorCircumstances {
  /** The sign-in that ended with it. */
  readonly attemptId?: string;
  /** Seconds by which this machine's clock is behind the server's, where they differ. */
  readonly clockSkewSeconds?: number;
}

/** An {@link AuthError} as plain data: what crosses IPC and what is shown. */
export interface AuthErrorData extends ServerError, ErrorCircumstances {
  readonly code: AuthErrorCode;
  readonly message: string;
  readonly next: string;
  readonly sessionKept: boolean;
  readonly mayRetry: boolean;
  /** Random, for a support desk to find the same event in a log. */
  readonly errorId: string;
  /** Where on the way a request failed that got no answer. */
  readonly network?: NetworkFault;
}

/** Extras of an {@link AuthError}. */
export interface AuthErrorDetail {
  readonly server?: ServerError;
  readonly network?: NetworkFault | undefined;
  readonly cause?: unknown;
}

/**
 * The one error type of Deskauth. It holds no token, code, verifier or request: causes are reduced to their text
 * for network faults and dropped otherwise, because protocol libraries keep parameters in theirs.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: AuthErrorCode;
  readonly server: ServerError;
  readonly network: NetworkFault | undefined;
  // `randomUUID` is missing in a page that is not secure, and this is how such a page learns of it.
  readonly errorId: string = randomHex();
  /** Filled in by the session on the way to the app. */
  circumstances: ErrorCircumstances = {};

  constructor(code: AuthErrorCode, message: string, detail: AuthErrorDetail = {}) {
    super(message, detail.cause instanceof AuthError ? { cause: detail.cause } : undefined);
    this.code = code;
    this.server = detail.server ?? {};
    this.network = detail.network;
  }

  get sessionKept(): boolean {
    return AUTH_ERRORS[this.code].sessionKept;
  }

  get mayRetry(): boolean {
    return AUTH_ERRORS[this.code].mayRetry;
  }

  get next(): string {
    const special = this.code === 'AUTH_NETWORK' ? NETWORK_ADVICE[this.network ?? 'connection'] : undefined;
    return special ?? AUTH_ERRORS[this.code].next;
  }

  toJSON(): AuthErrorData {
    const { code, message, next, sessionKept, mayRetry, errorId, network } = this;
    return {
      ...{ code, message, next, sessionKept, mayRetry, errorId },
      ...(network && { network }),
      ...this.circumstances,
      ...this.server,
    };
  }
}

function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Any error as an {@link AuthError}. One that we did not foresee is told without its text, which could hold anything. */
export function asAuthError(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new AuthError('AUTH_UNEXPECTED', `An unforeseen fault stopped the sign-in (${name}).`);
}
