import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDirectory } from '@deskauth/node';
import { APP_NAME } from './app-name.ts';
import type { Profile } from './profile.ts';

/** The last login of an account, as it is kept for later commands. */
export interface Login {
  readonly profile: Profile;
  /** A command after it has met the end of its session: what was saved of that is gone by then. */
  readonly hasExpired: boolean;
}

/** Each account has a last login of its own. */
function fileOf(account: string | undefined): string {
  return join(dataDirectory(APP_NAME), account ? `last-login-${account}.json` : 'last-login.json');
}

/** The last login of this account; undefined when there is none. */
export async function loadLogin(account: string | undefined): Promise<Login | undefined> {
  const text = await readFile(fileOf(account), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { hasExpired = false, ...profile } = JSON.parse(text) as Profile & { readonly hasExpired?: boolean };
  return { profile, hasExpired };
}

/** Remembers this login as the last one. */
export async function saveProfile(profile: Profile): Promise<void> {
  await saveLogin({ profile, hasExpired: false });
}

/** Remembers that the session of this login has ended, so that nobody is told later that there never was one. */
export async function markExpired(profile: Profile): Promise<void> {
  const login = await loadLogin(profile.account);
  if (login && isOf(login, profile)) await saveLogin({ ...login, hasExpired: true });
}

/** Has a command met the end of the session of this login? */
export async function hasExpired(profile: Profile): Promise<boolean> {
  const login = await loadLogin(profile.account);
  return Boolean(login?.hasExpired && isOf(login, profile));
}

/** Forgets the last login of this account. */
export async function clearProfile({ account }: Profile): Promise<void> {
  await rm(fileOf(account), { force: true });
}

async function saveLogin({ profile, hasExpired: ended }: Login): Promise<void> {
  await mkdir(dataDirectory(APP_NAME), { recursive: true, mode: 0o700 });
  const saved = { ...profile, ...(ended && { hasExpired: true }) };
  await writeFile(fileOf(profile.account), `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
}

/** Flags may have named another server or client than the last login. */
function isOf({ profile }: Login, { issuer, clientId }: Profile): boolean {
  return profile.issuer === issuer && profile.clientId === clientId;
}
