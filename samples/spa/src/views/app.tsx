import type { SessionState, SpaSession } from '@deskauth/spa';
import { useEffect, useState } from 'preact/hooks';
import { SignInRequired, SigningIn } from './entrance.tsx';
import { Mark } from './page.tsx';
import { Shell } from './shell.tsx';

interface AppProps {
  readonly session: SpaSession;
  /** Settles when it is known whether somebody is signed in. */
  readonly started: Promise<unknown>;
}

/** The whole page: what is shown follows from the state of the session. */
export function App({ session, started }: AppProps) {
  const [state, setState] = useState(session.state);
  const [isStarted, setIsStarted] = useState(false);
  useEffect(() => {
    started.then(() => setIsStarted(true));
    setState(session.state);
    return session.onChange(setState);
  }, [session, started]);
  return (
    <>
      <p class="visually-hidden" role="status">
        {announce(state, isStarted)}
      </p>
      <Screen session={session} state={state} isStarted={isStarted} />
    </>
  );
}

interface ScreenProps {
  readonly session: SpaSession;
  readonly state: SessionState;
  readonly isStarted: boolean;
}

function Screen({ session, state, isStarted }: ScreenProps) {
  if (state.status === 'signed-in') return <Shell key={state.user.sub} session={session} state={state} />;
  if (state.status === 'signing-in') return <SigningIn state={state} />;
  if (isStarted) return <SignInRequired session={session} state={state} />;
  return (
    <main class="splash" aria-busy="true">
      <Mark />
    </main>
  );
}

function announce(state: SessionState, isStarted: boolean): string {
  if (state.status === 'signed-in') return `Signed in as ${state.user.displayName}.`;
  if (state.status === 'signing-in') return 'Signing in.';
  return isStarted ? 'Sign-in required.' : '';
}
