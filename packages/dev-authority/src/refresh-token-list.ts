import type { RefreshTokenFilter, RefreshTokenRecord } from './refresh-tokens.ts';
import type { StoredRecord } from './state-store.ts';

/** Those that can be used, the newest first: neither rotated nor expired. */
export function listRefreshTokens(
  records: ReadonlyMap<string, StoredRecord>,
  filter: RefreshTokenFilter = {},
): RefreshTokenRecord[] {
  const { hash, sub, clientId } = filter;
  const { issuedFrom = Number.NEGATIVE_INFINITY, issuedBefore = Number.POSITIVE_INFINITY } = filter;
  return [...records]
    .filter(
      ([, { model, payload, expiresAtMs }]) => model === 'RefreshToken' && isUsable(payload, expiresAtMs),
    )
    .map(([key, { payload }]) => describe(key, payload))
    .filter((token) => hash === undefined || token.hash === hash)
    .filter((token) => sub === undefined || token.sub === sub)
    .filter((token) => clientId === undefined || token.clientId === clientId)
    .filter(({ issuedAt }) => issuedAt >= issuedFrom && issuedAt < issuedBefore)
    .sort((a, b) => b.issuedAt - a.issuedAt);
}

const isUsable = ({ consumed }: StoredRecord['payload'], expiresAtMs: number) =>
  consumed === undefined && expiresAtMs > Date.now();

function describe(key: string, payload: StoredRecord['payload']): RefreshTokenRecord {
  return {
    hash: key.slice(key.indexOf(':') + 1),
    sub: payload.accountId ?? '',
    clientId: payload.clientId ?? '',
    scope: payload.scope ?? '',
    grantId: payload.grantId ?? '',
    rotations: Number(payload.rotations ?? 0),
    issuedAt: payload.iat ?? 0,
    expiresAt: payload.exp ?? 0,
  };
}
