import type { Expirable } from '@deskauth/session';
import type { WindowSignInOptions } from './contract.ts';

/** What a window sent is not what the contract says: a mistake in the app, or an attempt. */
export class RefusedMessage extends Error {
  override readonly name = 'RefusedMessage';
}

const EXPIRABLE: readonly unknown[] = ['access-token', 'refresh-token', 'session'] satisfies Expirable[];

/** @throws RefusedMessage for anything at all */
export function parseNothing(value: unknown): undefined {
  if (value !== undefined) throw new RefusedMessage('This message takes no argument.');
}

/**
 * Builds fresh options from two known words, so that whatever else was sent, of whatever size or shape, ends here.
 * @throws RefusedMessage
 */
export function parseSignInOptions(value: unknown): WindowSignInOptions {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RefusedMessage('Sign-in options: expected an object.');
  for (const key in value)
    if (key !== 'prompt') throw new RefusedMessage('Sign-in options: "prompt" is the only one.');
  const { prompt } = value as WindowSignInOptions;
  if (prompt === undefined) return {};
  if (prompt !== 'select_account')
    throw new RefusedMessage('Sign-in option "prompt": expected "select_account".');
  return { prompt };
}

/** @throws RefusedMessage */
export function parseExpirable(value: unknown): Expirable {
  if (EXPIRABLE.includes(value)) return value as Expirable;
  throw new RefusedMessage('Expected "access-token", "refresh-token" or "session".');
}
