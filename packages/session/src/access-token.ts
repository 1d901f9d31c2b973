import { type SessionRecord, withoutIntent } from './session-record.ts';
import type { AccessToken, BoundToken, TokenSet } from './token-set.ts';

/** Which access token: without options the one that the settings ask for. */
export interface AccessTokenOptions {
  /** Less than the session may do, space-separated: a call then carries no more than it needs (RFC 6749 §6). */
  readonly scope?: string;
  /** The APIs that the token is for (RFC 8707). @default those of the settings */
  readonly resource?: string | readonly string[];
}

/** An {@link AccessTokenOptions} as it is asked for and kept. */
export interface AccessRequest {
  /** Names the token in the record; empty for the one that the settings ask for. */
  readonly key: string;
  readonly scope?: string;
  readonly resource: readonly string[];
}

const sorted = (words: readonly string[]) => [...new Set(words)].sort();

/** The same scopes and APIs in any order are one request. */
export function buildAccessRequest(
  { scope, resource }: AccessTokenOptions,
  usual: readonly string[],
): AccessRequest {
  const scopes = sorted(scope?.split(' ').filter(Boolean) ?? []);
  const apis = resource === undefined ? usual : [resource].flat();
  const isUsual = scopes.length === 0 && String(sorted(apis)) === String(sorted(usual));
  return {
    key: isUsual ? '' : JSON.stringify([scopes, sorted(apis)]),
    resource: apis,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
}

/** The token of this request, whatever its age. */
export function tokenFor(record: SessionRecord, { key }: AccessRequest): BoundToken | undefined {
  if (key === '') return record.tokens;
  const { dpopKey } = record.tokens;
  const token = record.moreTokens?.[key];
  return token && { ...token, ...(dpopKey && { dpopKey }) };
}

/** The next record: this request's token and the rotated refresh token in, what has expired out. */
export function withTokens(
  stored: SessionRecord,
  { key }: AccessRequest,
  tokens: TokenSet,
  now: number,
): SessionRecord {
  const alive = Object.entries(stored.moreTokens ?? {}).filter(([, { expiresAt }]) => expiresAt > now);
  const { accessToken, tokenType, expiresAt, scope, ...session } = tokens;
  const one: AccessToken = { accessToken, tokenType, expiresAt, scope };
  const more = { ...Object.fromEntries(alive), ...(key !== '' && { [key]: one }) };
  const { moreTokens: _old, ...rest } = withoutIntent(stored);
  return {
    ...rest,
    generation: stored.generation + 1,
    tokens: key === '' ? tokens : { ...stored.tokens, ...session },
    ...(Object.keys(more).length > 0 && { moreTokens: more }),
  };
}
