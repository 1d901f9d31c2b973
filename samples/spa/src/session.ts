import { createSpaSession, type SpaSession, type SpaSessionSettings } from '@deskauth/spa';
import { logState } from './log.ts';

/** Where the settings of this installation are: beside the page, so that one build serves every environment. */
const SETTINGS = 'settings.json';

/** Opens the session that the settings describe. @throws Error naming the file and what is wrong with it */
export async function openSession(): Promise<SpaSession> {
  try {
    const session = createSpaSession(await loadSettings());
    session.onChange(logState);
    return session;
  } catch (error) {
    throw new Error(`${SETTINGS}: ${(error as Error).message}`);
  }
}

async function loadSettings(): Promise<SpaSessionSettings> {
  const response = await fetch(SETTINGS, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`the server answered ${response.status}.`);
  return (await response.json()) as SpaSessionSettings;
}
