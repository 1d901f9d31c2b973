import type { SessionState } from '@deskauth/electron/renderer';
import { useEffect, useState } from 'preact/hooks';
import { session } from '../session.ts';
import { Entrance } from './entrance.tsx';
import { formatElapsed } from './format.ts';
import { Icon } from './icons.tsx';
import { useCommand } from './use-command.ts';
import { explainAuthError, STEPS } from './words.ts';

type State = Extract<SessionState, { status: 'signing-in' }>;
const ORDER = Object.keys(STEPS) as State['step'][];

/** Shown while the person is in the browser: how far it is, and what can be done. */
export function SigningIn({ state }: { readonly state: State }) {
  const { run, fault } = useCommand();
  const [isCopied, setIsCopied] = useState(false);
  const isWaiting = state.step === 'waiting';
  const error = fault ?? state.error;
  const copy = async () => setIsCopied(await run(session.copyAddress()));
  return (
    <Entrance title="Signing in" lead="Go on in your browser, then come back here.">
      <Steps current={state.step} />
      {error && isWaiting && <BrowserFault error={error} />}
      <div class="buttons">
        <button
          type="button"
          class="button primary large"
          disabled={!isWaiting}
          onClick={() => run(session.openAgain())}
        >
          <Icon name="browser" />
          Open the browser again
        </button>
        <div class="pair">
          <button type="button" class="button large" disabled={!isWaiting} onClick={copy}>
            <Icon name={isCopied ? 'check' : 'copy'} />
            <span aria-live="polite">{isCopied ? 'Copied' : 'Copy the address'}</span>
          </button>
          <button type="button" class="button large" onClick={() => run(session.cancel())}>
            Cancel
          </button>
        </div>
      </div>
      <p class="hint">
        <Icon name="clock" />
        <span>
          <Elapsed /> so far. Closed the tab by mistake? Open the browser again.
        </span>
      </p>
    </Entrance>
  );
}

function Steps({ current }: { readonly current: State['step'] }) {
  const reached = ORDER.indexOf(current);
  return (
    <ol class="steps">
      {ORDER.map((step, index) => (
        <li
          key={step}
          class={index < reached ? 'done' : index === reached ? 'current' : 'todo'}
          aria-current={index === reached ? 'step' : undefined}
        >
          <span class="step-mark">{index < reached ? <Icon name="check" /> : index + 1}</span>
          {STEPS[step]}
          {index < reached && <span class="visually-hidden"> (done)</span>}
        </li>
      ))}
    </ol>
  );
}

/** The sign-in goes on without our help: any browser will do, with the address. */
function BrowserFault({ error }: { readonly error: Parameters<typeof explainAuthError>[0] }) {
  const { title, text } = explainAuthError(error);
  return (
    <div class="box warn" role="alert">
      <Icon name="alert" />
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
    </div>
  );
}

function Elapsed() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="elapsed" role="timer">
      {formatElapsed(seconds)}
    </span>
  );
}
