import { detectEnvironment } from '@deskauth/node';
import type { SignInOptions } from '@deskauth/session';
import { type Flags, UsageError } from '../command-line.ts';
import { showDevicePrompt } from '../device-prompt.ts';
import { saveProfile } from '../last-login.ts';
import { buildProfile } from '../profile.ts';
import { say, sayShortSession, sayStorage, sayUngranted } from '../terminal.ts';
import { chooseBrowser } from '../terminal-browser.ts';
import { createTerminalSession } from '../terminal-session.ts';

/** Signs in with the person's browser, or with whoever opens the printed address. */
export async function login(flags: Flags): Promise<number> {
  const profile = buildProfile(flags);
  const browser = chooseBrowser(flags);
  const { session, storage } = createTerminalSession(profile, { browser });
  const attempt = flags.device
    ? session.signInByDevice((prompt) => showDevicePrompt(prompt, profile))
    : session.signIn(buildOptions(flags));
  if (flags.device && detectEnvironment().browser !== 'none')
    say('A browser can be opened on this machine: without --device the sign-in is safer.');
  // A code on another device keeps no port open here, and the engine's timers keep no program running.
  const stay = setInterval(() => {}, 60_000);
  const cancel = () => attempt.cancel();
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    const user = await attempt.finished;
    await saveProfile(profile);
    say(`Signed in as ${user.displayName}.`);
    sayUngranted(profile.scope, session);
    sayShortSession(session);
    if (session.storeFault) say(`${session.storeFault.message} ${session.storeFault.next}`);
    sayStorage(await storage());
    return 0;
  } finally {
    clearInterval(stay);
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
  }
}

const PROMPTS = ['login', 'select_account', 'consent', 'none'] as const;

/** What is asked of the sign-in. @throws UsageError */
export function buildOptions({ prompt, 'login-hint': loginHint }: Flags): SignInOptions {
  const known = PROMPTS.find((value) => value === prompt);
  if (prompt !== undefined && !known)
    throw new UsageError(`--prompt: expected one of ${PROMPTS.join(', ')}, found "${prompt}".`);
  return { ...(known && { prompt: known }), ...(loginHint !== undefined && { loginHint }) };
}
