import type { AuthErrorData, SessionState } from '@deskauth/electron/renderer';
import type { Failure } from '../api.ts';
import { formatMoment } from './format.ts';

type SignedOut = Extract<SessionState, { status: 'signed-out' | 'expired' }>;

/** What is said, and for a support desk, what exactly it was. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
  readonly details: readonly (readonly [label: string, value: string])[];
}

const TITLES: Readonly<Partial<Record<AuthErrorData['code'], string>>> = {
  AUTH_NETWORK: 'The sign-in server cannot be reached',
  AUTH_SERVER_UNAVAILABLE: 'The sign-in server has a problem',
  AUTH_SERVER_RESPONSE_INVALID: 'Something else answered in place of the sign-in server',
  AUTH_DISCOVERY_FAILED: 'The sign-in server was not found',
  AUTH_ISSUER_MISMATCH: 'This is not the sign-in server from the settings',
  AUTH_REDIRECT_UNAVAILABLE: 'The answer of the browser cannot be received',
  AUTH_BROWSER_NOT_OPENED: 'Your browser could not be opened',
  AUTH_SIGN_IN_CANCELLED: 'The sign-in was cancelled',
  AUTH_SIGN_IN_TIMED_OUT: 'The sign-in took too long',
  AUTH_SIGN_IN_SUPERSEDED: 'Another sign-in was started',
  AUTH_ACCESS_DENIED: 'The sign-in was refused',
  AUTH_INTERACTION_REQUIRED: 'The sign-in server wants to ask you something',
  AUTH_REQUEST_REJECTED: 'The sign-in server refused the request',
  AUTH_CLIENT_REJECTED: 'The sign-in server does not accept this app',
  AUTH_SESSION_EXPIRED: 'Your sign-in has expired',
  AUTH_SIGN_IN_REQUIRED: 'Sign in to go on',
  AUTH_STORE_UNAVAILABLE: 'Your sign-in could not be saved',
  AUTH_API_UNREACHABLE: 'The service cannot be reached',
  AUTH_API_ADDRESS_REFUSED: 'The address of the service is not allowed',
};

export function explainAuthError(error: AuthErrorData): Explanation {
  const { code, message, next, errorId, error: serverError, errorDescription, status } = error;
  const title = TITLES[code];
  return {
    title: title ?? 'The sign-in did not work',
    text: title ? withoutFirstSentence(next) : next,
    details: present([
      ['What happened', message],
      ['Server error', serverError],
      ['Server description', errorDescription],
      ['HTTP status', status?.toString()],
      ['Error code', code],
      ['Error id', errorId],
    ]),
  };
}

/** Of several sentences the first says what went wrong, which the title does already. */
function withoutFirstSentence(text: string): string {
  const sentences = text.split(/(?<=\.) /);
  return sentences.length > 1 ? sentences.slice(1).join(' ') : text;
}

export function explainFailure(failure: Failure): Explanation {
  if (failure.kind === 'auth') return explainAuthError(failure.error);
  if (failure.kind === 'unexpected')
    return {
      title: 'The data could not be loaded',
      text: 'Try again. If it happens again, restart the app.',
      details: [['What happened', failure.message]],
    };
  const { status, code, message, id, at } = failure;
  return {
    ...explainStatus(status),
    details: present([
      ['What happened', message],
      ['HTTP status', String(status)],
      ['Error code', code],
      ['Error id', id],
      ['Time', at && formatMoment(at)],
    ]),
  };
}

function explainStatus(status: number): { title: string; text: string } {
  if (status === 401)
    return {
      title: 'The service does not accept your sign-in',
      text: 'Sign in again. If that does not help, give the error id to your support desk.',
    };
  if (status === 403)
    return {
      title: 'You may not see this',
      text: 'Ask for access, or sign in as somebody who has it.',
    };
  if (status === 404)
    return { title: 'This company is not here', text: 'It was removed, or it is not yours to see.' };
  return {
    title: 'The service has a problem',
    text: 'Try again in a moment. If it goes on, give the error id to your support desk.',
  };
}

/** Why somebody has to sign in, in a person's words. */
export function explainSignedOut(state: SignedOut): { title: string; text: string } {
  if (state.status === 'expired')
    return {
      title: 'Please sign in again',
      text: `${EXPIRED[state.reason]} You will come back to where you were.`,
    };
  const words = SIGNED_OUT[state.reason];
  return state.server ? { ...words, text: `${words.text} ${AT_SERVER[state.server.session]}` } : words;
}

/** How far it went, because somebody else may sit down here next. */
const AT_SERVER = {
  ended: 'Your sign-in in the browser has ended too.',
  unconfirmed: 'Your browser was sent to the sign-out page. Look there whether it is done.',
  kept: 'In your browser you may still be signed in: choose “Use another account” to be asked.',
};

const EXPIRED: Readonly<Record<Extract<SessionState, { status: 'expired' }>['reason'], string>> = {
  'refresh-rejected': 'Your sign-in has expired.',
  'no-refresh-token': 'Your sign-in has expired and cannot be renewed without you.',
  'lost-rotation': 'Your sign-in could not be renewed because the connection broke off.',
  'subject-changed': 'The sign-in server named another person than before.',
  'scope-changed': 'This app now asks for other rights than when you signed in.',
  'no-key': 'Your saved sign-in has lost the key that protects it.',
};

const SIGNED_OUT: Readonly<
  Record<Extract<SessionState, { status: 'signed-out' }>['reason'], { title: string; text: string }>
> = {
  'no-session': { title: 'Sign in', text: 'Sign in to see the companies that are yours to follow.' },
  'signed-out': { title: 'You are signed out', text: 'Sign in to see your companies again.' },
  elsewhere: { title: 'You are signed out', text: 'You signed out in another window of this app.' },
  'settings-changed': {
    title: 'Please sign in again',
    text: 'The settings of this app have changed since your last sign-in.',
  },
  'store-unreadable': {
    title: 'Please sign in again',
    text: 'The sign-in that was saved on this computer could not be read.',
  },
};

/** One sentence for a screen reader after each change of state. */
export function announce(state: SessionState): string {
  if (state.status === 'signed-in') return `Signed in as ${state.user.displayName}.`;
  if (state.status === 'signing-in') return STEPS[state.step];
  const { title, text } = explainSignedOut(state);
  return `${title}. ${text}`;
}

export const STEPS: Readonly<Record<Extract<SessionState, { status: 'signing-in' }>['step'], string>> = {
  opening: 'Opening your browser',
  waiting: 'Waiting for you in the browser',
  exchanging: 'Finishing the sign-in',
};

function present(rows: readonly (readonly [string, string | undefined])[]): [string, string][] {
  return rows.filter((row): row is [string, string] => Boolean(row[1]));
}
