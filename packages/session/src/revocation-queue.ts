import type { Clock, TokenStore } from './ports.ts';
import type { SessionRecord } from './session-record.ts';
import type { CheckedSettings } from './settings.ts';

/** The token that is still to be revoked, kept for a later start. Never throws: without it memory has to do. */
export interface RevocationQueue {
  load(): Promise<string | undefined>;
  save(token: string): Promise<void>;
  /** Forgets this token; another one that was saved since stays. @param token left out: whatever there is */
  clear(token?: string): Promise<void>;
}

/** What a queue stands on. */
export interface RevocationQueuePorts {
  readonly settings: CheckedSettings;
  readonly clock: Pick<Clock, 'now'>;
  readonly revocationStore?: TokenStore | undefined;
}

/**
 * Creates a {@link RevocationQueue}. It holds one token, the newest, because a server ends its elder siblings with it;
 * and of the person nothing. Where the app does not ask for it, it holds nothing.
 */
export function createRevocationQueue(ports: RevocationQueuePorts): RevocationQueue {
  const { settings, clock, revocationStore: store } = ports;
  if (!store || settings.revokeLaterSeconds === 0)
    return { load: async () => undefined, save: async () => {}, clear: async () => {} };

  async function load(): Promise<string | undefined> {
    const record = await store?.load().catch(() => undefined);
    if (!record) return undefined;
    if (record.tokens.expiresAt > clock.now()) return record.tokens.refreshToken;
    await clear();
    return undefined;
  }

  async function clear(token?: string): Promise<void> {
    if (token !== undefined && (await load()) !== token) return;
    await store?.clear().catch(() => undefined);
  }

  return {
    load,
    clear,
    save: (token) =>
      store
        .save(buildRecord(token, clock.now() + settings.revokeLaterSeconds, settings))
        .catch(() => undefined),
  };
}

/** In the form of a session, so that the same stores take it, and of nobody. */
function buildRecord(token: string, until: number, { issuer, clientId }: CheckedSettings): SessionRecord {
  return {
    ...{ version: 1, generation: 1, issuer, clientId },
    user: { issuer, sub: '', displayName: '', claims: {} },
    tokens: { accessToken: '', refreshToken: token, tokenType: 'Bearer', expiresAt: until, scope: '' },
  };
}
