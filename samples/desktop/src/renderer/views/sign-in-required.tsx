import type { SessionState } from '@deskauth/electron/renderer';
import { session } from '../session.ts';
import { Entrance } from './entrance.tsx';
import { Details } from './failure.tsx';
import { initialsOf } from './format.ts';
import { Icon } from './icons.tsx';
import { useCommand } from './use-command.ts';
import { explainAuthError, explainSignedOut } from './words.ts';

type State = Extract<SessionState, { status: 'signed-out' | 'expired' }>;

/** Shown while there is no usable session: why, and the way in. */
export function SignInRequired({ state }: { readonly state: State }) {
  const { title, text } = explainSignedOut(state);
  const { run, fault } = useCommand();
  const isExpired = state.status === 'expired';
  const error = fault ?? failedAttempt(state);
  return (
    <Entrance title={title} lead={text}>
      {isExpired && (
        <div class="account">
          <span class="avatar" aria-hidden="true">
            {initialsOf(state.user.displayName)}
          </span>
          <span>
            <strong>{state.user.displayName}</strong>
            <small>{emailOf(state.user.claims) ?? 'Signed in before'}</small>
          </span>
        </div>
      )}
      {error && <SignInError error={error} />}
      <div class="buttons">
        <button type="button" class="button primary large" onClick={() => run(session.signIn())}>
          <Icon name="browser" />
          {isExpired ? 'Sign in again' : 'Sign in with your browser'}
        </button>
        <button
          type="button"
          class="button large"
          onClick={() => run(session.signIn({ prompt: 'select_account' }))}
        >
          Use another account
        </button>
      </div>
      <p class="hint">
        <Icon name="lock" />
        Your browser opens. Your password and passkeys stay there; this app never sees them.
      </p>
    </Entrance>
  );
}

function SignInError({ error }: { readonly error: Parameters<typeof explainAuthError>[0] }) {
  const { title, text, details } = explainAuthError(error);
  if (error.code === 'AUTH_SIGN_IN_CANCELLED')
    return (
      <p class="box quiet">
        <Icon name="info" />
        <span>{title}. Nothing has changed.</span>
      </p>
    );
  return (
    <div class="box bad" role="alert">
      <Icon name="alert" />
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
        <Details rows={details} />
      </div>
    </div>
  );
}

/** An expired session has an error too, that of the refresh: the words above say it already. */
function failedAttempt({ error }: State) {
  return error?.code === 'AUTH_SESSION_EXPIRED' || error?.code === 'AUTH_STORE_UNREADABLE'
    ? undefined
    : error;
}

function emailOf({ email }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof email === 'string' ? email : undefined;
}
