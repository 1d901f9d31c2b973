import type { PendingRequests, TokenStore } from '@deskauth/session';
import type { KeyTier, StorageFault, StorageTier } from './tiers.ts';

/** Where a session is kept, in truth. Plain data, without secrets. */
export interface StorageReport {
  /** Where the next save goes. */
  readonly tier: StorageTier;
  /** Why it is not the strongest tier, where it is not: a sentence for a person. */
  readonly reason?: string;
  /** Every stronger tier, the strongest first, and why it is not used. Absent when there is none. */
  readonly passedOver?: readonly PassedOverTier[];
  /** What keeps the session that is on disk, where that is another tier: it stays there untouched. */
  readonly keptBy?: KeyTier;
  /** The last save was damaged, and the one before it was loaded. */
  readonly isRecovered?: true;
}

/** A tier that is stronger than the one in use, and why it is not used. */
export interface PassedOverTier {
  readonly tier: KeyTier;
  readonly fault: StorageFault;
  /** A sentence for a person. */
  readonly reason: string;
}

/** A token store that says how well it keeps. */
export interface ReportingTokenStore extends TokenStore {
  report(): Promise<StorageReport>;
  /** The next load, save or report asks again what could not be used: the person has unlocked the keyring. */
  retry(): void;
  /** Keeps a sign-in that is under way as it keeps the session; not where that would be in memory. */
  readonly requests?: PendingRequests;
}

/** A report of this tier, and of those that were passed over. */
export function reportOf(tier: StorageTier, passedOver: readonly PassedOverTier[]): StorageReport {
  const [strongest] = passedOver;
  return { tier, ...(strongest && { reason: strongest.reason, passedOver }) };
}
