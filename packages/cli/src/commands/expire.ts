import type { Expirable } from '@deskauth/session';
import { type Flags, UsageError } from '../command-line.ts';
import { whileSignedIn } from '../nobody.ts';
import { loadProfile } from '../profile.ts';
import { say } from '../terminal.ts';
import { createTerminalSession } from '../terminal-session.ts';

const KINDS: readonly Expirable[] = ['access-token', 'refresh-token', 'session'];

/** For developers: corrupts a stored token, so that the next call shows what happens after its expiry. */
export async function expire([what]: readonly string[], flags: Flags): Promise<number> {
  const kind = KINDS.find((known) => known === what);
  if (!kind) throw new UsageError(`expire needs one of: ${KINDS.join(', ')}.`);
  const profile = await loadProfile(flags);
  const { session } = createTerminalSession(profile);
  await session.restore();
  await whileSignedIn(profile, () => session.expire(kind));
  say(`The ${kind.replace('-', ' ')} now behaves as expired.`);
  return 0;
}
