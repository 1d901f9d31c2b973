import type { ApiLog } from './log.ts';

/** A store that several instances of one API share: small values with an expiry, and a log of messages. */
export interface SecondLevelStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string, maxAgeSeconds: number): Promise<void>;
  /** Appends a message to a log that keeps its messages for at least this long. */
  publish(log: string, message: string, maxAgeSeconds: number): Promise<void>;
  /**
   * Delivers every message that the log still has and every one that comes later, in order, through outages too.
   * @returns settles once all that was there at the start has been delivered; later if the store is away
   */
  subscribe(log: string, deliver: (messages: readonly string[]) => Promise<void>): Promise<void>;
}

/** What instances of one API share, and how. Without a working store each instance goes on alone. */
export interface SecondLevelSettings {
  /** `createRedisStore(client)` of `@deskauth/resource-server/redis`, or your own. */
  readonly store: SecondLevelStore;
  /** Encrypts what is shared: random, 32 characters or more, the same for all instances. */
  readonly secret: string;
  /** Change it when `ownClaims` begins to return something else: older values are then not read. @default '' */
  readonly version?: string;
  /** How long the store may take for one answer, in seconds. @default 0.2 */
  readonly timeLimitSeconds?: number;
  /** Told once when the store fails and once when it is back. @default JSON lines on the console */
  readonly log?: ApiLog;
}
