import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

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
}

interface StoredRecord {
  model: string;
  payload: AdapterPayload;
  expiresAtMs: number;
}

/** Creates an empty store. */
export function createStateStore(): StateStore {
  const records = new Map<string, StoredRecord>();
  return {
    adapter: (model) => createAdapter(records, model),
    endSessions: (sub) =>
      removeWhere(records, ({ payload }) => {
        const owner = payload.accountId ?? payload.session?.accountId;
        return owner !== undefined && (sub === undefined || owner === sub);
      }),
  };
}

function createAdapter(records: Map<string, StoredRecord>, model: string): Adapter {
  const keyOf = (id: string) => `${model}:${id}`;
  const findWhere = (matches: (payload: AdapterPayload) => boolean) =>
    [...records.values()].find((record) => record.model === model && matches(record.payload))?.payload;
  return {
    async upsert(id, payload, expiresIn = Number.POSITIVE_INFINITY) {
      removeWhere(records, (record) => record.expiresAtMs <= Date.now());
      records.set(keyOf(id), { model, payload, expiresAtMs: Date.now() + expiresIn * 1000 });
    },
    // What has expired is still returned until it is swept away: oidc-provider checks `exp` itself and says so.
    find: async (id) => records.get(keyOf(id))?.payload,
    findByUid: async (uid) => findWhere((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findWhere((payload) => payload.userCode === userCode),
    async consume(id) {
      const record = records.get(keyOf(id));
      if (record) record.payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      records.delete(keyOf(id));
    },
    async revokeByGrantId(grantId) {
      removeWhere(records, (record) => record.model === model && record.payload.grantId === grantId);
    },
  };
}

function removeWhere(records: Map<string, StoredRecord>, matches: (record: StoredRecord) => boolean): number {
  const keys = [...records].filter(([, record]) => matches(record)).map(([key]) => key);
  for (const key of keys) records.delete(key);
  return keys.length;
}
