import { createHash } from 'node:crypto';

/** Whose session it is. */
export interface SlotOwner {
  readonly appName: string;
  readonly issuer: string;
  readonly clientId: string;
  /** The app's own name for one of several accounts, such as `work`. @default the app has one account */
  readonly account?: string;
  /** A place beside the session's own. @default the session's own */
  readonly part?: 'revocation';
}

/** One slot for one app, issuer, client and account: the name of its file, its key and its lock. */
export function slotOf({ appName, issuer, clientId, account, part }: SlotOwner): string {
  const place = part ? [account ?? null, part] : account === undefined ? [] : [account];
  const parts = [appName, issuer, clientId, ...place];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
