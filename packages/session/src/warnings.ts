import { inWords } from './plain-text.ts';
import type { TokenSet } from './token-set.ts';

/** Something that an app's maker or its user should know, and that stops nothing. */
export interface SessionWarning {
  readonly code:
    | 'clock-differs'
    | 'client-secret'
    | 'listener-failed'
    | 'no-refresh-token'
    | 'server-downgraded'
    | 'store-unsupported'
    | 'tls-checks-off';
  /** A whole sentence or two, without secrets. */
  readonly message: string;
}

/** What is to be told now: one warning of each kind. */
export interface Warnings {
  readonly all: readonly SessionWarning[];
  /** Replaces the warning of this kind; without a message it is over. */
  set(code: SessionWarning['code'], message: string | undefined): void;
}

/** What an app with a client secret is told. */
export const SECRET_IN_APP =
  'The setting clientSecret is given out with every copy of the app: whoever has the app has it (RFC 8252 §8.5). Register the app as a public (native) client if the server allows that.';

/** What is told of a session that cannot be renewed; undefined where it can. */
export function describeShortSession({ refreshToken, expiresAt }: TokenSet, now: number): string | undefined {
  if (refreshToken !== undefined) return undefined;
  return `The sign-in server gave no refresh token: the session ends when its access token does, in ${inWords(Math.max(0, Math.round(expiresAt - now)))}. For a longer one the server must let this client have the scope offline_access, or what it calls that.`;
}

/** Creates {@link Warnings}. `tell` hears each new one once. */
export function createWarnings(tell: (warning: SessionWarning) => void = () => {}): Warnings {
  const current = new Map<SessionWarning['code'], SessionWarning>();
  return {
    get all() {
      return [...current.values()];
    },
    set(code, message) {
      if (message === undefined) {
        current.delete(code);
        return;
      }
      const isNew = !current.has(code);
      const warning = { code, message };
      current.set(code, warning);
      if (isNew) tell(warning);
    },
  };
}
