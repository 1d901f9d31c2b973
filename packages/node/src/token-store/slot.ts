import { createHash } from 'node:crypto';

/** Whose session it is. */
export interface SlotOwner {
  readonly appName: string;
  readonly issuer: string;
  readonly clientId: string;
  /** The app's own name for one of several accounts, such as `work`. @default the app has one account */
  readonly account?: string;
}

/** One slot for one app, issuer, client and account: the name of its file, its key and its lock. */
export function slotOf({ appName, issuer, clientId, account }: SlotOwner): string {
  const parts = [appName, issuer, clientId, ...(account === undefined ? [] : [account])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
