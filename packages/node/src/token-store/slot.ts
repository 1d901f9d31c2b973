import { createHash } from 'node:crypto';

/** Whose session it is. */
export interface SlotOwner {
  readonly appName: string;
  readonly issuer: string;
  readonly clientId: string;
}

/** One slot for one app, issuer and client: the name of its file, its key and its lock. */
export function slotOf({ appName, issuer, clientId }: SlotOwner): string {
  return createHash('sha256')
    .update(JSON.stringify([appName, issuer, clientId]))
    .digest('hex')
    .slice(0, 32);
}
