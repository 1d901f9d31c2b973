import { join } from 'node:path';
import { type SettingKind, TEXT, type TokenStore, type User } from '@deskauth/session';
import { dataDirectory } from './data-directory.ts';
import { processLock } from './process-lock.ts';
import { keyringStore } from './token-store/keyring-store.ts';
import { readPrivateFile, writePrivateFile } from './token-store/private-file.ts';
import type { SlotOwner } from './token-store/slot.ts';
import type { KeyringStoreOptions } from './token-store/store-options.ts';

/** An account that somebody has signed in to on this machine, signed in or not. Nothing in it opens anything. */
export interface KnownAccount {
  /** The app's own name for it: the setting `account`. */
  readonly account: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Who signed in there last. Two accounts may be the same person: compare issuer and `sub`. */
  readonly user: Pick<User, 'sub' | 'displayName'>;
}

/** Whose accounts, and where they are. */
export interface AccountsOptions extends Pick<KeyringStoreOptions, 'appName' | 'directory'> {
  /** @default of any */
  readonly issuer?: string;
  /** @default of any */
  readonly clientId?: string;
}

/** One of them. */
type Owner = SlotOwner & { readonly account: string; readonly directory?: string | undefined };

const LONGEST_NAME = 100;

/** What the setting `account` must be. */
export const ACCOUNT: SettingKind = {
  ...TEXT,
  isRight: (value) => TEXT.isRight(value) && (value as string).length <= LONGEST_NAME,
  expected: `a name of up to ${LONGEST_NAME} characters`,
};

/** The accounts of this app, for a switcher: in the order in which they were first signed in. */
export async function listAccounts(options: AccountsOptions): Promise<readonly KnownAccount[]> {
  const all = await load(fileOf(options));
  return all.filter(
    (known) => isWanted(known.issuer, options.issuer) && isWanted(known.clientId, options.clientId),
  );
}

/**
 * Forgets an account: its name, and whatever is saved of its session. The server is not told: sign out first.
 * @throws AuthError `AUTH_STORE_UNAVAILABLE`
 */
export async function forgetAccount(
  options: KeyringStoreOptions & { readonly account: string },
): Promise<void> {
  await keyringStore(options).clear();
  await keyringStore({ ...options, part: 'revocation' }).clear();
  await change(options, (all) => all.filter((known) => !isOf(known, options)));
}

/** A store that puts the account on the list when its session is saved. The list is a help: its faults stop nothing. */
export function listedStore(store: TokenStore, owner: Owner): TokenStore {
  const { account, issuer, clientId } = owner;
  return {
    load: () => store.load(),
    clear: () => store.clear(),
    async save(record) {
      await store.save(record);
      const { sub, displayName } = record.user;
      const entry: KnownAccount = { account, issuer, clientId, user: { sub, displayName } };
      await change(owner, (all) => withEntry(all, entry, owner)).catch(() => undefined);
    },
  };
}

function isWanted(found: string, wanted: string | undefined): boolean {
  return wanted === undefined || found === wanted;
}

function isOf(known: KnownAccount, { account, issuer, clientId }: Owner): boolean {
  return known.account === account && known.issuer === issuer && known.clientId === clientId;
}

function withEntry(all: readonly KnownAccount[], entry: KnownAccount, owner: Owner): readonly KnownAccount[] {
  if (!all.some((known) => isOf(known, owner))) return [...all, entry];
  return all.map((known) => (isOf(known, owner) ? entry : known));
}

/** Reads, changes and writes while no other process does; what stays the same is not written. */
async function change(
  options: AccountsOptions,
  next: (all: readonly KnownAccount[]) => readonly KnownAccount[],
): Promise<void> {
  const file = fileOf(options);
  await processLock(`${file}.lock`).hold(async () => {
    const before = await load(file);
    const after = next(before);
    if (JSON.stringify(after) !== JSON.stringify(before)) await writePrivateFile(file, JSON.stringify(after));
  });
}

function fileOf({ appName, directory }: AccountsOptions): string {
  return join(directory ?? dataDirectory(appName), 'accounts.json');
}

/** A list that is damaged is begun anew. */
async function load(file: string): Promise<readonly KnownAccount[]> {
  try {
    const value: unknown = JSON.parse((await readPrivateFile(file)) ?? '[]');
    return Array.isArray(value) ? value.filter(isKnownAccount) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function isKnownAccount(value: unknown): value is KnownAccount {
  const { account, issuer, clientId, user } = (value ?? {}) as Partial<KnownAccount>;
  return [account, issuer, clientId, user?.sub, user?.displayName].every((part) => typeof part === 'string');
}
