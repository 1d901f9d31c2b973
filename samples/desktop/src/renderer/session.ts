import { createWindowSession, type SessionSnapshot } from '@deskauth/electron/renderer';
import { useEffect, useState } from 'preact/hooks';

/** The session, which lives in the main process. */
export const session = createWindowSession();

/** The session as it is now; undefined until the main process has answered. */
export function useSession(): SessionSnapshot | undefined {
  const [snapshot, setSnapshot] = useState<SessionSnapshot>();
  useEffect(() => session.subscribe(setSnapshot), []);
  return snapshot;
}
