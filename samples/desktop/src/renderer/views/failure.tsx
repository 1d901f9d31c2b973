import type { ComponentChildren } from 'preact';
import type { Failure } from '../api.ts';
import { session } from '../session.ts';
import { Icon } from './icons.tsx';
import { useTitle } from './use-title.ts';
import { type Explanation, explainFailure } from './words.ts';

interface FailureProps {
  readonly failure: Failure;
  readonly retry: () => void;
}

/** The error view: what went wrong, what to do next, and what a support desk wants to know. */
export function FailureView({ failure, retry }: FailureProps) {
  const { title, text, details } = explainFailure(failure);
  const heading = useTitle(title);
  return (
    <section class="failure">
      <span class="failure-mark">
        <Icon name={failure.kind === 'auth' ? 'offline' : 'alert'} />
      </span>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p class="lead">{text}</p>
      <div class="failure-actions">
        <Remedy failure={failure} retry={retry} />
      </div>
      <Details rows={details} isOpen />
    </section>
  );
}

/** The same above data that is still there from before. */
export function FailureBar({ failure, retry }: FailureProps) {
  const { title, text, details } = explainFailure(failure);
  return (
    <div class="box bad" role="alert">
      <Icon name="alert" />
      <div>
        <h2>{title}</h2>
        <p>{text} You still see the data from before.</p>
        <Details rows={details} />
      </div>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

function Remedy({ failure, retry }: FailureProps) {
  const status = failure.kind === 'api' ? failure.status : 0;
  if (status === 404)
    return (
      <a class="button primary" href="#/companies">
        <Icon name="back" />
        All companies
      </a>
    );
  if (status === 401 || status === 403)
    return (
      <button
        type="button"
        class="button primary"
        onClick={() => session.signIn({ prompt: 'select_account' })}
      >
        Sign in again
      </button>
    );
  return (
    <button type="button" class="button primary" onClick={retry}>
      <Icon name="refresh" />
      Try again
    </button>
  );
}

/** Everything that helps to find the event in a log. */
export function Details({
  rows,
  isOpen = false,
}: {
  readonly rows: Explanation['details'];
  readonly isOpen?: boolean;
}) {
  if (rows.length === 0) return null;
  return (
    <details class="details" open={isOpen}>
      <summary>Details for support</summary>
      <dl>
        {rows.map(([label, value]) => (
          <Row key={label} label={label}>
            {value}
          </Row>
        ))}
      </dl>
    </details>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
