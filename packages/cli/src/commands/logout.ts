import { forgetAccount } from '@deskauth/node';
import type { SessionState } from '@deskauth/session';
import type { Flags } from '../command-line.ts';
import { APP_NAME, clearProfile, loadProfile, type Profile } from '../profile.ts';
import { say } from '../terminal.ts';
import { createTerminalSession } from '../terminal-session.ts';

/** Ends the session on this machine and revokes its tokens. Works without a network. */
export async function logout(flags: Flags): Promise<number> {
  const profile = await loadProfile(flags);
  const { session } = createTerminalSession(profile);
  await session.restore();
  const { user } = session;
  await session.signOut();
  if (session.storeFault)
    throw new Error(`${session.storeFault.message} The session may still be on this machine.`);
  await forget(profile);
  say(user ? `${user.displayName} is signed out.` : 'Nobody was signed in.');
  if (user && isKeptAtServer(session.state))
    say('Note: the sign-in server did not take the tokens back; there they are good until they expire.');
  return 0;
}

function isKeptAtServer(state: SessionState): boolean {
  return state.status === 'signed-out' && state.server?.tokens !== 'revoked';
}

async function forget(profile: Profile): Promise<void> {
  await clearProfile(profile);
  const { issuer, clientId, account } = profile;
  if (account !== undefined) await forgetAccount({ appName: APP_NAME, issuer, clientId, account });
}
