import { createHash } from 'node:crypto';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { listRefreshTokens } from './refresh-token-list.ts';
import type { RefreshTokenFilter, RefreshTokenRecord } from './refresh-tokens.ts';

/** Everything the authority remembers about sessions, grants and tokens. In memory: it ends with the process. */
export interface StateStore {
  /** What oidc-provider stores through. */
  adapter: AdapterFactory;
  /**
   * Forgets the browser sessions, grants and refresh tokens of a user, or of everybody. The next refresh gets
   * `invalid_grant`; JWT access tokens stay good until they expire, since nobody asks about them.
   * @returns how many sessions, grants and tokens were forgotten
   */
  endSessions(sub?: string): number;
  /** The refresh tokens that can be used, the newest first. */
  listRefreshTokens(filter?: RefreshTokenFilter): RefreshTokenRecord[];
  /**
   * Forgets refresh tokens, and with each of them those that it was rotated from: the next refresh gets `invalid_grant`.
   * @returns how many that could be used were forgotten
   */
  revokeRefreshTokens(filter?: RefreshTokenFilter): number;
}

/** What is stored under the model and the hash of an id, or the id itself where it is no secret. */
export interface StoredRecord {
  model: string;
  payload: AdapterPayload;
  expiresAtMs: number;
  /** When it was used for the first time, if it may be used once only. */
  consumedAtMs?: number;
}

/**
 * Creates an empty store.
 * @param refreshGraceSeconds how long a refresh token that was rotated is still good
 */
export function createStateStore(refreshGraceSeconds = 0): StateStore {
  const records = new Map<string, StoredRecord>();
  return {
    adapter: (model) => createAdapter(records, model, model === 'RefreshToken' ? refreshGraceSeconds : 0),
    endSessions: (sub) =>
      removeWhere(records, ({ payload }) => {
        const owner = payload.accountId ?? payload.session?.accountId;
        return owner !== undefined && (sub === undefined || owner === sub);
      }),
    listRefreshTokens: (filter) => listRefreshTokens(records, filter),
    revokeRefreshTokens(filter) {
      const found = listRefreshTokens(records, filter);
      const grants = new Set(found.map(({ grantId }) => grantId));
      removeWhere(
        records,
        ({ model, payload: { grantId } }) =>
          model === 'RefreshToken' && grantId !== undefined && grants.has(grantId),
      );
      return found.length;
    },
  };
}

/** Whoever has the id of one of these can use it. */
const SECRETS = new Set(['RefreshToken', 'AccessToken', 'AuthorizationCode']);

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

function createAdapter(records: Map<string, StoredRecord>, model: string, graceSeconds: number): Adapter {
  const isSecret = SECRETS.has(model);
  const keyOf = (id: string) => `${model}:${isSecret ? hashOf(id) : id}`;
  const findWhere = (matches: (payload: AdapterPayload) => boolean) =>
    [...records.values()].find((record) => record.model === model && matches(record.payload))?.payload;
  return {
    async upsert(id, payload, expiresIn = Number.POSITIVE_INFINITY) {
      removeWhere(records, (record) => record.expiresAtMs <= Date.now());
      const { jti, ...rest } = payload;
      const kept = isSecret ? rest : payload;
      records.set(keyOf(id), { model, payload: kept, expiresAtMs: Date.now() + expiresIn * 1000 });
    },
    // What has expired is still returned until it is swept away: oidc-provider checks `exp` itself and says so.
    async find(id) {
      const record = records.get(keyOf(id));
      const payload = record && withGrace(record, graceSeconds);
      return payload && isSecret ? { ...payload, jti: id } : payload;
    },
    findByUid: async (uid) => findWhere((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findWhere((payload) => payload.userCode === userCode),
    async consume(id) {
      const record = records.get(keyOf(id));
      if (!record) return;
      record.payload.consumed = Math.floor(Date.now() / 1000);
      record.consumedAtMs ??= Date.now();
    },
    async destroy(id) {
      records.delete(keyOf(id));
    },
    async revokeByGrantId(grantId) {
      removeWhere(records, (record) => record.model === model && record.payload.grantId === grantId);
    },
  };
}

/** The payload as it looks to oidc-provider: what was used a moment ago is as good as new. */
function withGrace({ payload, consumedAtMs }: StoredRecord, graceSeconds: number): AdapterPayload {
  if (consumedAtMs === undefined || Date.now() - consumedAtMs >= graceSeconds * 1000) return payload;
  const { consumed, ...fresh } = payload;
  return fresh;
}

function removeWhere(records: Map<string, StoredRecord>, matches: (record: StoredRecord) => boolean): number {
  const keys = [...records].filter(([, record]) => matches(record)).map(([key]) => key);
  for (const key of keys) records.delete(key);
  return keys.length;
}
