import type { AuthErrorData, SessionSnapshot, SessionState } from '@deskauth/electron/renderer';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';
import { explainAuthError } from './words.ts';

interface NoticesProps {
  readonly snapshot: SessionSnapshot;
  readonly state: Extract<SessionState, { status: 'signed-in' }>;
  readonly fault: AuthErrorData | undefined;
  readonly dismiss: () => void;
}

/** Bars under the header for what does not stop the work: offline, not saved, a command that failed. */
export function Notices({ snapshot, state, fault, dismiss }: NoticesProps) {
  const [seen, setSeen] = useState<string>();
  const [isUnsavedSeen, setIsUnsavedSeen] = useState(false);
  const whyUnsaved = snapshot.storeFault?.message ?? unsavedReason(snapshot.storage);
  const isOffline = !state.verified && state.reason === 'offline';
  const failed = isOffline || state.error?.errorId === seen ? undefined : state.error;
  const failure = failed && failed.code !== 'AUTH_SIGN_IN_CANCELLED' ? explainAuthError(failed) : undefined;
  return (
    <div class="notices" role="status">
      {isOffline && (
        <Notice mood="warn" icon="offline">
          <strong>Working offline.</strong> The sign-in server cannot be reached. You are still signed in;
          what you see may be out of date.
        </Notice>
      )}
      {whyUnsaved !== undefined && !isUnsavedSeen && (
        <Notice mood="warn" icon="lock" dismiss={() => setIsUnsavedSeen(true)}>
          <strong>Your sign-in will end with this app.</strong> It cannot be saved on this computer.
          <details>
            <summary>Why</summary>
            {whyUnsaved}
          </details>
        </Notice>
      )}
      {failure && (
        <Notice mood="bad" icon="alert" dismiss={() => setSeen(failed?.errorId)}>
          <strong>{failure.title}.</strong> {failure.text} You are still signed in as {state.user.displayName}
          . <small>{failed?.errorId}</small>
        </Notice>
      )}
      {fault && (
        <Notice mood="bad" icon="alert" dismiss={dismiss}>
          <strong>That did not work.</strong> {fault.message} {fault.next}
        </Notice>
      )}
    </div>
  );
}

/** A store that the app chose to be without is no news. */
function unsavedReason(storage: SessionSnapshot['storage']): string | undefined {
  return storage?.tier === 'memory' ? (storage.reason ?? 'There is no keyring.') : undefined;
}

interface NoticeProps {
  readonly mood: 'warn' | 'bad';
  readonly icon: IconName;
  readonly dismiss?: () => void;
  readonly children: ComponentChildren;
}

function Notice({ mood, icon, dismiss, children }: NoticeProps) {
  return (
    <div class={`notice ${mood}`}>
      <Icon name={icon} />
      <div>{children}</div>
      {dismiss && (
        <button type="button" class="button icon-only" aria-label="Dismiss" onClick={dismiss}>
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
}
