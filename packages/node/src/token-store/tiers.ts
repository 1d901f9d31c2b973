import { AuthError } from '@deskauth/session';

/** Where the key of a saved session can be, the strongest first; `memory` keeps the session itself, and only there. */
export const STORAGE_TIERS = ['keyring', 'safe-storage', 'passphrase', 'key-file', 'memory'] as const;

/** One of {@link STORAGE_TIERS}. */
export type StorageTier = (typeof STORAGE_TIERS)[number];
/** A tier that keeps a session beyond the process. */
export type KeyTier = Exclude<StorageTier, 'memory'>;

/**
 * Why a tier is passed over. `absent`: not on this machine; `no-answer`: not in time; `dismissed`: a person said no;
 * `unprotected`: it would hide nothing; `not-permitted`: weaker storage was not agreed to; `broken`: anything else.
 */
export type StorageFault = 'absent' | 'no-answer' | 'dismissed' | 'unprotected' | 'not-permitted' | 'broken';

/** Keeps the 32-byte key of one slot. Every key that it hands out is a copy: the store overwrites it after use. */
export interface KeyKeeper {
  /** The key, or undefined where there is no usable one. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  load(): Promise<Uint8Array | undefined>;
  /** Makes a new key and keeps it. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  create(): Promise<Uint8Array>;
  /** No error when there is none. @throws AuthError `AUTH_STORE_UNAVAILABLE` */
  remove(): Promise<void>;
  /**
   * Finds out whether it could be used, for a report, without troubling a person.
   * @default `load()`
   * @throws AuthError `AUTH_STORE_UNAVAILABLE`
   */
  probe?(): Promise<void>;
}

/** True when the first is the stronger one. */
export function isStronger(a: StorageTier, b: StorageTier): boolean {
  return STORAGE_TIERS.indexOf(a) < STORAGE_TIERS.indexOf(b);
}

/** The error of a tier that cannot be used now, with what a program can tell it by. */
export function tierUnavailable(fault: StorageFault, message: string): AuthError {
  return Object.assign(new AuthError('AUTH_STORE_UNAVAILABLE', message), { fault });
}

/** What kind of fault an error of a tier is. */
export function faultOf(error: unknown): StorageFault {
  return (error as { readonly fault?: StorageFault }).fault ?? 'broken';
}
