import { AuthError, isSessionRecord, type SessionRecord } from '@deskauth/session';
import type { Tiers } from './choose-tier.ts';
import { withKey } from './key.ts';
import { damage, isDamage, openRecord, tierOf } from './sealed-record.ts';
import type { SessionFiles } from './session-files.ts';
import { tierUnavailable } from './tiers.ts';

/** A record that was on disk. */
export interface SavedRecord {
  readonly record: SessionRecord;
  /** The last save was damaged: this is the one before it. */
  readonly isRecovered: boolean;
}

/** What opening a record takes. */
export interface SavedRecordPorts {
  readonly files: SessionFiles;
  readonly tiers: Tiers;
  readonly slot: string;
  /** As last loaded or saved by this process. */
  readonly known?: KnownRecord | undefined;
}

/** Which record it is, without its tokens. */
export type KnownRecord = Pick<SessionRecord, 'sessionId' | 'generation'>;

/** Which record this is. */
export function knownOf({ sessionId, generation }: SessionRecord): KnownRecord {
  return { ...(sessionId !== undefined && { sessionId }), generation };
}

/**
 * Loads the record from disk, or the one before it where the last is damaged; that is tried once, because whatever is
 * damaged is put aside.
 * @throws AuthError `AUTH_STORE_UNAVAILABLE` where its key cannot be had now: it stays where it is;
 * `AUTH_STORE_UNREADABLE` when nothing opens, or for another version's format, which stays, too
 */
export async function loadSaved(ports: SavedRecordPorts): Promise<SavedRecord | undefined> {
  const { files } = ports;
  const text = await files.read();
  if (text === undefined) return undefined;
  try {
    return { record: requireRecord(await openSaved(text, ports)), isRecovered: false };
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Another process may have replaced file and key between our look at the one and at the other.
    if ((await files.read()) !== text) return loadSaved(ports);
    return { record: await recover(error, ports), isRecovered: true };
  }
}

async function recover(error: AuthError, ports: SavedRecordPorts): Promise<SessionRecord> {
  const { files } = ports;
  const previous = await files.readPrevious();
  const value = previous === undefined ? undefined : await openSaved(previous, ports).catch(() => undefined);
  await files.setAside();
  if (!isSessionRecord(value) || isBehind(value, ports.known)) throw error;
  await files.restorePrevious();
  return value;
}

/** What this process has in memory is newer: it saves that again, and does not go back to a spent refresh token. */
function isBehind({ sessionId, generation }: SessionRecord, known: KnownRecord | undefined): boolean {
  return known !== undefined && (known.sessionId !== sessionId || known.generation > generation);
}

/** What was sealed; undefined for an envelope of another version. */
export async function openSaved(
  text: string,
  { tiers, slot }: Pick<SavedRecordPorts, 'tiers' | 'slot'>,
): Promise<unknown> {
  const tier = tierOf(text);
  if (tier === undefined) return undefined;
  const keeper = tiers.get(tier);
  if (!keeper)
    throw tierUnavailable('absent', `The saved session is kept by ${tier}, which this program does not use.`);
  const key = await keeper.load();
  if (!key) throw damage('The key of the saved session is gone.');
  return withKey(key, (opening) => openRecord(text, opening, slot));
}

function requireRecord(value: unknown): SessionRecord {
  if (isSessionRecord(value)) return value;
  // Not damaged: it stays where it is, for the version that can read it.
  throw new AuthError(
    'AUTH_STORE_UNREADABLE',
    'The saved session is of a format that this version does not know.',
  );
}
