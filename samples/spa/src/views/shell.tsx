import type { Expirable, SessionState, SpaSession } from '@deskauth/spa';
import { useState } from 'preact/hooks';
import type { Round } from '../resource.ts';
import { useRoute } from '../route.ts';
import { Companies, CompanyPage } from './companies.tsx';
import { initialsOf } from './format.ts';
import { Brand } from './page.tsx';

interface ShellProps {
  readonly session: SpaSession;
  readonly state: Extract<SessionState, { status: 'signed-in' }>;
}

/** The frame around every page of somebody who is signed in. */
export function Shell({ session, state }: ShellProps) {
  const route = useRoute();
  const [round, setRound] = useState<Round>({ number: 0, rehearse: false });
  const [notice, setNotice] = useState('');
  const refresh = (rehearse = false) => {
    setNotice('');
    setRound(({ number }) => ({ number: number + 1, rehearse }));
  };
  const expire = async (what: Expirable, said: string) => {
    await session.expire(what);
    setNotice(`${said} Refresh the data to see what follows.`);
  };
  const commands: readonly Command[] = [
    ['Expire access token', () => expire('access-token', 'The access token now counts as expired.')],
    ['Expire refresh token', () => expire('session', 'Both tokens now count as expired.')],
    ['Make the service fail once', () => refresh(true)],
    ['Sign in as another user', () => session.signIn({ prompt: 'select_account' })],
    ['Sign out', () => session.signOut()],
    ['Sign out here and at the sign-in server', () => session.signOut({ atServer: true })],
  ];
  const page = { session, round, refresh: () => refresh() };
  return (
    <>
      <header class="bar">
        <a class="brand" href="#/companies">
          <Brand />
        </a>
        <UserMenu name={state.user.displayName} commands={commands} />
      </header>
      <p class="notices" role="status">
        {notice || whatHolds(session, state)}
      </p>
      <main class="page">
        {route.view === 'company' ? (
          <CompanyPage key={route.id} id={route.id} {...page} />
        ) : (
          <Companies {...page} />
        )}
      </main>
    </>
  );
}

/** What does not stop the work, but should be known. */
function whatHolds({ storeFault }: SpaSession, { reason, error }: ShellProps['state']): string {
  if (reason === 'offline') return 'The sign-in server cannot be reached. What you see may be out of date.';
  if (error) return `${error.message} ${error.next} (${error.errorId})`;
  if (storeFault)
    return `Your sign-in will end with this page: ${storeFault.message} (${storeFault.errorId})`;
  return '';
}

type Command = readonly [label: string, run: () => void];

/** Who is signed in, and what that person can do. The browser opens and closes it. */
function UserMenu({ name, commands }: { readonly name: string; readonly commands: readonly Command[] }) {
  return (
    <>
      <button type="button" class="user-button" popovertarget="user-menu">
        <span class="avatar" aria-hidden="true">
          {initialsOf(name)}
        </span>
        {name}
      </button>
      <div id="user-menu" class="menu" popover="auto">
        {commands.map(([label, run]) => (
          <button
            key={label}
            type="button"
            popovertarget="user-menu"
            popovertargetaction="hide"
            onClick={run}
          >
            {label}
          </button>
        ))}
      </div>
    </>
  );
}
