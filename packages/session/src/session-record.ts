import type { AccessToken, TokenSet } from './token-set.ts';
import type { User } from './user.ts';

/** What the token store keeps: one session of one app, issuer and client. */
export interface SessionRecord {
  /**
   * Format of this record. Versions of this package share a store: what is new and can be ignored is added as an
   * optional member, and whoever saves keeps members that he does not know. What cannot be ignored is a new number; a
   * reader that does not know it leaves the data alone. 2: the tokens are bound to a key (RFC 9449) and are of no use
   * to a reader that would send them without a proof.
   */
  readonly version: 1 | 2;
  /** Grows by one with every change; the greater one is the newer one, in whichever process it was made. */
  readonly generation: number;
  /** Made at sign-in and the same until sign-out: tells a session that was replaced from one that was renewed. */
  readonly sessionId?: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly user: User;
  readonly tokens: TokenSet;
  /** Access tokens with another scope or for other APIs, by {@link accessKey}. They come from the same refresh token. */
  readonly moreTokens?: Readonly<Record<string, AccessToken>>;
  /** The scope that the settings named at sign-in: an update of the app may want more. */
  readonly askedScope?: string;
  /** When this record was saved, by this machine's clock. Found in the future: the clock was set back since. */
  readonly savedAt?: number;
  /** Written before a refresh token is spent, gone once the answer is saved. Found at start: the answer was lost. */
  readonly refreshIntent?: RefreshIntent;
}

/** That this record's refresh token was sent, and since when its fate is unknown. */
export interface RefreshIntent {
  /** Seconds since the epoch. */
  readonly startedAt: number;
}

/** True when this value, read from a store, is a record that this version understands. */
export function isSessionRecord(value: unknown): value is SessionRecord {
  const record = value as Partial<SessionRecord> | null | undefined;
  const isBound = record?.tokens?.tokenType === 'DPoP';
  return (
    record?.version === (isBound ? 2 : 1) &&
    Number.isSafeInteger(record.generation) &&
    typeof record.issuer === 'string' &&
    typeof record.clientId === 'string' &&
    typeof record.user?.sub === 'string' &&
    typeof record.tokens?.accessToken === 'string' &&
    Number.isFinite(record.tokens.expiresAt)
  );
}

/** True when both belong to one sign-in: one is the other renewed. */
export function isSameSession(a: SessionRecord, b: SessionRecord): boolean {
  return a.sessionId === b.sessionId;
}

/** Without the intent: the refresh token's fate is known. */
export function withoutIntent({ refreshIntent: _known, ...record }: SessionRecord): SessionRecord {
  return record;
}
