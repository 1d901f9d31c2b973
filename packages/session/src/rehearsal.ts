import type { SessionRecord } from './session-record.ts';

/** What a developer can make behave as expired. `session` does it to both tokens. */
export type Expirable = 'access-token' | 'refresh-token' | 'session';

/**
 * A record whose tokens are corrupted and really sent: the API and the authorization server refuse them as they
 * refuse expired ones, and everything that follows is the real thing.
 */
export function buildExpiredRecord(record: SessionRecord, what: Expirable): SessionRecord {
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
