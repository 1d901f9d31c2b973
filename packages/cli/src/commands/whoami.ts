import { AuthError, type Session, type User } from '@deskauth/session';
import type { Flags } from '../command-line.ts';
import { whileSignedIn } from '../nobody.ts';
import { loadProfile } from '../profile.ts';
import { print, say, sayShortSession, withoutControls } from '../terminal.ts';
import { createTerminalSession } from '../terminal-session.ts';

/** Says who is signed in, after asking the server where that is due. Out of reach is not signed out. */
export async function whoami(flags: Flags): Promise<number> {
  const profile = await loadProfile(flags);
  const { session, storage } = createTerminalSession(profile);
  await session.restore();
  const { user, fault } = await whileSignedIn(profile, () => askServer(session));
  const { tier } = await storage();
  const { issuer, sub, displayName, claims } = user;
  if (flags.json) {
    print(
      JSON.stringify({
        issuer,
        sub,
        displayName,
        claims,
        clientId: profile.clientId,
        storage: tier,
        verified: !fault,
        ...(session.endsAt !== undefined && { endsAt: session.endsAt }),
      }),
    );
    return 0;
  }
  print(
    withoutControls(
      `${displayName}\n  subject  ${sub}\n  issuer   ${issuer}\n  client   ${profile.clientId}\n  kept in  ${tier}`,
    ),
  );
  sayShortSession(session);
  if (fault) say(`Not verified just now: ${fault.message}`);
  return 0;
}

/** @throws AuthError when nobody is signed in, or no longer */
async function askServer(session: Session): Promise<{ readonly user: User; readonly fault?: AuthError }> {
  const fault = await session.accessToken().then(
    () => undefined,
    (error: unknown) => error,
  );
  const { user } = session;
  if (!fault && user) return { user };
  if (user && fault instanceof AuthError && fault.sessionKept) return { user, fault };
  throw fault ?? new AuthError('AUTH_SIGN_IN_REQUIRED', 'Nobody is signed in.');
}
