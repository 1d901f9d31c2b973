import type { RedirectListener, RefreshLock, TokenStore } from '../ports.ts';
import type { SessionRecord } from '../session-record.ts';

/** One promise of a port. Runs in any test runner: it throws when the promise is broken. */
export interface ContractCase<Port> {
  readonly name: string;
  run(port: Port): Promise<void>;
}

/** A record to save. */
export function buildRecord(generation = 1): SessionRecord {
  const issuer = 'https://login.example.com';
  return {
    version: 1,
    generation,
    issuer,
    clientId: 'desktop',
    user: { issuer, sub: 'user-1', displayName: 'User One', claims: { sub: 'user-1', name: 'Üser ✓' } },
    tokens: {
      accessToken: `access-${generation}`,
      tokenType: 'Bearer',
      expiresAt: 2_000_000_000,
      scope: 'openid',
      refreshToken: `refresh-${generation}`,
    },
  };
}

/** What every token store promises. Each case gets an empty store. */
export const tokenStoreContract: readonly ContractCase<TokenStore>[] = [
  {
    name: 'an empty store loads nothing',
    run: async (store) => expect((await store.load()) === undefined, 'something was loaded'),
  },
  {
    name: 'what was saved is loaded, whole',
    async run(store) {
      await store.save(buildRecord());
      expectSame(await store.load(), buildRecord());
    },
  },
  {
    name: 'the last save wins',
    async run(store) {
      await store.save(buildRecord(1));
      await store.save(buildRecord(2));
      expectSame(await store.load(), buildRecord(2));
    },
  },
  {
    name: 'a record of 256 KiB fits',
    async run(store) {
      const record = {
        ...buildRecord(),
        tokens: { ...buildRecord().tokens, idToken: 'x'.repeat(256 * 1024) },
      };
      await store.save(record);
      expectSame(await store.load(), record);
    },
  },
  {
    name: 'clearing removes the record, and clearing twice is no error',
    async run(store) {
      await store.save(buildRecord());
      await store.clear();
      await store.clear();
      expect((await store.load()) === undefined, 'something was loaded after clear');
    },
  },
  {
    name: 'a loaded record is a copy',
    async run(store) {
      await store.save(buildRecord());
      ((await store.load()) as { generation: number }).generation = 99;
      expectSame(await store.load(), buildRecord());
    },
  },
];

/** What every refresh lock promises. */
export const refreshLockContract: readonly ContractCase<RefreshLock>[] = [
  {
    name: 'one holder at a time, each gets its turn',
    async run(lock) {
      let inside = 0;
      let most = 0;
      const work = async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 8 }, () => lock.hold(work)));
      expect(most === 1, `${most} held the lock together`);
    },
  },
  {
    name: 'the result passes through, and a failure frees the lock',
    async run(lock) {
      const failed = await lock
        .hold(async () => Promise.reject(new Error('work failed')))
        .catch(() => 'failed');
      expect(failed === 'failed', 'the failure was swallowed');
      expect((await lock.hold(async () => 42)) === 42, 'the result was lost');
    },
  },
];

/** What every redirect listener promises. `arrive` plays the browser and resolves when the browser has its answer. */
export const redirectListenerContract: readonly ContractCase<{
  readonly listener: RedirectListener;
  arrive(url: string): Promise<unknown>;
}>[] = [
  {
    name: 'answers come in order of arrival, with all parameters',
    async run({ listener, arrive }) {
      const redirect = await listener.open();
      const first = arrive(`${redirect.redirectUri}?code=a&state=1`);
      const one = await redirect.next(new AbortController().signal);
      one.finish({ kind: 'unknown' });
      await first;
      const second = arrive(`${redirect.redirectUri}?code=b&state=2`);
      const two = await redirect.next(new AbortController().signal);
      two.finish({ kind: 'unknown' });
      await second;
      await redirect.close();
      expect(new URL(one.url).search === '?code=a&state=1', `first was ${one.url}`);
      expect(new URL(two.url).search === '?code=b&state=2', `second was ${two.url}`);
    },
  },
  {
    name: 'waiting ends with the reason of the signal',
    async run({ listener }) {
      const redirect = await listener.open();
      const controller = new AbortController();
      const waiting = redirect.next(controller.signal).catch((reason: unknown) => reason);
      const reason = new Error('enough');
      controller.abort(reason);
      expect((await waiting) === reason, 'another reason');
      await redirect.close();
    },
  },
  {
    name: 'closing twice is no error',
    async run({ listener }) {
      const redirect = await listener.open();
      await redirect.close();
      await redirect.close();
    },
  },
];

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`contract broken: ${otherwise}`);
}

function expectSame(actual: unknown, expected: unknown): void {
  expect(
    JSON.stringify(sorted(actual)) === JSON.stringify(sorted(expected)),
    'the record is not the one saved',
  );
}

/** Key order is no part of a record. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, inner]) => [key, sorted(inner)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
