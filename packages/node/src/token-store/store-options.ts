import { join } from 'node:path';
import { type Clock, systemClock } from '@deskauth/session';
import type { Tiers } from './choose-tier.ts';
import type { AskWeakerStorage } from './consent.ts';
import { fileKey, type KeyWrapper, wrappedKey } from './key-file.ts';
import { keyringKey } from './keyring-key.ts';
import { keyringProcess, type StartKeyringProcess } from './keyring-process.ts';
import { type AskPassphrase, passphraseKey } from './passphrase-key.ts';
import { createPatience } from './patience.ts';
import type { SlotOwner } from './slot.ts';
import type { KeyKeeper, KeyTier } from './tiers.ts';

/** Whose session is kept, where, and how well it has to be. */
export interface KeyringStoreOptions extends SlotOwner {
  /** @default the operating system's folder for data of this app */
  readonly directory?: string | undefined;
  /** Which keyring; false for none. @default the operating system's */
  readonly keyring?: KeyKeeper | false;
  /** What else the platform encrypts with, where the keyring cannot be used. @default nothing; in Electron `safeStorage` */
  readonly safeStorage?: KeyWrapper | false;
  /** Asks for a passphrase where the operating system keeps nothing. @default none: this tier is left out */
  readonly passphrase?: AskPassphrase | undefined;
  /**
   * Whether a key in a file beside the data will do where nothing stronger is there: it keeps other users out, and
   * nobody who reads this user's files. A function asks the person, at most once; until it has an answer, and when that
   * is no, the session is in memory and ends with the process.
   * @default 'refuse'
   */
  readonly weakerStorage?: 'refuse' | 'allow' | AskWeakerStorage | undefined;
  /** How the process is started that talks to the operating system's keyring. @default Node's `fork` */
  readonly startKeyringProcess?: StartKeyringProcess;
  /** How long keyring and `safeStorage` may take for one answer, together, in seconds. @default 8 */
  readonly keyringTimeLimitSeconds?: number;
  /** @default the system's clock */
  readonly clock?: Pick<Clock, 'monotonic'>;
}

/** The tiers that these options leave, the strongest first. */
export function buildTiers(options: KeyringStoreOptions, directory: string, slot: string): Tiers {
  const { keyring, safeStorage, passphrase, startKeyringProcess, clock = systemClock } = options;
  const path = (ending: string) => join(directory, `${slot}.${ending}`);
  const limitSeconds = (options.keyringTimeLimitSeconds ?? 8) / (keyring !== false && safeStorage ? 2 : 1);
  const patient = (keeper: KeyKeeper, name: string, limit = limitSeconds) =>
    createPatience(keeper, { name, limitSeconds: limit, clock });
  const tiers = new Map<KeyTier, KeyKeeper>();

  if (keyring !== false) {
    const keeper = keyring ?? keyringKey(options.appName, slot, keyringProcess(startKeyringProcess));
    tiers.set('keyring', patient(keeper, 'The keyring of this computer'));
  }
  if (safeStorage)
    tiers.set('safe-storage', patient(wrappedKey(path('safe-storage'), safeStorage), 'safeStorage'));
  if (passphrase) {
    // A person takes as long as a person takes.
    const keeper = passphraseKey(path('passphrase'), passphrase);
    tiers.set('passphrase', patient(keeper, 'The passphrase', Number.POSITIVE_INFINITY));
  }
  return tiers.set('key-file', fileKey(path('key')));
}
