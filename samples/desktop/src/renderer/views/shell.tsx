import type { SessionSnapshot, SessionState } from '@deskauth/electron/renderer';
import { useEffect, useState } from 'preact/hooks';
import type { Round } from '../resource.ts';
import { useRoute } from '../route.ts';
import { session } from '../session.ts';
import { Companies } from './companies.tsx';
import { CompanyPage } from './company.tsx';
import { Icon, Mark } from './icons.tsx';
import { Notices } from './notices.tsx';
import { useCommand } from './use-command.ts';
import { type Entry, UserMenu } from './user-menu.tsx';

interface ShellProps {
  readonly snapshot: SessionSnapshot;
  readonly state: Extract<SessionState, { status: 'signed-in' }>;
}

/** The frame around every page of somebody who is signed in. */
export function Shell({ snapshot, state }: ShellProps) {
  const route = useRoute();
  const [round, setRound] = useState<Round>({ number: 0, rehearse: false });
  const { run, fault, dismiss } = useCommand();
  const [toast, setToast] = useToast();
  const refresh = (rehearse = false) => {
    setToast(undefined);
    setRound(({ number }) => ({ number: number + 1, rehearse }));
  };
  const expire = async (what: 'access-token' | 'refresh-token' | 'session', said: string) => {
    if (await run(session.expire(what))) setToast(said);
  };

  const entries: readonly Entry[] = [
    { label: 'Refresh data', icon: 'refresh', run: () => refresh() },
    ...(snapshot.developerCommands
      ? ([
          'Developer',
          {
            label: 'Expire access token',
            icon: 'key',
            run: () =>
              expire(
                'access-token',
                'The access token now counts as expired. Refresh the data to see it renewed.',
              ),
          },
          {
            label: 'Expire refresh token',
            icon: 'key',
            run: () =>
              expire('session', 'Both tokens now count as expired. Refresh the data to see the session end.'),
          },
          { label: 'Make the service fail once', icon: 'flask', run: () => refresh(true) },
        ] as const)
      : []),
    'Account',
    {
      label: 'Sign in as another user',
      icon: 'people',
      run: () => run(session.signIn({ prompt: 'select_account' })),
    },
    { label: 'Sign out', icon: 'leave', run: () => run(session.signOut()) },
    {
      label: 'Sign out here and in the browser',
      icon: 'browser',
      run: () => run(session.signOut({ atServer: true })),
    },
  ];

  const page = { round, refresh: () => refresh() };
  return (
    <>
      <header class="bar">
        <a class="brand" href="#/companies">
          <Mark />
          <span>Deskauth Companies</span>
        </a>
        <UserMenu user={state.user} entries={entries} />
      </header>
      <Notices snapshot={snapshot} state={state} fault={fault} dismiss={dismiss} />
      <main class="page">
        {route.view === 'company' ? (
          <CompanyPage key={route.id} id={route.id} {...page} />
        ) : (
          <Companies region={route.region} {...page} />
        )}
      </main>
      <div class="toasts" role="status">
        {toast && (
          <p class="toast">
            <Icon name="check" />
            {toast}
          </p>
        )}
      </div>
    </>
  );
}

/** A short message that goes away by itself; long enough to be read twice. */
function useToast() {
  const [toast, setToast] = useState<string>();
  useEffect(() => {
    if (toast === undefined) return;
    const timer = setTimeout(() => setToast(undefined), 8000);
    return () => clearTimeout(timer);
  }, [toast]);
  return [toast, setToast] as const;
}
