import type { Expirable } from '@deskauth/session';
import type { WindowSignInOptions, WindowSignOutOptions } from './contract.ts';

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
  const { prompt } = requireOptions('Sign-in options', value, 'prompt') as WindowSignInOptions;
  if (prompt === undefined) return {};
  if (prompt !== 'select_account' && prompt !== 'login')
    throw new RefusedMessage('Sign-in option "prompt": expected "select_account" or "login".');
  return { prompt };
}

/** @throws RefusedMessage */
export function parseSignOutOptions(value: unknown): WindowSignOutOptions {
  const { atServer } = requireOptions('Sign-out options', value, 'atServer') as WindowSignOutOptions;
  if (atServer === undefined) return {};
  if (typeof atServer !== 'boolean')
    throw new RefusedMessage('Sign-out option "atServer": expected true or false.');
  return { atServer };
}

/** An object with this one member or none. Looked at with `in`, so that an inherited one counts too. */
function requireOptions(what: string, value: unknown, name: string): object {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RefusedMessage(`${what}: expected an object.`);
  for (const key in value) if (key !== name) throw new RefusedMessage(`${what}: "${name}" is the only one.`);
  return value;
}

/** @throws RefusedMessage */
export function parseExpirable(value: unknown): Expirable {
  if (EXPIRABLE.includes(value)) return value as Expirable;
  throw new RefusedMessage('Expected "access-token", "refresh-token" or "session".');
}
