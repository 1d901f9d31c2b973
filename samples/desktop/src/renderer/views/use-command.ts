import type { AuthErrorData } from '@deskauth/electron/renderer';
import { useState } from 'preact/hooks';

/** Runs commands of the session; the fault of the last one is there to be shown. */
export function useCommand() {
  const [fault, setFault] = useState<AuthErrorData>();
  /** Resolves with true when the command was carried out. */
  const run = async (command: Promise<void>): Promise<boolean> => {
    try {
      await command;
      setFault(undefined);
      return true;
    } catch (error) {
      setFault(error as AuthErrorData);
      return false;
    }
  };
  return { run, fault, dismiss: () => setFault(undefined) };
}
