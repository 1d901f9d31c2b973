import { AuthError } from './errors.ts';
import type { RefreshLock } from './ports.ts';
import type { RecordKeeper } from './record-keeper.ts';
import type { SessionRecord } from './session-record.ts';

/** What a developer can make behave as expired. `session` does it to both tokens. */
export type Expirable = 'access-token' | 'refresh-token' | 'session';

/**
 * Makes the saved session behave as expired.
 * @throws AuthError `AUTH_SIGN_IN_REQUIRED` when nobody is signed in
 */
export function expireTokens(
  what: Expirable,
  { keeper, lock }: { readonly keeper: RecordKeeper; readonly lock: RefreshLock },
): Promise<void> {
  return lock.hold(async () => {
    const record = await keeper.reload();
    if (!record)
      throw new AuthError('AUTH_SIGN_IN_REQUIRED', 'There is no session whose token could expire.');
    await keeper.save(buildExpiredRecord(record, what));
  });
}

/**
 * A record whose tokens are corrupted and really sent: the API and the authorization server refuse them as they
 * refuse expired ones, and everything that follows is the real thing.
 */
function buildExpiredRecord(record: SessionRecord, what: Expirable): SessionRecord {
  const { accessToken, refreshToken } = record.tokens;
  const tokens = {
    ...record.tokens,
    ...(what !== 'refresh-token' && { accessToken: corrupt(accessToken) }),
    ...(what !== 'access-token' && refreshToken !== undefined && { refreshToken: corrupt(refreshToken) }),
  };
  const { moreTokens: _too, ...rest } = record;
  return {
    ...(what === 'refresh-token' ? record : rest),
    generation: record.generation + 1,
    tokens,
  };
}

/** Changes characters in the middle of the last part, where every token format has entropy or a signature. */
function corrupt(token: string): string {
  const at = Math.max(0, token.length - 12);
  return `${token.slice(0, at)}${token.slice(at, at + 4) === 'xxxx' ? 'yyyy' : 'xxxx'}${token.slice(at + 4)}`;
}
