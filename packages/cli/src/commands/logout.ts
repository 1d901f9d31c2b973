import { forgetAccount } from '@deskauth/node';
import type { ServerSignOut, SessionState } from '@deskauth/session';
import { APP_NAME } from '../app-name.ts';
import type { Flags } from '../command-line.ts';
import { clearProfile, hasExpired } from '../last-login.ts';
import { loadProfile, type Profile } from '../profile.ts';
import { say } from '../terminal.ts';
import { chooseBrowser } from '../terminal-browser.ts';
import { createTerminalSession } from '../terminal-session.ts';

/**
 * Ends the session on this machine and revokes its tokens; with `--at-server` also the session in the browser. Works
 * without a network; once more, with one, it revokes what it could not.
 */
export async function logout(flags: Flags): Promise<number> {
  const profile = await loadProfile(flags);
  const { session } = createTerminalSession(profile, { browser: chooseBrowser(flags) });
  await session.restore();
  const { user } = session;
  if (flags['at-server'])
    say(
      'You are signed out here. The browser has two minutes to come back from the server; Ctrl-C ends the wait.',
    );
  await session.signOut({ atServer: flags['at-server'] ?? false });
  if (session.storeFault)
    throw new Error(`${session.storeFault.message} The session may still be on this machine.`);
  const { tokens, session: browserSession } = toldBy(session.state);
  const ended = user ? `${user.displayName} is signed out.` : await describeNobody(profile);
  if (tokens !== 'pending') await forget(profile);
  say(ended);
  if (user || tokens !== 'kept') say(TOKENS[tokens]);
  if (user && flags['at-server']) say(BROWSER[browserSession]);
  session.close();
  return 0;
}

const TOKENS: Readonly<Record<ServerSignOut['tokens'], string>> = {
  revoked: 'The sign-in server has revoked the tokens.',
  pending:
    'Note: the sign-in server is out of reach. Its token is kept here, encrypted, for a day: run this again to have it revoked.',
  kept: 'Note: the sign-in server did not take the tokens back; there they are good until they expire.',
};

const BROWSER: Readonly<Record<ServerSignOut['session'], string>> = {
  ended: 'The session in the browser has ended too.',
  unconfirmed:
    'Note: the browser was sent to the sign-out page and has not come back. Look there whether it is done.',
  kept: 'Note: the sign-in server offers no sign-out in the browser. Sign in with --prompt login as somebody else.',
};

function toldBy(state: SessionState): ServerSignOut {
  return (state.status === 'signed-out' && state.server) || { tokens: 'kept', session: 'kept' };
}

async function describeNobody(profile: Profile): Promise<string> {
  return (await hasExpired(profile)) ? 'The session had expired before.' : 'Nobody was signed in.';
}

async function forget(profile: Profile): Promise<void> {
  await clearProfile(profile);
  const { issuer, clientId, account } = profile;
  if (account !== undefined) await forgetAccount({ appName: APP_NAME, issuer, clientId, account });
}
