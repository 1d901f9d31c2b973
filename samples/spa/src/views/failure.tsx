import type { AuthErrorData } from '@deskauth/spa';
import type { Failure } from '../api.ts';
import { Entrance, PageTitle } from './page.tsx';

type Rows = readonly (readonly [label: string, value: string | undefined])[];

interface FailureProps {
  readonly failure: Failure;
  readonly retry: () => void;
}

/** The error view: what went wrong, what to do next, and what a support desk wants to know. */
export function FailureView({ failure, retry }: FailureProps) {
  const { title, text, rows } = explain(failure);
  const isAbsent = failure.kind === 'api' && failure.status === 404;
  return (
    <section class="failure">
      <PageTitle>{title}</PageTitle>
      <p class="lead">{text}</p>
      {isAbsent ? (
        <a class="button primary" href="#/companies">
          All companies
        </a>
      ) : (
        <button type="button" class="button primary" onClick={retry}>
          Try again
        </button>
      )}
      <Details rows={rows} isOpen />
    </section>
  );
}

/** The same above data that is still there from before. */
export function FailureBar({ failure, retry }: FailureProps) {
  const { title, text, rows } = explain(failure);
  return (
    <div class="box bad" role="alert">
      <div>
        <h2>{title}</h2>
        <p>{text} You still see the data from before.</p>
        <Details rows={rows} />
      </div>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Why a sign-in has failed. */
export function ErrorBox({ error }: { readonly error: AuthErrorData }) {
  const { title, text, rows } = explain({ kind: 'auth', error });
  return (
    <div class="box bad" role="alert">
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
        <Details rows={rows} />
      </div>
    </div>
  );
}

/** The page could not begin: its settings are missing or wrong. */
export function StartFailure({ reason }: { readonly reason: string }) {
  return (
    <Entrance title="This page is not set up" lead="Tell whoever runs it what is written here.">
      <p class="box bad" role="alert">
        {reason}
      </p>
    </Entrance>
  );
}

function explain(failure: Failure): { title: string; text: string; rows: Rows } {
  if (failure.kind === 'auth') return explainAuthError(failure.error);
  const { status, message, code, id } = failure;
  const rows: Rows = [
    ['What happened', message],
    ['HTTP status', String(status)],
    ['Error code', code],
    ['Error id', id],
  ];
  if (status === 404)
    return { title: 'This company is not here', text: 'It was removed, or it is not yours to see.', rows };
  if (status === 401 || status === 403)
    return {
      title: 'You may not see this',
      text: 'Ask for access, or sign in as somebody who has it.',
      rows,
    };
  return {
    title: 'The service has a problem',
    text: 'Try again in a moment. If it goes on, give the error id to your support desk.',
    rows,
  };
}

function explainAuthError(data: AuthErrorData): { title: string; text: string; rows: Rows } {
  const { code, message, next, errorId, error, errorDescription } = data;
  const title =
    code === 'AUTH_API_UNREACHABLE' ? 'The service cannot be reached' : 'The sign-in did not work';
  // In a page the message of this one says more than the advice, which is about apps that go on without it.
  const text = code === 'AUTH_STORE_UNAVAILABLE' ? message : next;
  const rows: Rows = [
    ['What happened', message],
    ['Server error', error],
    ['Server description', errorDescription],
    ['Error code', code],
    ['Error id', errorId],
  ];
  return { title, text, rows };
}

function Details({ rows, isOpen = false }: { readonly rows: Rows; readonly isOpen?: boolean }) {
  return (
    <details class="details" open={isOpen}>
      <summary>Details for support</summary>
      <dl>
        {rows.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}
