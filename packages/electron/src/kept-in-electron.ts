import { type AccountsOptions, forgetAccount as forget, type KeyringStoreOptions } from '@deskauth/node';
import { startKeyringProcess } from './keyring-process.ts';
import { safeStorageWrapper } from './safe-storage.ts';

/** What Electron adds to the places where a session can be kept. */
export const electronTiers = { startKeyringProcess, safeStorage: safeStorageWrapper } as const;

/**
 * Forgets an account: its name, and whatever is saved of its session. The server is not told: sign out first.
 * @throws AuthError `AUTH_STORE_UNAVAILABLE`
 */
export function forgetAccount(
  options: Pick<KeyringStoreOptions, 'issuer' | 'clientId'> & AccountsOptions & { readonly account: string },
): Promise<void> {
  return forget({ ...options, ...electronTiers });
}
