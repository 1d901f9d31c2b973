import type { TokenSet } from './token-set.ts';
import type { User } from './user.ts';

/** What the token store keeps: one session of one app, issuer and client. */
export interface SessionRecord {
  /** Format of this record. A reader refuses a version that it does not know and leaves the data alone. */
  readonly version: 1;
  /** Grows by one with every change; the greater one is the newer one, in whichever process it was made. */
  readonly generation: number;
  readonly issuer: string;
  readonly clientId: string;
  readonly user: User;
  readonly tokens: TokenSet;
  /** Written before a refresh token is spent, gone once the answer is saved. Found at start: the answer was lost. */
  readonly refreshIntent?: { readonly startedAt: number };
}

/** True when this value, read from a store, is a record that this version understands. */
export function isSessionRecord(value: unknown): value is SessionRecord {
  const record = value as Partial<SessionRecord> | null | undefined;
  return (
    record?.version === 1 &&
    Number.isSafeInteger(record.generation) &&
    typeof record.issuer === 'string' &&
    typeof record.clientId === 'string' &&
    typeof record.user?.sub === 'string' &&
    typeof record.tokens?.accessToken === 'string' &&
    Number.isFinite(record.tokens.expiresAt)
  );
}
