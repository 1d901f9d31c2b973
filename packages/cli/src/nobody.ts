import { listAccounts } from '@deskauth/node';
import { AuthError } from '@deskauth/session';
import { APP_NAME } from './app-name.ts';
import { hasExpired, loadLogin, markExpired } from './last-login.ts';
import type { Profile } from './profile.ts';

/** Nobody is signed in to this account: which other logins there are, and the whole command to begin with. */
export async function nobodySignedIn(account: string | undefined, command?: string): Promise<AuthError> {
  const start = command ?? ['deskauth login --issuer URL --client-id ID', ...accountFlag(account)].join(' ');
  const others = await otherLogins(account);
  const where = account === undefined ? 'here' : `here with --account ${account}`;
  const said =
    others.length === 0 ? '' : ` A login was made ${others.join(' and ')}: say so in this command.`;
  return new AuthError('AUTH_SIGN_IN_REQUIRED', `Nobody is signed in ${where}.${said} Start with: ${start}`);
}

/**
 * Does what needs somebody to be signed in to the account of this profile. Where nobody is, the error tells a session
 * that has expired, in this command or before it, from one that never was.
 */
export async function whileSignedIn<T>(profile: Profile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const again = loginCommand(profile);
    if (error.code === 'AUTH_SESSION_EXPIRED') {
      await markExpired(profile);
      throw expired(error.message, again, error);
    }
    if (error.code !== 'AUTH_SIGN_IN_REQUIRED') throw error;
    if (await hasExpired(profile)) throw expired('The session has expired.', again);
    throw await nobodySignedIn(profile.account, again);
  }
}

function expired(message: string, command: string, { server }: Partial<AuthError> = {}): AuthError {
  return new AuthError('AUTH_SESSION_EXPIRED', `${message} Sign in again with: ${command}`, {
    ...(server && { server }),
  });
}

function loginCommand({ issuer, clientId, account, allowHttp }: Profile): string {
  const flags = ['--issuer', issuer, '--client-id', clientId, ...accountFlag(account)];
  return ['deskauth login', ...flags, ...(allowHttp ? ['--allow-http'] : [])].join(' ');
}

function accountFlag(account: string | undefined): string[] {
  return account === undefined ? [] : [`--account ${account}`];
}

async function otherLogins(account: string | undefined): Promise<string[]> {
  const known = await listAccounts({ appName: APP_NAME });
  const names = [...new Set(known.map((one) => one.account))].filter((name) => name !== account);
  const isPlainThere = account !== undefined && (await loadLogin(undefined)) !== undefined;
  return [
    ...(isPlainThere ? ['without --account'] : []),
    ...names.flatMap(accountFlag).map((flag) => `with ${flag}`),
  ];
}
