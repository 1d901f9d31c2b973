import { createHash } from 'node:crypto';
import { requireSettings, type SettingKinds, TEXT } from '@deskauth/session';

/** Whose session it is. */
export interface SlotOwner {
  readonly appName: string;
  readonly issuer: string;
  readonly clientId: string;
  /** The app's own name for one of several accounts, such as `work`. @default the app has one account */
  readonly account?: string | undefined;
  /** A place beside the session's own. @default the session's own */
  readonly part?: 'revocation';
}

const OWNER: SettingKinds<'appName' | 'issuer' | 'clientId'> = {
  appName: TEXT,
  issuer: TEXT,
  clientId: TEXT,
};

/** Two apps that do not say who they are would share a slot. @throws AuthError `AUTH_SETTINGS_INVALID` */
export function requireOwner({ appName, issuer, clientId }: SlotOwner): void {
  requireSettings({ appName, issuer, clientId }, OWNER, ['appName', 'issuer', 'clientId']);
}

/** One slot for one app, issuer, client and account: the name of its file, its key and its lock. */
export function slotOf({ appName, issuer, clientId, account, part }: SlotOwner): string {
  const place = part ? [account ?? null, part] : account === undefined ? [] : [account];
  const parts = [appName, issuer, clientId, ...place];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
