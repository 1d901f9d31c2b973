import type { SessionSnapshot } from '@deskauth/electron/renderer';
import { useSession } from '../session.ts';
import { Mark } from './icons.tsx';
import { Shell } from './shell.tsx';
import { SignInRequired } from './sign-in-required.tsx';
import { SigningIn } from './signing-in.tsx';
import { announce } from './words.ts';

/** The whole window: what is shown follows from the state of the session. */
export function App() {
  const snapshot = useSession();
  return (
    <>
      <p class="visually-hidden" role="status">
        {snapshot && announce(snapshot.state)}
      </p>
      {snapshot ? <Screen snapshot={snapshot} /> : <Splash />}
    </>
  );
}

function Screen({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { state } = snapshot;
  if (state.status === 'signing-in') return <SigningIn key={state.attemptId} state={state} />;
  if (state.status === 'signed-in') return <Shell key={state.user.sub} snapshot={snapshot} state={state} />;
  return <SignInRequired state={state} />;
}

/** For the moment before the main process has answered. */
function Splash() {
  return (
    <main class="splash" aria-busy="true">
      <Mark />
    </main>
  );
}
