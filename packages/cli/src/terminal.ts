import type { StorageReport } from '@deskauth/node';
import { AuthError, type Session, type SessionWarning } from '@deskauth/session';
import { inFlags } from './setting-names.ts';

/** Results, for other programs to read. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Everything that is for the person. */
export function say(text: string): void {
  process.stderr.write(`${withoutControls(text)}\n`);
}

/** Says what went wrong, what the server said of it, and what to do next. */
export function sayError(error: unknown): void {
  if (!(error instanceof AuthError)) {
    say(error instanceof Error ? error.message : 'An unforeseen fault.');
    return;
  }
  say(inFlags(error.message));
  say(`→ ${inFlags(error.next)}`);
  say(`  ${supportLine(error)}`);
}

/**
 * Says what stops nothing. A client secret is none of it: whoever starts a command has it anyway. When a session ends is
 * said where its user is: see {@link sayShortSession}.
 */
export function sayWarning({ code, message }: SessionWarning): void {
  if (code !== 'client-secret' && code !== 'no-refresh-token') say(`Note: ${inFlags(message)}`);
}

/** What a support desk asks for: our names of the event, and the server's. */
function supportLine({ code, errorId, network, server }: AuthError): string {
  const names = Object.entries(server.trace ?? {}).map(([name, value]) => `${name} ${value}`);
  const where = network ? [`network: ${network}`] : [];
  return [code, ...where, `error id ${errorId}`, ...names].join(' · ');
}

/** Says when the session ends, where it cannot be renewed. */
export function sayShortSession({ warnings }: Session): void {
  const short = warnings.find(({ code }) => code === 'no-refresh-token');
  if (short) say(`Note: ${short.message}`);
}

/**
 * What is seen otherwise: in the claims, and by a session that can be renewed. A server that names only the scopes of the
 * API has not refused these.
 */
const OF_THE_SIGN_IN = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']);

/** Says which rights at an API were asked for in vain: the server may grant less (RFC 6749 §3.3). */
export function sayUngranted(asked: string | undefined, { scope = '' }: Session): void {
  const granted = new Set(scope.split(' '));
  const missing = (asked ?? '')
    .split(' ')
    .filter((word) => word !== '' && !OF_THE_SIGN_IN.has(word) && !granted.has(word));
  if (missing.length > 0) say(`Note: the server did not grant ${missing.join(', ')}.`);
}

/** Says where the session is kept, when that is not the keyring, and why. */
export function sayStorage({ tier, reason = 'It was asked for.' }: StorageReport): void {
  if (tier === 'key-file')
    say(
      'Note: the session is encrypted with a key in a file that only your user can read; --store keyring refuses this. ' +
        reason,
    );
  if (tier === 'memory') say(`Note: the session is not kept beyond this command. ${reason}`);
}

/** Server texts may hold escape sequences that would steer the terminal (CWE-150). */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
}
