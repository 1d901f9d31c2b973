import type { SessionState, SettledState, SpaSession } from '@deskauth/spa';
import { ErrorBox } from './failure.tsx';
import { Entrance } from './page.tsx';

type State = Exclude<SettledState, { status: 'signed-in' }>;

interface SignInRequiredProps {
  readonly session: SpaSession;
  readonly state: State;
}

/** Shown while there is no usable session: why, and the way in. */
export function SignInRequired({ session, state }: SignInRequiredProps) {
  const [title, lead] = explain(state);
  const error = isQuiet(state) ? undefined : state.error;
  return (
    <Entrance title={title} lead={lead}>
      {error && <ErrorBox error={error} />}
      <div class="buttons">
        <button type="button" class="button primary large" onClick={() => session.signIn()}>
          Sign in
        </button>
        <button
          type="button"
          class="button large"
          onClick={() => session.signIn({ prompt: 'select_account' })}
        >
          Use another account
        </button>
      </div>
      <p class="hint">You sign in on your organisation’s page. Your password never reaches this one.</p>
    </Entrance>
  );
}

/** Shown on the way to the authorization server and back. */
export function SigningIn({ state }: { readonly state: Extract<SessionState, { status: 'signing-in' }> }) {
  const isBack = state.step === 'exchanging';
  return (
    <Entrance title="Signing in" lead={isBack ? 'One moment, please.' : 'Taking you to the sign-in page.'}>
      <progress aria-label="Signing in" />
      {state.step === 'waiting' && state.url && (
        <p class="hint">
          Nothing happens? <a href={state.url}>Go to the sign-in page</a>
        </p>
      )}
    </Entrance>
  );
}

/** The end of a session is not a failure: it is said in the heading. */
function isQuiet({ error }: State): boolean {
  return error?.code === 'AUTH_SESSION_EXPIRED' || error?.code === 'AUTH_INTERACTION_REQUIRED';
}

function explain(state: State): [title: string, lead: string] {
  if (state.status === 'expired' || isQuiet(state))
    return ['Please sign in again', 'Your sign-in has expired. You will come back to where you were.'];
  if (state.reason === 'no-session')
    return ['Sign in', 'Sign in to see the companies that are yours to follow.'];
  if (state.reason === 'signed-out') return ['You are signed out', 'Sign in to see your companies again.'];
  return ['Please sign in again', 'You were signed out in another tab, or the app has changed.'];
}
